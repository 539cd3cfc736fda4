// What a plan does, in words: who gains and who loses, where, which groups, who loses most, and what is not computed.

const touchedOf = (name) => { const { city } = TRY.result.found.get(name); return city.gained + city.lost; };

/** Who gains and who loses, kind by kind, and where. */
function resultCard() {
  const { result } = TRY;
  if (!result) return [el("p", { class: "quiet-text" }, "Nothing is changed yet.")];
  if (result.refused) return [el("p", {}, el("strong", {}, "This plan has no result: "), `${grouped(result.refused, 0)} homes would have a shorter walk by what only closes, because what stood on the closed street joins another one that is nearer. That is a matter of the map, not a gain; \`commonground compare\` has the result for everybody else.`)];
  if (!result.settled) return [el("p", {}, el("strong", {}, "This plan cannot be computed here: "), "what stands or begins on the closed streets would have to join streets that this file does not hold, or a path passes over the end of another one. The command line can."), tryCommand()];
  const rows = [...result.moved].sort((a, b) => touchedOf(b) - touchedOf(a)).map(rowOf);
  const shown = result.moved.find((name) => STATE.layer === `try:${name}`);
  return [el("h2", {}, "What it does"), rows.length ? el("ul", { class: "answers" }, rows) : el("p", {}, "Nobody's walk changes by more than a minute."),
    ...newcomersCard(result), ...(shown ? [...placesCard(shown), ...groupsCard(shown), ...loserCard(shown)] : []), ...greyedCard(result)];
}

function rowOf(name) {
  const { city } = TRY.result.found.get(name);
  const more = city.after - city.before;
  const said = gainsOf(name);
  return el("li", {}, el("button", { type: "button", class: "link", "data-try": name, "aria-pressed": String(STATE.layer === `try:${name}`), onclick: () => { chooseLayer(`try:${name}`, "share"); drawPlan(); drawMarks(); byId("try-result").querySelector(`[data-try="${name}"]`).focus(); } }, el("strong", {}, capital(formatted(name, "words")))),
    `: ${said.length ? `${said.join("; ")}. ` : ""}Within ${STANDARD} minutes: ${formatted(city.before / city.people, "share")} before, ${formatted(city.after / city.people, "share")} after (${more < 0 ? "−" : "+"}${amountOf(Math.abs(more))}).`);
}

/** Who gains and who loses for one kind of place, in words. */
function gainsOf(name) {
  const { gained, lost, won, forgone } = TRY.result.found.get(name).city;
  const by = (minutes, people) => (minutes ? `, by ${formatted(minutes / people, "minutes")} on average` : "");
  return [gained ? `${amountOf(gained)} get a shorter walk${by(won, gained)}` : null, lost ? `${amountOf(lost)} get a longer one${by(forgone, lost)}` : null].filter(Boolean);
}

/** Those who move in, apart from those who stay. */
function newcomersCard({ newcomers }) {
  if (!newcomers.length) return [];
  const live = tryCategories();
  const walk = (time) => (time === CLOSED ? `none within ${TRY.block.head.limit / MILLISECONDS} min` : formatted(time / MILLISECONDS, "minutes"));
  return [el("h3", {}, OF_PEOPLE ? "Those who move in" : "What comes"), el("ul", { class: "answers", id: "try-newcomers" }, newcomers.map(({ people, times, where }) => {
    const near = live.filter((name) => times[TRY.block.head.categories.indexOf(name)] / MILLISECONDS <= STANDARD).length;
    return el("li", {}, el("strong", {}, `${OF_PEOPLE ? `${grouped(people, 0)} people` : amountOf(people)} ${where}`), `: ${near} of ${live.length} kinds of places within ${STANDARD} minutes. `, live.map((name) => `${capital(formatted(name, "words"))} ${walk(times[TRY.block.head.categories.indexOf(name)])}`).join(", "), ".");
  })), el("p", { class: "hint" }, "They are counted apart: nobody who lives here today gains or loses by their coming. What is counted per person (green space, jobs, capacity) is not computed anew.")];
}

/** The neighbourhoods of one kind of place that gain or lose most, in people. */
function placesCard(name) {
  const { byArea } = TRY.result.found.get(name);
  const most = byArea.map(({ gained, lost }, place) => ({ gained, lost, place })).filter(({ gained, lost }) => gained + lost >= 0.5).sort((a, b) => b.gained + b.lost - a.gained - a.lost).slice(0, 6);
  if (!most.length) return [];
  return [el("h3", {}, `${capital(formatted(name, "words"))}: where`), el("ul", { class: "answers" }, most.map(({ gained, lost, place }) => el("li", {},
    el("strong", {}, DATA.names[place]), `: ${[gained ? `${amountOf(gained)} gain` : null, lost ? `${amountOf(lost)} lose` : null].filter(Boolean).join(", ")}`)))];
}

/** Which groups gain and lose; those with few people in a column are not shown. */
function groupsCard(name) {
  const { block, result: { found } } = TRY;
  if (!block.groups.length) return [];
  const one = found.get(name);
  const category = block.head.categories.indexOf(name);
  one.groups = one.groups || balanceByGroup(block, TRY.engine.base[category], one.times);
  const [shown, hidden] = [one.groups.filter((group) => !group.hidden), one.groups.filter((group) => group.hidden)];
  const cell = (value) => el("td", { class: "number" }, grouped(value, 0));
  const words = (group) => capital(formatted(group.name, "words"));
  return [el("h3", {}, `${capital(formatted(name, "words"))}: which groups`),
    shown.length ? el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Who gains and loses, by group" }, el("table", { class: "try-groups" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Group"), ["gain", "lose", "same"].map((text) => el("th", { scope: "col", class: "number" }, text)))),
      el("tbody", {}, shown.map((group) => el("tr", {}, el("th", { scope: "row" }, words(group)), cell(group.gained), cell(group.lost), cell(group.same)))))) : null,
    el("p", { class: "hint" }, `${hidden.length ? `Not shown, because fewer than ${SMALL_COUNT} people could be found out from a number: ${hidden.map(words).join(", ")}. ` : ""}Members are counted over several homes along a street, never in one: numbers are about right. The command line has them exactly.`)].filter(Boolean);
}

/** The home whose walk becomes longest, for all who live there; both its routes are on the map. */
function loserCard(name) {
  const { block, result } = TRY;
  const loser = loserOf(name);
  if (!loser) return [];
  const { edge, ...position } = block.homes[loser.home].position;
  const { area } = block.homes[loser.home];
  const after = loser.after === CLOSED ? `none within ${block.head.limit / MILLISECONDS} minutes after` : `${formatted(loser.after / MILLISECONDS, "minutes")} after`;
  return [el("h3", {}, "Who loses most"), el("p", { id: "try-loser" }, `A home on ${streetName(streetAt(edge, { edge, ...position }))}${area < 0 ? "" : `, ${DATA.names[area]}`}: ${formatted(loser.before / MILLISECONDS, "minutes")} to ${someOf(name)} before, ${after}. On the map: `,
    el("span", { class: "try-way before" }, "the way before"), result.state && loser.after !== CLOSED ? [" and ", el("span", { class: "try-way after" }, "the way after")] : null, ".")];
}

/** Found once for each kind of place, with its routes. */
function loserOf(name) {
  const { block, engine, result } = TRY;
  const one = result && result.found.get(name);
  if (!one) return null;
  if (one.loser === undefined) {
    const category = block.head.categories.indexOf(name);
    one.loser = worstLoser(block.homes, engine.base[category], one.times, block.head.limit);
    if (one.loser) {
      TRY.unchanged = TRY.unchanged || engine.evaluate(noPlan());
      one.loser.ways = { before: routeOf(block, engine, TRY.unchanged, category, one.loser.home), after: routeOf(block, engine, result.state, category, one.loser.home, result.plan.paths) };
    }
  }
  return one.loser;
}

/** What is not computed here, by name, and how it is. */
function greyedCard({ greyed }) {
  const shared = TRY.block.head.shared_homes;
  return [el("div", { class: "note greyed" }, el("p", {}, el("strong", {}, "Not computed here: "),
    `${greyed.map((name) => `the walk to ${someOf(name)}`).concat(["green space", "jobs", "other travellers", "the index", "severance", "meeting places"]).join(", ")}. They keep the values of the study.`),
    shared ? el("p", {}, `${grouped(shared, 0)} homes of fewer than ten people share their number with homes nearby, so that no household is shown: people may differ by a few from the command line.`) : null, tryCommand())];
}

const tryCommand = () => el("p", {}, "Everything at once: ", el("code", {}, "commonground compare STUDY --scenario plan.toml"));
