// Makes a row of chips, with suggestions, of each textarea[data-pick]; its lines stay what is sent.
function chip(text, drop) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  item.append(text, button);
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", `Take ${text} away`);
  button.addEventListener("click", drop);
  return item;
}

// While a button is pressed nothing moves away under it: the press that leaves the field would miss it.
let pressed = false;
document.addEventListener("pointerdown", () => { pressed = true; }, true);
for (const over of ["pointerup", "pointercancel"]) {
  document.addEventListener(over, () => { pressed = false; }, true);
}
function whenReleased(act) {
  if (!pressed) { act(); return; }
  document.addEventListener("pointerup", () => setTimeout(act), { once: true, capture: true });
}

function enhance(area) {
  area.dataset.picked = "true";
  const box = document.createElement("div");
  const chips = document.createElement("ul");
  const input = document.createElement("input");
  const choices = document.createElement("datalist");
  const lines = () => area.value.split(/[\n;]+/).map((line) => line.trim()).filter(Boolean);
  box.className = "picks";
  input.className = area.className;
  input.id = area.id;
  choices.id = `${area.id}-choices`;
  input.setAttribute("list", choices.id);
  input.autocomplete = "off";
  input.placeholder = area.dataset.example;
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (area.hasAttribute(name)) input.setAttribute(name, area.getAttribute(name));
  }
  area.removeAttribute("id");
  area.required = false;
  area.hidden = true;

  const changed = () => area.dispatchEvent(new Event("change", { bubbles: true }));
  const show = () => chips.replaceChildren(...lines().map((line) => chip(line, () => {
    area.value = lines().filter((other) => other !== line).join("\n");
    show();
    changed();
    input.focus();
  })));
  const take = () => {
    if (input.value.trim()) area.value = [...new Set([...lines(), input.value.trim()])].join("\n");
    input.value = "";
    show();
  };
  let asked;
  const ask = () => {
    clearTimeout(asked);
    asked = setTimeout(async () => {
      const answer = await fetch(`${area.dataset.pick}?q=${encodeURIComponent(input.value)}`);
      if (answer.ok) choices.innerHTML = await answer.text();
    }, 200);
  };
  input.addEventListener("focus", ask, { once: true });
  input.addEventListener("input", ask);
  input.addEventListener("change", () => whenReleased(take));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && input.value.trim()) { event.preventDefault(); take(); changed(); }
    if (event.key === "Backspace" && !input.value && chips.lastChild) chips.lastChild.lastChild.click();
  });
  area.form?.addEventListener("submit", take);
  area.after(box);
  box.append(chips, input, choices);
  show();
}

const all = () => document.querySelectorAll("textarea[data-pick]:not([data-picked])").forEach(enhance);
document.addEventListener("htmx:afterSettle", all);
all();
