// The tab "Try a change": tools, the list of changes, and what they do.

const TRY_TOOLS = [["add", "Add a place"], ["close", "Close a place"], ["street", "Close a street"]];
const STREETS_FOUND = 60;

function drawTry() {
  const pane = byId("pane-try");
  if (pane.hidden || pane.childElementCount) return;
  if (!DATA.network.block) {
    pane.replaceChildren(el("h2", {}, "Try a change"), el("p", {}, `A change cannot be tried in this file. ${DATA.network.reason}`), tryCommand());
    return;
  }
  pane.replaceChildren(el("p", { id: "try-loading", role: "status" }, "Reading the streets…"));
  loadTry().then(() => {
    pane.replaceChildren(
      el("p", {}, "What if a place opens here, or a street closes there? Every walk is computed anew in this page."),
      el("div", { class: "chips", role: "group", "aria-label": "What to change" }, TRY_TOOLS.map(([name, words]) => el("button", { type: "button", class: "chip", "data-tool": name, "aria-pressed": String(name === TRY.tool), onclick: () => chooseTool(name) }, words))),
      el("div", { id: "try-tool" }), el("p", { class: "hint", id: "try-note", role: "status" }),
      el("h2", { id: "try-plan-title" }, "The plan"), el("ol", { id: "try-changes", class: "try-changes" }),
      el("div", { class: "toolbar" },
        el("button", { type: "button", id: "try-undo", onclick: () => undoChange(TRY.changes.length - 1) }, "Undo"),
        el("button", { type: "button", id: "try-save", onclick: savePlan }, "Save plan"),
        el("label", { class: "button" }, "Load plan", el("input", { type: "file", id: "try-load", accept: ".toml", class: "visually-hidden", onchange: (event) => loadPlan(event.target) }))),
      el("div", { id: "try-result", "aria-live": "polite" }));
    drawTool();
    drawPlan();
  }).catch(tryFailed);
}

function tryFailed(error) {
  byId("pane-try").replaceChildren(el("p", { role: "alert" }, `The streets of this file cannot be read: ${error.message}. The rest of the report does not need them.`));
}

function chooseTool(name) {
  Object.assign(TRY, { tool: name, pin: null, street: null });
  for (const chip of document.querySelectorAll("[data-tool]")) chip.setAttribute("aria-pressed", String(chip.dataset.tool === name));
  say("");
  drawTool();
  drawMarks();
}

function say(text) {
  TRY.note = text;
  byId("try-note").textContent = text;
}

/** The controls of the tool that is chosen. */
function drawTool() {
  const kinds = el("label", { class: "field" }, el("span", {}, "Kind of place"), el("select", { id: "try-category", onchange: (event) => { TRY.category = event.target.value; drawTool(); byId("try-category").focus(); } },
    tryCategories().map((name) => el("option", { value: name, selected: name === TRY.category }, capital(formatted(name, "words"))))));
  const parts = {
    add: () => [kinds, el("p", { class: "hint" }, "Click on the map: the place is put on the nearest street."), byName(streetFinder("Put the pin there", pinStreet, streetsWithPositions())), el("div", { id: "try-pin-box" })],
    close: () => [kinds, el("p", { class: "hint" }, "Click on a place of the map, or choose one:"), placeFinder()],
    street: () => [el("p", { class: "hint" }, "Click on a street of the map. It closes to people on foot, as far as the data calls it one street."), byName(streetFinder("Close it", (streets) => addChange({ action: "remove_street", street: TRY.block.head.streets[streets[0]][0] })))],
  }[TRY.tool]();
  byId("try-tool").replaceChildren(...parts);
  drawPin();
  if (TRY.tool === "close") setOverlays({ category: TRY.category });
}

/** What is folded away from who points with a mouse; open once it was opened. */
function byName(inside) {
  return el("details", { class: "try-by-name", open: TRY.byName, ontoggle: (event) => { TRY.byName = event.target.open; } }, el("summary", {}, "Or by name, with the keyboard"), inside);
}

/** Streets by name: those of one id are one street. */
function streetFinder(words, act, wantedStreets = null) {
  const { head } = TRY.block;
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const named = [...TRY.ids.streetOf.values()].filter((streets) => head.streets[streets[0]][1] && (!wantedStreets || streets.some((street) => wantedStreets.has(street))));
  named.sort((a, b) => collator.compare(streetName(a[0]), streetName(b[0])) || a[0] - b[0]);
  const found = el("select", { id: "try-streets", size: 5, "aria-label": "Streets found" });
  const fill = (wanted) => {
    const matches = named.filter(([street]) => plain(streetName(street)).includes(plain(wanted))).slice(0, STREETS_FOUND);
    found.replaceChildren(...matches.map((streets, at) => el("option", { value: streets[0], selected: at === 0 }, `${streetName(streets[0])}${inArea((linesOfStreet(streets)[0] || [])[0])}`)));
  };
  const chosen = () => found.value && act(TRY.ids.streetOf.get(head.streets[Number(found.value)][0]));
  fill("");
  found.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); chosen(); } });
  return el("div", { class: "try-finder" },
    el("label", { class: "field" }, el("span", {}, "Street"), el("input", { type: "text", id: "try-street", autocomplete: "off", oninput: (event) => fill(event.target.value) })),
    found, el("button", { type: "button", id: "try-street-use", onclick: chosen }, words));
}

/** Streets on which a place can be put; found once. */
function streetsWithPositions() {
  if (!TRY.withPositions) {
    TRY.withPositions = new Set();
    TRY.block.stations.forEach((of, edge) => of.forEach(({ position }) => { if (position) TRY.withPositions.add(streetAt(edge, position)); }));
  }
  return TRY.withPositions;
}

/** The first piece of a street, to say where it is without looking through all edges. */
function linesOfStreet([street]) {
  const { block } = TRY;
  TRY.firstEdge = TRY.firstEdge || new Map();
  if (!TRY.firstEdge.size) block.spans.forEach((of, edge) => of.forEach((span) => { if (!TRY.firstEdge.has(span.street)) TRY.firstEdge.set(span.street, edge); }));
  const edge = TRY.firstEdge.get(street);
  return edge === undefined ? [] : [block.stations[edge].map((station) => degreesOf(block, station))];
}

function placeFinder() {
  const closed = new Set(TRY.changes.filter(({ live }) => live && live.kind === "close").map(({ live }) => live.place));
  const places = TRY.block.places.map(({ service }, place) => ({ place, service })).filter(({ place }) => !closed.has(place)).map(({ service }) => serviceOf(service)).filter(({ category }) => category === TRY.category);
  places.sort((a, b) => collator.compare(a.name, b.name));
  const select = el("select", { id: "try-places", "aria-label": "Places that can close" }, places.map(({ id, name, at }) => el("option", { value: id }, `${name}${inArea(at)}`)));
  return el("div", { class: "try-finder" }, select, el("button", { type: "button", id: "try-close", disabled: !places.length, onclick: () => addChange({ action: "close_service", service: select.value }) }, "Close it"));
}

// The pin: a place before it is put down.

/** In the middle of a street, where the arrow keys take it on. */
function pinStreet(streets) {
  const wanted = new Set(streets);
  const all = TRY.block.stations.flatMap((of, edge) => of.map((station) => ({ edge, station }))).filter(({ edge, station }) => station.position && wanted.has(streetAt(edge, station.position)));
  if (!all.length) { say("No place can be put on this street."); return; }
  TRY.pin = all[all.length >> 1];
  say("");
  drawPin();
  byId("try-pin").focus();
}

function drawPin() {
  const box = byId("try-pin-box");
  if (!box) return;
  const { pin } = TRY;
  const move = (event) => {
    const step = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    movePin(step);
  };
  box.replaceChildren(...(pin ? [el("button", { type: "button", id: "try-pin", onclick: () => putPin(pin), onkeydown: move }, "Put it here"),
    el("span", { class: "hint", id: "try-pin-where", role: "status" }, `The pin is on ${streetName(streetAt(pin.edge, pin.station.position))}${inArea(degreesOf(TRY.block, pin.station))}. Arrow keys move it, Enter puts the place there.`)] : []));
  drawMarks();
}

/** To the nearest position in a direction. */
function movePin([east, north]) {
  const from = degreesOf(TRY.block, TRY.pin.station);
  const wide = Math.cos((from[1] * Math.PI) / 180);
  let best = null;
  TRY.block.stations.forEach((of, edge) => of.forEach((station) => {
    if (!station.position || station === TRY.pin.station) return;
    const at = degreesOf(TRY.block, station);
    const [dx, dy] = [(at[0] - from[0]) * wide, at[1] - from[1]];
    const ahead = dx * east + dy * north;
    const away = Math.hypot(dx, dy);
    // Within an eighth of a turn.
    if (ahead > 0.7 * away && (!best || away < best.away)) best = { edge, station, away };
  }));
  if (!best) { say("No street lies farther that way."); return; }
  TRY.pin = best;
  drawPin();
  byId("try-pin").focus();
}

function putPin({ station }) {
  TRY.pin = null;
  addChange({ action: "add_service", category: TRY.category, at: degreesOf(TRY.block, station), name: `New ${formatted(TRY.category, "words")}` });
}

/** A click on the map while the tab is open; says whether it was for a tool. */
function tryAt(at) {
  if (tabOpen() !== "try" || !TRY.block) return false;
  byId("tooltip").hidden = true;
  if (TRY.tool === "close") {
    const near = TRY.block.places.map(({ service }) => service).filter((service) => TRY.block.head.categories[TRY.block.head.services[service][1]] === TRY.category).map(serviceOf).filter((one) => one.at);
    near.sort((a, b) => tryMetres(at, a.at) - tryMetres(at, b.at));
    if (near.length && isNearOnMap(at, near[0].at)) addChange({ action: "close_service", service: near[0].id });
    else say(`No ${formatted(TRY.category, "words")} is near: click on one, or choose it in the list.`);
    return true;
  }
  const found = stationAt(TRY.block, at);
  if (!found || found.away > 500) { say("No street of the study is near."); return true; }
  if (TRY.tool === "add") putPin(found);
  else addChange({ action: "remove_street", street: TRY.block.head.streets[streetAt(found.edge, found.station.position)][0] });
  return true;
}

function isNearOnMap(a, b) {
  const [one, other] = [MAP.project(a), MAP.project(b)];
  return Math.hypot(one.x - other.x, one.y - other.y) < 24;
}

// The plan.

function addChange(change) {
  const made = liveChange(TRY.block, TRY.ids, change);
  const isKnown = change.action !== "add_service" && TRY.changes.some((one) => JSON.stringify(one.change) === JSON.stringify(change));
  if (isKnown) { say("That is in the plan already."); return; }
  if (!made.live) { say(`Not possible: ${made.why}.`); return; }
  TRY.changes.push(made);
  say("");
  if (TRY.tool !== "street") drawTool();
  planChanged(made.live.kind === "street" ? null : `try:${made.live.kind === "add" ? change.category : serviceOf(TRY.block.places[made.live.place].service).category}`);
  announce(sentenceOfChange(made));
}

function undoChange(at) {
  TRY.changes.splice(at, 1);
  planChanged(null);
  if (TRY.tool === "close") drawTool();
}

/** Computes, and shows on the map what was asked for, or the kind of place that moves most. */
function planChanged(wanted) {
  evaluateTry();
  const isTried = String(STATE.layer).startsWith("try:");
  if (!isTried) TRY.before = { layer: STATE.layer, amount: STATE.amount };
  const { result } = TRY;
  const most = result && [...result.moved].sort((a, b) => touchedOf(b) - touchedOf(a))[0];
  const next = wanted && tryLayer(wanted) ? wanted : isTried && tryLayer(STATE.layer) ? STATE.layer : most ? `try:${most}` : null;
  if (next) chooseLayer(next, "share");
  else if (isTried) chooseLayer(TRY.before && layerNamed(TRY.before.layer) ? TRY.before.layer : STATE.firstLayer, TRY.before ? TRY.before.amount : "share");
  drawPlan();
  drawMarks();
  drawTryCard();
  remember();
}

/** On a phone the result lies below the map: what a tap has done is said at the foot of the screen. */
function drawTryCard() {
  const card = byId("phone-card");
  const last = TRY.changes[TRY.changes.length - 1];
  card.hidden = tabOpen() !== "try" || !last;
  if (card.hidden) return;
  const name = TRY.result && TRY.result.moved.find((one) => STATE.layer === `try:${one}`);
  card.replaceChildren(el("div", {}, el("strong", {}, sentenceOfChange(last)), el("span", {}, name ? gainsOf(name).join("; ") : "Nobody's walk changes by more than a minute.")),
    el("button", { type: "button", onclick: () => { card.hidden = true; byId("try-result").scrollIntoView(); } }, "More"),
    el("button", { type: "button", onclick: () => undoChange(TRY.changes.length - 1) }, "Undo"),
    el("button", { type: "button", "aria-label": "Close", onclick: () => { card.hidden = true; } }, "×"));
}

const touchedOf = (name) => { const { city } = TRY.result.found.get(name); return city.gained + city.lost; };

function drawPlan() {
  const list = byId("try-changes");
  if (!list) return;
  byId("try-plan-title").hidden = byId("try-save").disabled = !TRY.changes.length;
  byId("try-undo").disabled = !TRY.changes.length;
  list.replaceChildren(...TRY.changes.map((one, at) => el("li", { class: one.live && !one.off ? null : "resting" },
    el("label", {}, el("input", { type: "checkbox", checked: !one.off, disabled: !one.live, onchange: (event) => { one.off = !event.target.checked; planChanged(null); byId("try-changes").querySelectorAll("input")[at].focus(); } }), ` ${sentenceOfChange(one)}`),
    one.moved ? el("span", { class: "hint" }, `The file has it ${Math.round(one.moved)} m away; here it stands at the nearest position of this page.`) : null,
    el("button", { type: "button", class: "quiet", "aria-label": `Undo: ${sentenceOfChange(one)}`, onclick: () => undoChange(at) }, "Undo"))));
  byId("try-result").replaceChildren(...resultCard());
}

/** Who gains and who loses, kind by kind, and where. */
function resultCard() {
  const { result } = TRY;
  if (!result) return [el("p", { class: "quiet-text" }, "Nothing is changed yet.")];
  if (result.refused) return [el("p", {}, el("strong", {}, "This plan has no result: "), `${grouped(result.refused, 0)} homes would have a shorter walk by what only closes, because what stood on the closed street joins another one that is nearer. That is a matter of the map, not a gain; \`commonground compare\` has the result for everybody else.`)];
  if (!result.settled) return [el("p", {}, el("strong", {}, "This plan cannot be computed here: "), "homes or places on the closed streets would have to join streets that this file does not hold. The command line can."), tryCommand()];
  const rows = [...result.moved].sort((a, b) => touchedOf(b) - touchedOf(a)).map((name) => {
    const { city } = result.found.get(name);
    const more = city.after - city.before;
    const said = gainsOf(name);
    return el("li", {}, el("button", { type: "button", class: "link", "data-try": name, "aria-pressed": String(STATE.layer === `try:${name}`), onclick: () => { chooseLayer(`try:${name}`, "share"); drawPlan(); byId("try-result").querySelector(`[data-try="${name}"]`).focus(); } }, el("strong", {}, capital(formatted(name, "words")))),
      `: ${said.length ? `${said.join("; ")}. ` : ""}Within ${STANDARD} minutes: ${formatted(city.before / city.people, "share")} before, ${formatted(city.after / city.people, "share")} after (${more < 0 ? "−" : "+"}${amountOf(Math.abs(more))}).`);
  });
  const shown = result.moved.find((name) => STATE.layer === `try:${name}`);
  return [el("h2", {}, "What it does"), rows.length ? el("ul", { class: "answers" }, rows) : el("p", {}, "Nobody's walk changes by more than a minute."),
    ...(shown ? placesCard(shown) : []), ...greyedCard(result)];
}

/** Who gains and who loses for one kind of place, in words. */
function gainsOf(name) {
  const { gained, lost, won, forgone } = TRY.result.found.get(name).city;
  const by = (minutes, people) => (minutes ? `, by ${formatted(minutes / people, "minutes")} on average` : "");
  return [gained ? `${amountOf(gained)} get a shorter walk${by(won, gained)}` : null, lost ? `${amountOf(lost)} get a longer one${by(forgone, lost)}` : null].filter(Boolean);
}

/** The neighbourhoods of one kind of place that gain or lose most, in people. */
function placesCard(name) {
  const { byArea } = TRY.result.found.get(name);
  const most = byArea.map(({ gained, lost }, place) => ({ gained, lost, place })).filter(({ gained, lost }) => gained + lost >= 0.5).sort((a, b) => b.gained + b.lost - a.gained - a.lost).slice(0, 6);
  if (!most.length) return [];
  return [el("h3", {}, `${capital(formatted(name, "words"))}: where`), el("ul", { class: "answers" }, most.map(({ gained, lost, place }) => el("li", {},
    el("strong", {}, DATA.names[place]), `: ${[gained ? `${amountOf(gained)} gain` : null, lost ? `${amountOf(lost)} lose` : null].filter(Boolean).join(", ")}`)))];
}

/** What is not computed here, by name, and how it is. */
function greyedCard({ greyed }) {
  const shared = TRY.block.head.shared_homes;
  return [el("div", { class: "note greyed" }, el("p", {}, el("strong", {}, "Not computed here: "),
    `${greyed.map((name) => `the walk to ${someOf(name)}`).concat(["green space", "jobs", "other travellers", "groups", "the index", "severance", "meeting places"]).join(", ")}. They keep the values of the study.`),
    shared ? el("p", {}, `${grouped(shared, 0)} homes of fewer than ten people share their number with homes nearby, so that no household is shown: people may differ by a few from the command line.`) : null, tryCommand())];
}

const tryCommand = () => el("p", {}, "Everything at once: ", el("code", {}, "commonground compare STUDY --scenario plan.toml"));

function savePlan() {
  download("plan.toml", "application/toml", toToml(scenarioOf(TRY.name || `A plan for ${DATA.name}`, TRY.changes)));
}

async function loadPlan(input) {
  const [file] = input.files;
  if (!file) return;
  try {
    const scenario = fromToml(await file.text());
    if (!Array.isArray(scenario.changes)) throw new Error("it has no [[changes]]");
    TRY.name = typeof scenario.name === "string" ? scenario.name : null;
    TRY.changes = scenario.changes.map((change) => liveChange(TRY.block, TRY.ids, change));
    planChanged(null);
    say(`${file.name} is shown.`);
  } catch (error) {
    say(`${file.name}: ${error.message}`);
  }
  input.value = "";
}

/** Pin, places that open or close, and closed streets on the map. */
function drawMarks() {
  if (!TRY.block) return;
  const on = TRY.changes.filter(({ live, off }) => live && !off).map(({ live }) => live);
  const at = ({ kind, station, place }) => (kind === "add" ? degreesOf(TRY.block, station) : kind === "close" ? serviceOf(TRY.block.places[place].service).at : null);
  const points = on.map((live) => ({ kind: live.kind, at: at(live) })).filter((one) => one.at);
  if (TRY.pin) points.push({ kind: "pin", at: degreesOf(TRY.block, TRY.pin.station) });
  const streets = new Set(on.filter(({ kind }) => kind === "street").flatMap((live) => live.streets));
  MAP.plan({ points, lines: streets.size ? linesOfStreets(streets) : [] });
}
