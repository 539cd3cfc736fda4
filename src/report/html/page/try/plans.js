// The plan as a list that can be undone, two plans side by side, and the file that `commonground compare` reads.

function addChange(change) {
  const made = liveChange(TRY.block, TRY.ids, change);
  const isKnown = change.action !== "add_service" && TRY.changes.some((one) => JSON.stringify(one.change) === JSON.stringify(change));
  if (isKnown) { say("That is in the plan already."); return; }
  if (!made.live) { say(`Not possible: ${made.why}.`); return; }
  TRY.changes.push(made);
  say("");
  // What was found is about the plan as it was; a place that has closed is no longer in the list.
  stopSpots();
  if (byId("try-spots")) byId("try-spots").replaceChildren();
  if (TRY.tool === "close") drawTool();
  if (byId("try-pin-box")) byId("try-pin-box").replaceChildren();
  const category = made.live.kind === "add" ? change.category : made.live.kind === "close" ? serviceOf(TRY.block.places[made.live.place].service).category : null;
  planChanged(category && `try:${category}`);
  announce(sentenceOfChange(made));
}

function undoChange(at) {
  TRY.changes.splice(at, 1);
  planChanged(null);
  if (TRY.tool === "close") drawTool();
}

/** Computes, and shows on the map what was asked for, or the kind of place that moves most. */
function planChanged(wanted) {
  TRY.result = resultOf(TRY.changes);
  const isTried = String(STATE.layer).startsWith("try:");
  if (!isTried) TRY.before = { layer: STATE.layer, amount: STATE.amount };
  const { result } = TRY;
  const most = result && [...result.moved].sort((a, b) => touchedOf(b) - touchedOf(a))[0];
  const next = wanted && tryLayer(wanted) ? wanted : isTried && tryLayer(STATE.layer) ? STATE.layer : most ? `try:${most}` : null;
  if (next) chooseLayer(next, "share");
  else if (isTried) chooseLayer(TRY.before && layerNamed(TRY.before.layer) ? TRY.before.layer : STATE.firstLayer, TRY.before ? TRY.before.amount : "share");
  drawMarks();
  drawPlan();
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

function drawPlan() {
  const list = byId("try-changes");
  if (!list) return;
  byId("try-save").disabled = byId("try-undo").disabled = !TRY.changes.length;
  byId("try-plans").hidden = !TRY.changes.length && !TRY.other.length;
  byId("try-plans").replaceChildren(el("h2", { id: "try-plan-title" }, "The plan"), el("div", { class: "chips", role: "group", "aria-label": "Which plan" },
    ["A", "B"].map((name) => el("button", { type: "button", class: "chip", "data-plan": name, "aria-pressed": String(name === TRY.on), onclick: () => openPlan(name) }, `Plan ${name}`)),
    el("button", { type: "button", class: "quiet", id: "try-copy", disabled: !TRY.changes.length, onclick: copyPlan }, `Copy to plan ${TRY.on === "A" ? "B" : "A"}`)));
  list.replaceChildren(...TRY.changes.map((one, at) => el("li", { class: one.live && !one.off ? null : "resting" },
    el("label", {}, el("input", { type: "checkbox", checked: !one.off, disabled: !one.live, onchange: (event) => { one.off = !event.target.checked; planChanged(null); byId("try-changes").querySelectorAll("input")[at].focus(); } }), ` ${sentenceOfChange(one)}`),
    one.moved ? el("span", { class: "hint" }, `The file has it ${Math.round(one.moved)} m away; here it stands at the nearest position of this page.`) : null,
    el("button", { type: "button", class: "quiet", "aria-label": `Undo: ${sentenceOfChange(one)}`, onclick: () => undoChange(at) }, "Undo"))));
  byId("try-both").replaceChildren(...bothPlans());
  byId("try-result").replaceChildren(...resultCard());
}

/** The other plan comes to the front. */
function openPlan(name) {
  if (name !== TRY.on) {
    [TRY.changes, TRY.other, TRY.on] = [TRY.other, TRY.changes, name];
    say(`Plan ${name} is on the map.`);
    planChanged(null);
  }
  byId("try-plans").hidden = false;
  byId("try-plans").querySelector(`[data-plan=${name}]`).focus();
}

function copyPlan() {
  TRY.other = TRY.changes.map((one) => ({ ...one }));
  openPlan(TRY.on === "A" ? "B" : "A");
}

/** Both plans in one table, where both have changes. */
function bothPlans() {
  if (!TRY.changes.length || !TRY.other.length) return [];
  const results = TRY.on === "A" ? [TRY.result, resultOf(TRY.other)] : [resultOf(TRY.other), TRY.result];
  const names = TRY.block.head.categories.filter((name) => results.some((result) => result && result.moved.includes(name)));
  const cells = (act) => results.map((result) => el("td", { class: "number" }, act(result)));
  const known = (result) => result && result.settled;
  const city = (result, name) => (result.found.get(name) || { city: { gained: 0, lost: 0, after: 0, before: 0 } }).city;
  const of = (name, act) => cells((result) => (!result ? "0" : !known(result) ? "–" : act(city(result, name))));
  const signed = (value) => `${value < 0 ? "−" : value > 0 ? "+" : ""}${grouped(Math.abs(value), 0)}`;
  const rows = names.flatMap((name) => {
    const kind = capital(formatted(name, "words"));
    return [[`${kind}: gain`, ({ gained }) => grouped(gained, 0)], [`${kind}: lose`, ({ lost }) => grouped(lost, 0)], [`${kind}: within ${STANDARD} min`, ({ before, after }) => signed(after - before)]]
      .map(([words, act]) => el("tr", {}, el("th", { scope: "row" }, words), of(name, act)));
  });
  const newcomers = results.map((result) => (result ? result.newcomers.reduce((sum, { people }) => sum + people, 0) : 0));
  if (newcomers.some(Boolean)) rows.push(el("tr", {}, el("th", { scope: "row" }, OF_PEOPLE ? "People who move in" : "What comes"), newcomers.map((people) => el("td", { class: "number" }, grouped(people, 0)))));
  return [el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Both plans side by side" }, el("table", { class: "try-groups", id: "try-table" },
    el("caption", {}, `Both plans, in ${DATA.weight.units}`), el("thead", {}, el("tr", {}, el("td", {}), ["Plan A", "Plan B"].map((text) => el("th", { scope: "col", class: "number" }, text)))),
    el("tbody", {}, rows.length ? rows : el("tr", {}, el("th", { scope: "row" }, "Walks that change by more than a minute"), results.map(() => el("td", { class: "number" }, "0"))))))];
}

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
