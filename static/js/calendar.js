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

// In the timeline a change is drawn along its line, with the mouse or with the arrow keys; Enter or letting go opens the
// same page. Times are those of the clock on the wall, so they are counted as if it never jumped.
const HOUR = 60;
const said = document.querySelector(".cal-drop");
const clock = new Intl.DateTimeFormat("en-GB", {
  weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC",
});

function shift(bar, minutes) {
  const track = bar.closest("svg");
  bar.dataset.by = minutes;
  const along = (minutes / track.dataset.minutes) * track.clientWidth;
  bar.setAttribute("transform", `translate(${along} 0)`);
  bar.classList.toggle("moved", minutes !== 0);
  said.hidden = minutes === 0;
  if (minutes) said.value = clock.format(new Date(Date.parse(`${bar.dataset.start}Z`) + minutes * 60000)).replaceAll(",", "");
}

function open(bar) {
  window.location.assign(`${bar.dataset.shift}?shift=${bar.dataset.by}`);
}

for (const bar of document.querySelectorAll("[data-shift]")) {
  let from, pulled;
  const by = () => Number(bar.dataset.by || 0);
  bar.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: -HOUR, ArrowRight: HOUR }[event.key];
    if (step) shift(bar, by() + step * (event.shiftKey ? 24 : 1));
    else if (event.key === "Escape" && by()) shift(bar, 0);
    else if (event.key === "Enter" && by()) open(bar);
    else if (event.key === "m") window.location.assign(bar.dataset.shift);
    else return;
    event.preventDefault();
  });
  bar.addEventListener("blur", () => shift(bar, 0));
  bar.addEventListener("dragstart", (event) => event.preventDefault());
  bar.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch") return; // a finger scrolls the timeline
    from = event.clientX;
    pulled = false;
    bar.setPointerCapture(event.pointerId);
  });
  bar.addEventListener("pointermove", (event) => {
    if (from === undefined || (!pulled && Math.abs(event.clientX - from) < 4)) return;
    pulled = true;
    const track = bar.closest("svg");
    shift(bar, Math.round((((event.clientX - from) / track.clientWidth) * track.dataset.minutes) / HOUR) * HOUR);
  });
  bar.addEventListener("pointerup", () => {
    from = undefined;
    if (pulled && by()) open(bar);
  });
  bar.addEventListener("pointercancel", () => { from = undefined; shift(bar, 0); });
  bar.addEventListener("click", (event) => { if (pulled) event.preventDefault(); });
}
