// Dialogs, menus and the panel beside a list. All of them are links or native elements first.
const dialog = document.getElementById("dialog");
const wide = matchMedia("(min-width: 1200px)");

// A link or form with hx-target="#dialog" opens there; without JavaScript its address is a page of its own.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== dialog) return;
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[aria-invalid=true]") ?? dialog.querySelector("[autofocus], input:not([type=hidden]), select, textarea"))?.focus();
});

// What was asked in a dialog and done closes it; a refusal (422) is swapped into it and keeps it open.
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, xhr, requestConfig } = event.detail;
  if (xhr.status >= 200 && xhr.status < 300 && requestConfig.verb !== "get" && elt.closest("dialog")?.open) elt.closest("dialog").close();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target.matches("dialog")) event.target.close(); // the backdrop belongs to the dialog's own box
  for (const menu of document.querySelectorAll("details.pl-dropdown[open]")) {
    if (!menu.contains(event.target) || event.target.closest(".pl-menu a, .pl-menu button")) menu.open = false;
  }
});

// A link with data-panel opens beside the list where there is room (hx-trigger="open-panel"), else as a page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-panel]");
  if (!link || !wide.matches || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  mark(link.closest("tr"));
  htmx.trigger(link, "open-panel");
});

function mark(row) {
  for (const other of document.querySelectorAll("tr.is-focused")) other.classList.remove("is-focused");
  row?.classList.add("is-focused");
}
