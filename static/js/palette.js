// Ctrl-K: one box that finds records, what this page offers, what can be begun and where one can go.
const dialog = document.getElementById("palette");
const input = document.getElementById("palette-words");
const list = document.getElementById("palette-found");
const own = document.getElementById("palette-own");
const options = () => [...dialog.querySelectorAll("[role=option]")];
let walked = false; // through what was found, since the last letter

function choose(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

function step(by) {
  const all = options();
  walked = true;
  if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
}

// What this page offers, by the words on it. A link is followed; a button only gets the focus, so that nothing is decided by a slip.
function ofThisPage() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const offered = [...document.querySelectorAll("main :is([data-key], .head-end .btn, .actions .btn)")].filter((element) => !element.disabled && element.getClientRects().length);
  own.replaceChildren(...offered.map((element, at) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("kbd, .visually-hidden").forEach((part) => part.remove());
    const option = document.createElement("button");
    option.type = "button";
    option.id = `own-${at}`;
    option.tabIndex = -1;
    option.setAttribute("role", "option");
    option.textContent = copy.textContent.trim();
    option.addEventListener("click", () => {
      dialog.close();
      element.focus();
      if (element.matches("a")) element.click();
    });
    return option;
  }).filter((option) => words.every((word) => option.textContent.toLowerCase().includes(word))));
  own.parentElement.hidden = !own.children.length;
}

function open() {
  if (!dialog || dialog.open) return;
  input.value = "";
  ofThisPage();
  dialog.showModal();
  input.focus();
  window.htmx.trigger(input, "ask");
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  input.addEventListener("input", () => {
    walked = false;
    ofThisPage();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      chosen()?.click();
    }
  });
  // An answer that comes late does not take back a choice that was made meanwhile; and as soon as it is there, its
  // first line is chosen, so that an arrow pressed at that moment goes on from it.
  list.addEventListener("htmx:afterSwap", () => {
    const kept = walked && document.getElementById(input.getAttribute("aria-activedescendant"));
    choose(kept || (input.value.trim() ? options()[0] : undefined));
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
