// A change is dragged to another day, or moved by its key: the page on which its window is set opens, with what would
// be in the way then. Nothing is saved before somebody has read that.
let dragged;

for (const entry of document.querySelectorAll("[data-move]")) {
  entry.draggable = true;
  entry.addEventListener("dragstart", (event) => {
    dragged = entry;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", entry.textContent.trim());
  });
  entry.addEventListener("dragend", () => { dragged = undefined; });
  entry.addEventListener("keydown", (event) => {
    if (event.key !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    window.location.assign(entry.dataset.move);
  });
}

for (const day of document.querySelectorAll("[data-day]")) {
  const over = (on) => day.classList.toggle("over", on);
  day.addEventListener("dragover", (event) => {
    if (!dragged || day.contains(dragged)) return;
    event.preventDefault();
    over(true);
  });
  day.addEventListener("dragleave", () => over(false));
  day.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    over(false);
    window.location.assign(`${dragged.dataset.move}?day=${day.dataset.day}`);
  });
}
