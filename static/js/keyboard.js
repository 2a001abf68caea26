// Keys: letters press [data-key], or [data-row-key] in the row of a queue that has the focus; j and k walk a queue, ? shows them all. Never while somebody types.
const SWITCH = "slipway-keys";
const dialog = document.getElementById("keys");
const GENERAL = [["Ctrl K", "Find records and actions"], ["j", "Next in the list"], ["k", "Previous in the list"], ["?", "These keys"]];

const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
const lettersOn = () => {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
};
const visible = (element) => element.getClientRects().length > 0;

function named(root = document) {
  return [...root.querySelectorAll("[data-key]")].filter((element) => visible(element) && !element.disabled);
}

// Each element that has a key shows it and tells assistive technology.
function label(root = document) {
  for (const element of root.querySelectorAll(":is([data-key], [data-row-key]):not([aria-keyshortcuts])")) {
    element.setAttribute("aria-keyshortcuts", element.dataset.key ?? element.dataset.rowKey);
    if (element.querySelector("kbd")) continue;
    const key = document.createElement("kbd");
    key.textContent = element.dataset.key ?? element.dataset.rowKey;
    key.setAttribute("aria-hidden", "true");
    element.append(" ", key);
  }
}

function stops() {
  return [...document.querySelectorAll("[data-queue]")].flatMap((element) =>
    element.matches("a, button") ? [element] : [...element.children].map((row) => row.querySelector("a, button")),
  ).filter((stop) => stop && visible(stop));
}

function walk(step) {
  const all = stops();
  if (!all.length) return false;
  const here = document.activeElement;
  const row = here.closest("[data-queue] > *");
  const at = all.findIndex((stop) => stop === here || row?.contains(stop));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function show() {
  const list = document.getElementById("keys-list");
  const own = named().map((element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("kbd, .visually-hidden").forEach((part) => part.remove());
    return [element.dataset.key, copy.textContent.trim()];
  });
  const taken = new Set(own.map(([key]) => key));
  list.replaceChildren(...[...own, ...GENERAL.filter(([key]) => !taken.has(key))].flatMap(([key, text]) => {
    const term = document.createElement("dt");
    const sign = document.createElement("kbd");
    const meaning = document.createElement("dd");
    sign.textContent = key;
    meaning.textContent = text;
    term.append(sign);
    return [term, meaning];
  }));
  document.getElementById("keys-on").checked = lettersOn();
  if (!dialog.open) dialog.showModal();
}

function ofRow(key) {
  const row = document.activeElement.closest("[data-queue] > *");
  return [...(row?.querySelectorAll("[data-row-key]") ?? [])].find((element) => element.dataset.rowKey === key);
}

function letter(event) {
  const pressed = ofRow(event.key);
  if (pressed) {
    if (!pressed.disabled) pressed.click();
    return true;
  }
  const element = named().find((candidate) => candidate.dataset.key === event.key);
  if (element) {
    element.focus();
    element.click();
    return true;
  }
  if (event.key === "j") return walk(1);
  if (event.key === "k") return walk(-1);
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog[open]") || !lettersOn()) return;
  if (event.key === "?") {
    event.preventDefault();
    show();
  } else if (letter(event)) {
    event.preventDefault();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-open]")) show();
});
document.getElementById("keys-on").addEventListener("change", (event) => {
  try {
    localStorage.setItem(SWITCH, event.target.checked ? "on" : "off");
  } catch {
    event.target.checked = true;
  }
});
document.addEventListener("htmx:afterSettle", () => label());
label();
