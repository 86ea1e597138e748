// The editor of a draft: Alt with an arrow moves what the focus is in; leaving with unsaved changes is asked about.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const row = event.target.closest("[data-movable]");
  const button = row?.querySelector(`[data-move="${event.key}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

const form = () => document.getElementById("workshop");
let isLeaving = false;

document.addEventListener("input", (event) => {
  if (form()?.contains(event.target)) form().dataset.unsaved = "";
});
document.addEventListener("submit", () => (isLeaving = true));
document.addEventListener("htmx:beforeOnLoad", (event) => {
  isLeaving = event.detail.xhr.getResponseHeader("HX-Redirect") !== null;
});
addEventListener("beforeunload", (event) => {
  if (!isLeaving && form()?.dataset.unsaved !== undefined) event.preventDefault();
});
