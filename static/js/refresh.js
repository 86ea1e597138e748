// What shows leads refreshes when one has changed: <div id="…" data-refresh="ADDRESS">. A change that arrives while
// the answer to an earlier one is on its way asks once more afterwards, for that answer may be older than the change.
const asking = new Map();

async function refresh(id) {
  if (asking.has(id)) return asking.set(id, "again");
  asking.set(id, "once");
  const place = document.getElementById(id);
  await htmx.ajax("GET", place.dataset.refresh, { source: place, target: place, swap: "outerHTML" });
  const isStale = asking.get(id) === "again";
  asking.delete(id);
  if (isStale && document.getElementById(id)) refresh(id);
}

document.addEventListener("lead-changed", () => {
  for (const place of document.querySelectorAll("[data-refresh]")) refresh(place.id);
});
