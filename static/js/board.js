// The board: cards go from stage to stage by mouse, finger or keys. Every way ends in the request that the menu of each
// card sends too; figures and cards follow its answer, and what is refused goes back to where it was.
const { default: Sortable } = await import(document.getElementById("sortable").href);

const board = () => document.getElementById("board");
const status = document.getElementById("board-says");
const expected = document.getElementById("board-ahead");
const lists = () => [...board().querySelectorAll(".pl-stage__cards")];
const cardsOf = (list) => [...list.querySelectorAll(":scope > .pl-card")];
const stageOf = (list) => list.closest(".pl-stage");
const nameOf = (list) => stageOf(list).getAttribute("aria-label");

let held = null; // the card in the hand, its list at home, and what stood after it there
let sent = 0; // moves that wait for their answer
let isLate = false; // the board was to be drawn again meanwhile

function say(sentence) {
  status.textContent = sentence;
}

// What a stage asks for and brings, named before the drop.
async function expect(card) {
  expected.replaceChildren();
  const answer = await fetch(card.dataset.ahead, { headers: { "HX-Request": "true" } });
  if (!answer.ok || held?.card !== card) return;
  expected.innerHTML = await answer.text();
  if (held?.card === card) target(card.parentElement);
}

const noteFor = (list) => expected.querySelector(`[data-stage="${stageOf(list).dataset.stage}"]`);

function target(list) {
  for (const stage of board().querySelectorAll(".pl-stage.is-target")) stage.classList.remove("is-target");
  for (const note of board().querySelectorAll(".pl-drop")) note.remove();
  if (!list) return;
  stageOf(list).classList.add("is-target");
  const note = noteFor(list);
  if (note && list !== held?.home) stageOf(list).append(note.cloneNode(true));
}

// Picking up, putting back, dropping.
function pickUp(card, home = card.parentElement, next = card.nextElementSibling) {
  held = { card, home, next };
  card.classList.add("is-held");
  showKeys();
  say(`${card.dataset.name} picked up in ${nameOf(home)}.`);
  target(home);
  expect(card);
}

function letGo() {
  const { card } = held;
  held = null;
  card.classList.remove("is-held");
  showKeys();
  target(null);
  return card;
}

function showKeys() {
  document.getElementById("board-free").hidden = Boolean(held);
  document.getElementById("board-held").hidden = !held;
}

const replace = (card, home, next) => home.insertBefore(card, next?.parentElement === home ? next : null);

function putBack() {
  const { home, next } = held;
  const card = letGo();
  replace(card, home, next);
  card.focus({ preventScroll: true });
  say(`${card.dataset.name} put back in ${nameOf(home)}.`);
  catchUp();
}

function catchUp() {
  if (!isLate || held || sent) return;
  isLate = false;
  document.dispatchEvent(new CustomEvent("lead-changed"));
}

function drop() {
  const { home, next } = held;
  const list = held.card.parentElement;
  if (list === home) return putBack();
  const card = letGo();
  say(`Moving ${card.dataset.name} to ${nameOf(list)}.`);
  send(card, list, () => replace(card, home, next));
}

function send(card, list, undo) {
  const place = nameOf(list);
  const values = { stage: stageOf(list).dataset.stage };
  const source = document.createElement("span"); // outside the board, so that its news is heard in any case
  status.after(source);
  source.addEventListener("htmx:afterRequest", ({ detail }) => {
    const isMoved = detail.xhr.status >= 200 && detail.xhr.status < 300;
    if (!isMoved) undo();
    say(`${card.dataset.name} ${isMoved ? `moved to ${place}` : "is not moved"}.`);
    source.remove();
    sent -= 1;
    catchUp();
  });
  sent += 1;
  htmx.ajax("POST", card.dataset.move, { source, target: "#dialog", swap: "innerHTML", values });
}

// By mouse and finger.
function prepare() {
  for (const list of lists()) {
    Sortable.create(list, {
      group: "deals",
      draggable: ".pl-card",
      filter: ".pl-card__menu",
      preventOnFilter: false,
      sort: false, // cards stand by their scores
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      delay: 200, // a finger that moves sooner scrolls
      delayOnTouchOnly: true,
      touchStartThreshold: 5,
      ghostClass: "pl-card--ghost",
      dragClass: "pl-card--held",
      onStart: ({ item, from }) => pickUp(item, from, item.nextElementSibling),
      onChange: ({ to }) => target(to),
      onEnd: drop,
    });
  }
  board().dataset.isReady = "";
  rove(board().querySelector(".pl-card"));
}

// By keys: one card is in the order of the tab key, arrows go to the others.
function rove(card) {
  for (const other of board().querySelectorAll('.pl-card[tabindex="0"]')) other.tabIndex = -1;
  if (card) card.tabIndex = 0;
}

function go(card) {
  if (!card) return;
  rove(card);
  card.focus();
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function goAlong(card, by) {
  const cards = cardsOf(card.parentElement);
  go(cards[cards.indexOf(card) + by]);
}

function goAside(card, by) {
  const all = lists();
  const row = cardsOf(card.parentElement).indexOf(card);
  for (let at = all.indexOf(card.parentElement) + by; all[at]; at += by) {
    const cards = cardsOf(all[at]);
    if (cards.length) return go(cards[Math.min(row, cards.length - 1)]);
  }
}

function carry(by) {
  const { card, home, next } = held;
  const all = lists();
  const list = all[all.indexOf(card.parentElement) + by];
  if (!list) return;
  if (list === home) replace(card, home, next);
  else list.prepend(card);
  target(list);
  go(card);
  const facts = list === home ? [] : [...(noteFor(list)?.querySelectorAll("span") ?? [])];
  const place = `${nameOf(list)}, stage ${all.indexOf(list) + 1} of ${all.length}.`;
  say([place, ...facts.map((line) => line.textContent)].join(" "));
}

const free = {
  " ": (card) => pickUp(card),
  Enter: (card) => card.querySelector(".pl-card__name").click(),
  ArrowDown: (card) => goAlong(card, 1),
  ArrowUp: (card) => goAlong(card, -1),
  ArrowRight: (card) => goAside(card, 1),
  ArrowLeft: (card) => goAside(card, -1),
};
const holding = {
  " ": drop,
  Enter: drop,
  Escape: putBack,
  ArrowRight: () => carry(1),
  ArrowLeft: () => carry(-1),
};

document.addEventListener("keydown", (event) => {
  const card = event.target;
  if (!card.matches(".pl-card") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (held && event.key === "Tab") return putBack();
  const act = (held ? holding : free)[event.key];
  if (!act) return;
  event.preventDefault();
  act(card);
});

document.addEventListener("focusin", (event) => {
  const card = event.target.closest(".pl-card");
  if (card && !held) rove(card);
});

// A board that is drawn again keeps its cards, its places and the focus; while a card is in the hand it waits.
let places = null;

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt !== board()) return;
  const counts = lists().map((list) => `${stageOf(list).dataset.stage}:${cardsOf(list).length}`);
  detail.headers["X-Shown"] = counts.join(",");
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target !== board()) return;
  if (held || sent) {
    detail.shouldSwap = false;
    isLate = true;
    return;
  }
  const across = board().querySelector(".pl-board").scrollLeft;
  places = { across, down: new Map(lists().map((list) => [stageOf(list).id, list.scrollTop])) };
});

document.addEventListener("htmx:afterSwap", () => {
  if ("isReady" in board().dataset) return;
  board().querySelector(".pl-board").scrollLeft = places?.across ?? 0;
  for (const list of lists()) list.scrollTop = places?.down.get(stageOf(list).id) ?? 0;
  const focused = document.activeElement.closest(".pl-card");
  prepare();
  if (focused) rove(focused);
});

prepare();
