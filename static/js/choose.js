// Puts a box into the heading of a column of boxes, which chooses all rows of the page, or none.
function enhance(table) {
  const first = table.querySelector("td.choose");
  if (!first || table.dataset.choosable) return;
  table.dataset.choosable = "true";
  const boxes = () => [...table.querySelectorAll("td.choose input")];
  const all = document.createElement("input");
  Object.assign(all, { type: "checkbox", className: "form-check-input" });
  all.setAttribute("aria-label", "Choose all on this page");
  all.addEventListener("change", () => boxes().forEach((box) => (box.checked = all.checked)));
  table.tBodies[0].addEventListener("change", () => {
    const chosen = boxes().filter((box) => box.checked).length;
    all.checked = chosen === boxes().length;
    all.indeterminate = chosen > 0 && !all.checked;
  });
  table.tHead.rows[0].cells[first.cellIndex].replaceChildren(all);
}

const every = () => document.querySelectorAll("#list table").forEach(enhance);
every();
document.addEventListener("htmx:afterSettle", every);
