// Selected rows: a bar rises with their count and value; the boxes are an ordinary form, so the buttons in it just send it.
const form = document.querySelector("[data-selection]");
const bar = form.querySelector("[data-bulk]");
const boxes = () => [...form.querySelectorAll("tbody input[type=checkbox]")];
const figure = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

function refresh() {
  const chosen = boxes().filter((box) => box.checked);
  for (const box of boxes()) box.closest("tr").setAttribute("aria-selected", box.checked);
  const all = form.querySelector("[data-select-all]");
  all.checked = chosen.length > 0 && chosen.length === boxes().length;
  all.indeterminate = chosen.length > 0 && !all.checked;
  bar.hidden = chosen.length === 0;
  bar.querySelector("[data-bulk-count]").textContent = chosen.length;
  const sum = bar.querySelector("[data-bulk-sum]");
  if (sum)
    sum.textContent = figure.format(chosen.reduce((total, box) => total + Number(box.dataset.value || 0), 0));
}

function setAll(checked) {
  for (const box of boxes()) box.checked = checked;
  refresh();
}

form.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) setAll(event.target.checked);
  else refresh();
});
form.addEventListener("click", (event) => event.target.closest("[data-clear]") && setAll(false));
document.addEventListener("clear-selection", () => setAll(false));
document.addEventListener("htmx:afterSettle", refresh);
