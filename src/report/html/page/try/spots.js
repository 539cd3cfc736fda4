// "One more here reaches so many": where a place would reach most people who have none within a walk, as a list and on the map.

const SPOTS = 8;
/** Two spots of the list are so far apart, in metres: beside each other they would be one. */
const SPOTS_APART_M = 300;
/** An answer that takes longer says so, in milliseconds. */
const ANSWER_MS = 1000;
/** A slice of the search leaves the page free to paint, in milliseconds. */
const SLICE_MS = 60;

function spotsBox() {
  return el("div", { class: "try-spots" }, el("button", { type: "button", id: "try-spots-find", onclick: findSpots }, `Where would one more reach most ${OF_PEOPLE ? "people" : DATA.weight.noun}?`),
    el("div", { id: "try-spots", role: "status" }, TRY.spots ? spotsList(TRY.spots) : ""));
}

/** What was found is about the plan and the kind of place that were there. */
function stopSpots() {
  Object.assign(TRY, { spots: null, search: null });
}

function findSpots() {
  const category = TRY.block.head.categories.indexOf(TRY.category);
  const plan = planOf(TRY.changes);
  const search = spotSearch(TRY.block, TRY.engine, TRY.engine.evaluate(plan), category, STANDARD, 20);
  Object.assign(TRY, { search, spots: null });
  const began = performance.now();
  byId("try-spots").textContent = "Looking at every street…";
  const work = () => {
    // Another tool, kind or plan has been chosen meanwhile.
    if (TRY.search !== search) return;
    const until = performance.now() + SLICE_MS;
    let more = true;
    while (more && performance.now() < until) more = search.next();
    if (more) { setTimeout(work); return; }
    TRY.spots = { category: TRY.category, wanting: search.people, found: search.best(SPOTS, SPOTS_APART_M), milliseconds: performance.now() - began };
    byId("try-spots").replaceChildren(...spotsList(TRY.spots));
    drawMarks();
  };
  setTimeout(work);
}

function spotsList({ category, wanting, found, milliseconds }) {
  const slow = milliseconds > ANSWER_MS ? ` This took ${grouped(milliseconds / 1000, 1)} seconds.` : "";
  if (!found.length) return [el("p", {}, wanting > 0 ? `No street lies within ${STANDARD} minutes of those who have no ${formatted(category, "words")}.` : `Everybody on a street has ${someOf(category)} within ${STANDARD} minutes.`)];
  return [el("p", { class: "hint" }, `${amountOf(wanting)} have no ${formatted(category, "words")} within ${STANDARD} minutes. One more, at the middle of a block, would reach of them:${slow}`),
    el("ol", { class: "answers" }, found.map(({ edge, station, people }) => {
      const at = degreesOf(TRY.block, station);
      const where = `on ${streetName(streetAt(edge, station.position))}${inArea(at)}`;
      return el("li", {}, el("strong", {}, amountOf(people)), ` ${where} `, el("button", { type: "button", class: "quiet", "aria-label": `Try it ${where}`, onclick: () => addChange({ action: "add_service", category, at, name: `New ${formatted(category, "words")}` }) }, "Try it"));
    }))];
}
