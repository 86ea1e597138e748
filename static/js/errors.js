// When htmx gets no answer or an unexpected one, a note says so where it was asked, until the next request there succeeds.
const PLACES = "dialog, .pl-split__panel, .pl-frame, .pl-stage, .pl-split__list, main";
const SENTENCES = {
  0: "The server did not answer. Nothing was lost. Try again.",
  403: "You may not do this. Nothing was changed.",
  404: "This is no longer there, or no longer yours.",
  429: "Too many tries. Wait a minute.",
};
const OTHERWISE = "Something broke on our side and has been recorded. Nothing was changed. Try again.";

const place = (element) => element.closest(PLACES) ?? document.getElementById("main");
const clear = (where) => where.querySelectorAll(":scope > [data-error]").forEach((note) => note.remove());

function complain(event) {
  const where = place(event.detail.elt);
  const note = document.getElementById("error-note").content.firstElementChild.cloneNode(true);
  note.querySelector("span").textContent = SENTENCES[event.detail.xhr.status] ?? OTHERWISE;
  clear(where);
  where.prepend(note);
}

document.addEventListener("htmx:sendError", complain);
document.addEventListener("htmx:responseError", complain);
document.addEventListener("htmx:beforeSwap", (event) => clear(place(event.detail.elt)));

// A session that ended answers with the sign-in page, which belongs into the window and not into a panel.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { signIn } = document.body.dataset;
  if (!event.detail.xhr.responseURL || new URL(event.detail.xhr.responseURL).pathname !== signIn) return;
  event.detail.shouldSwap = false;
  location.assign(`${signIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
});
