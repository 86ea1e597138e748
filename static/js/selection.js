// Selected rows: a bar rises with their count and value; the boxes are an ordinary form, so its buttons just send it.
// The list is replaced by htmx, so everything is looked up when it is needed.
const form = () => document.querySelector("[data-selection]");
const boxes = () => [...form().querySelectorAll("tbody input[type=checkbox]")];
const figure = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

function refresh() {
  if (!form()) return;
  const chosen = boxes().filter((box) => box.checked);
  for (const box of boxes()) box.closest("tr").setAttribute("aria-selected", box.checked);
  const all = form().querySelector("[data-select-all]");
  all.checked = chosen.length > 0 && chosen.length === boxes().length;
  all.indeterminate = chosen.length > 0 && !all.checked;
  const bar = form().querySelector("[data-bulk]");
  bar.hidden = chosen.length === 0;
  bar.querySelector("[data-bulk-count]").textContent = chosen.length;
  const sum = bar.querySelector("[data-bulk-sum]");
  const value = chosen.reduce((total, box) => total + Number(box.dataset.value || 0), 0);
  if (sum) sum.textContent = figure.format(value);
}

function setAll(checked) {
  if (!form()) return;
  for (const box of boxes()) box.checked = checked;
  refresh();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) setAll(event.target.checked);
  else if (event.target.closest("[data-selection]")) refresh();
});
document.addEventListener("click", (event) => event.target.closest("[data-clear]") && setAll(false));
document.addEventListener("clear-selection", () => setAll(false));
document.addEventListener("htmx:afterSettle", refresh);
refresh(); // a browser that goes back keeps the boxes checked
