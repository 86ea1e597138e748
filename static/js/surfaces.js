// Dialogs, menus and the panel beside a list. All of them are links or native elements first.
const dialog = document.getElementById("dialog");
const wide = matchMedia("(min-width: 1200px)");
const narrow = matchMedia("(max-width: 767.98px)");

// A link or form with hx-target="#dialog" opens there; without JavaScript its address is a page of its own.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== dialog) return;
  if (!dialog.open) dialog.showModal();
  (
    dialog.querySelector("[aria-invalid=true]") ??
    dialog.querySelector("[autofocus], input:checked") ??
    dialog.querySelector("input:not([type=hidden]), select, textarea")
  )?.focus();
});

// What was asked in a dialog and done closes it; a refusal (422) is swapped into it and keeps it open.
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, xhr, requestConfig } = event.detail;
  if (xhr.status >= 200 && xhr.status < 300 && requestConfig.verb !== "get" && elt.closest("dialog")?.open)
    elt.closest("dialog").close();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target.matches("dialog")) event.target.close(); // the backdrop belongs to the dialog's own box
  for (const menu of dropdowns()) {
    if (!menu.contains(event.target) || event.target.closest(".pl-menu a, .pl-menu button"))
      menu.open = false;
  }
});

// An open menu is placed against the window, so that no scrolling column cuts it off; it closes when that scrolls.
function placeMenu(dropdown) {
  const menu = dropdown.querySelector(".pl-menu, .pl-dropdown__body");
  if (!menu || narrow.matches) return;
  const { top, bottom, left, right } = dropdown.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = bottom + 4 + height <= innerHeight || top < height;
  const from = dropdown.classList.contains("pl-dropdown--left") ? left : right - width;
  Object.assign(menu.style, {
    position: "fixed",
    inset: "auto",
    top: `${below ? bottom + 4 : top - 4 - height}px`,
    left: `${Math.max(8, Math.min(from, innerWidth - width - 8))}px`,
  });
}

const dropdowns = () => [...document.querySelectorAll("details.pl-dropdown[open]")];

document.addEventListener(
  "toggle",
  (event) => event.target.matches("details.pl-dropdown[open]") && placeMenu(event.target),
  true,
);
document.addEventListener(
  "scroll",
  ({ target }) => {
    for (const menu of dropdowns()) if (target.contains(menu)) menu.open = false;
  },
  true,
);
addEventListener("resize", () => dropdowns().forEach((menu) => (menu.open = false)));

// A link with data-panel opens beside the list where there is room (hx-trigger="open-panel"), else as a page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-panel]");
  if (
    !link ||
    !wide.matches ||
    event.button ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  )
    return;
  event.preventDefault();
  mark(link.closest("tr"));
  htmx.trigger(link, "open-panel");
});

function mark(row) {
  for (const other of document.querySelectorAll("tr.is-focused")) other.classList.remove("is-focused");
  row?.classList.add("is-focused");
}
