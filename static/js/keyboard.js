// Single keys. Each presses a visible control that carries data-key; they rest while a field has the focus.
const inField = (element) =>
  element.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
// What stands in a closed menu counts as visible where its menu is.
const isVisible = (element) => (element.closest("details:not([open])") ?? element).getClientRects().length > 0;
const rows = () => [...document.querySelectorAll("tr[data-row]")].filter(isVisible);
const search = () => document.querySelector("[data-search]");

function currentRow() {
  return document.activeElement.closest("tr[data-row]") ?? document.querySelector("tr.is-focused");
}

function step(by) {
  const list = rows();
  const at = list.indexOf(currentRow());
  const row = list[at < 0 ? 0 : Math.min(Math.max(at + by, 0), list.length - 1)];
  if (!row) return;
  for (const other of document.querySelectorAll("tr.is-focused")) other.classList.remove("is-focused");
  row.classList.add("is-focused");
  row.querySelector("a").focus();
  row.scrollIntoView({ block: "nearest" });
}

// One thing at a time: an open dialog closes by itself, then menus, then what pages do with it.
function escape() {
  if (document.querySelector("dialog[open]")) return;
  if (inField(document.activeElement)) document.activeElement.blur();
  const menus = document.querySelectorAll("details.pl-dropdown[open]");
  menus.forEach((menu) => (menu.open = false));
  if (!menus.length) document.dispatchEvent(new CustomEvent("clear-selection"));
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  x: () => currentRow()?.querySelector("input[type=checkbox]")?.click(),
  "/": () => search().focus(),
  "?": () => document.getElementById("keys-help").showModal(),
};

document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && key === "k") {
    event.preventDefault();
    search().select();
    return;
  }
  if (key === "escape") return escape();
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    inField(event.target) ||
    document.querySelector("dialog[open]")
  )
    return;
  const control = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(isVisible);
  if (!control && !keys[key]) return;
  event.preventDefault();
  control ? control.click() : keys[key]();
});
