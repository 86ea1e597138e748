// The lead beside the list: it follows the keyboard, closes with Esc, and the list remembers which lead it shows.
const panel = () => document.getElementById("lead-panel");
const shown = () => panel().querySelector("[data-lead]")?.dataset.lead;
const row = (number) => document.querySelector(`tr[data-row="${CSS.escape(number)}"]`);
const PAUSE = 120; // milliseconds: who runs through the list opens only where he stops

function mark() {
  for (const other of document.querySelectorAll("tr.is-focused")) other.classList.remove("is-focused");
  if (shown()) row(shown())?.classList.add("is-focused");
}

function close() {
  panel().replaceChildren();
  mark();
  const address = new URL(location.href);
  address.searchParams.delete("lead");
  history.replaceState(history.state, "", address);
}

let waiting;
document.addEventListener("focusin", (event) => {
  const link = event.target.closest("a[data-panel]");
  clearTimeout(waiting);
  if (!link || !shown() || !event.target.matches(":focus-visible")) return;
  if (link.closest("tr").dataset.row !== shown()) waiting = setTimeout(() => htmx.trigger(link, "open-panel"), PAUSE);
});

// A row is as good as its link, but for what else stands in it and for text that somebody marks.
document.addEventListener("click", (event) => {
  const clicked = event.target.closest("tr[data-row]");
  if (!clicked || event.target.closest("a, button, input, label") || String(getSelection())) return;
  clicked.querySelector("a[data-panel]").click();
});

document.addEventListener("htmx:afterSettle", mark);
document.addEventListener("clear-selection", () => shown() && close());
document.addEventListener("click", (event) => event.target.closest("[data-close-panel]") && close());

// Filters that say nothing stay out of the address.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.elt.matches("[data-drop-empty]")) return;
  for (const name of [...event.detail.formData.keys()]) if (!event.detail.formData.get(name)) event.detail.formData.delete(name);
});
