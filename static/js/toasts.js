// A toast says what happened, for six seconds; the server sends it as a message or as the event "toast" {text}.
const SECONDS = 6;
const region = document.getElementById("toasts");

const retire = (toast) => setTimeout(() => toast.remove(), SECONDS * 1000);

document.addEventListener("toast", ({ detail }) => {
  const toast = region.querySelector("template").content.firstElementChild.cloneNode(true);
  toast.querySelector("span").textContent = detail.text;
  region.append(toast);
  retire(toast);
});
document.addEventListener("click", ({ target }) =>
  target.closest("[data-dismiss]")?.closest(".pl-toast, .pl-note").remove(),
);
region.querySelectorAll(".pl-toast").forEach(retire);
