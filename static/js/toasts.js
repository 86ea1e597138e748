// A toast says what happened, for six seconds; the server sends it as a message or as the event "toast" {text}.
const SECONDS = 6;
const region = () => document.getElementById("toasts");

function retire(toast) {
  if (!toast.classList.contains("pl-toast--stays")) setTimeout(() => toast.remove(), SECONDS * 1000);
}

function show(text) {
  const toast = region().querySelector("template").content.firstElementChild.cloneNode(true);
  toast.querySelector("span").textContent = text;
  region().append(toast);
}

new MutationObserver((changes) => {
  for (const change of changes)
    for (const node of change.addedNodes) if (node.matches?.(".pl-toast")) retire(node);
}).observe(document.body, { childList: true, subtree: true });

document.querySelectorAll(".pl-toast").forEach(retire);
document.addEventListener("toast", (event) => show(event.detail.text ?? event.detail.value));
document.addEventListener("click", (event) =>
  event.target.closest("[data-dismiss]")?.closest(".pl-toast, .pl-note").remove(),
);
