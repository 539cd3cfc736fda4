// A neighbourhood as an answer: how it fares against the city in five lines, what is worst, what is best, what would help.

/** Needs that a card shows, those of everybody first. */
const CARD_ROWS = 5;
/** Shares closer than this are about the same. */
const SAME = 0.05;

/** The needs of a card with the shares without them, here and in the city. */
function needsOf(place) {
  const essentials = DATA.columns.filter(({ family }) => family === "share_lacking_{of}").map(({ of }) => of);
  const order = [...DATA.without.places].sort((a, b) => essentials.includes(b.category) - essentials.includes(a.category));
  return order.map(({ category, some }) => {
    const layer = withoutLayer(withoutName(category, null, STANDARD));
    const city = cityWithout(category, null, STANDARD);
    return layer && city && isNumber(layer.values[place]) ? { category, some, layer, share: layer.values[place], people: layer.people[place], city: city.share } : null;
  }).filter(Boolean).slice(0, CARD_ROWS);
}

const verdictOf = (share, city) => (share > city + SAME ? "worse" : share < city - SAME ? "better" : "about the same");

/** "3,957 residents here (79%)", or floor area. */
const shareHere = ({ people, share }) => `${amountOf(people)} (${formatted(share, "share")})`;

/** The card: sentences first, then the lines they rest on. */
function answerCard(place, other) {
  const needs = needsOf(place);
  const people = RESIDENTS[place];
  if (!(people > 0)) return [el("p", { class: "answer" }, `No ${DATA.weight.noun} here in the data, so most scores are empty.`)];
  const ranked = needs.slice().sort((a, b) => b.share - a.share);
  const [worst, best] = [ranked[0], ranked[ranked.length - 1]];
  const said = [];
  if (worst && worst.share > 0) said.push(["Worst: ", `${shareHere(worst)} ${OF_PEOPLE ? "are" : "is"} without ${worst.some} within ${STANDARD} minutes' walk, ${formatted(worst.city, "share")} in the city.`]);
  if (best && best !== worst) said.push(["Best: ", best.share === 0 ? `${OF_PEOPLE ? "nobody" : "nothing"} is without ${best.some}.` : `only ${formatted(best.share, "share")} ${OF_PEOPLE ? "are" : "is"} without ${best.some}.`]);
  const changing = agreementSentence(place);
  if (changing) said.push(["Is it changing? ", ...changing.childNodes, ` ${sureOf(place)}`]);
  if (worst && worst.people > 0) said.push(["What would help most: ", `${worst.some} within reach of those ${amountOf(worst.people)}.`]);
  const there = other === null ? null : new Map(needsOf(other).map((need) => [need.category, need.share]));
  const rows = needs.map(({ category, layer, share, city }) => {
    const verdict = verdictOf(share, city);
    return el("tr", {}, el("th", { scope: "row" }, el("button", { type: "button", class: "link", title: layer.meaning, onclick: () => chooseLayer(layer.name) }, capital(formatted(category, "words")))),
      el("td", { class: "number" }, formatted(share, "share")), el("td", { class: "number quiet-text" }, formatted(city, "share")),
      there ? el("td", { class: "number other" }, formatted(there.get(category), "share")) : null,
      el("td", { class: `verdict ${verdict.replaceAll(" ", "-")}` }, verdict));
  });
  const head = ["Without it within 15 min", "Here", "City", ...(there ? ["There"] : []), "Against the city"];
  return [
    el("p", { class: "quiet-text" }, `${amountOf(people)}.`),
    rows.length ? el("table", { class: "profile tiles" }, el("thead", {}, el("tr", {}, head.map((text, at) => el("th", { scope: "col", class: at && at < head.length - 1 ? "number" : null }, text)))), el("tbody", {}, rows)) : null,
    el("ul", { class: "answers" }, said.map(([label, ...words]) => el("li", {}, el("strong", {}, label), ...words))),
    groupTable(place),
  ];
}

/** How sure the classes are, in words; that margins are missing, where they are. */
function sureOf(place) {
  const columns = DATA.columns.filter(({ unit, theme, name }) => unit === "words" && theme === "change" && COLUMNS.has(`${name}_probability`));
  const known = columns.map(({ name }) => columnValues(`${name}_probability`)[place]).filter(isNumber);
  if (!known.length) return "How sure is not known: the data has no margins of error.";
  // Far from one half in either direction is sure.
  const least = Math.min(...known.map((value) => Math.max(value, 1 - value)));
  return least >= 0.95 ? "Very likely so, within the margins of error." : least >= 0.8 ? "Likely so, within the margins of error." : "Unclear: errors of the data could turn it.";
}

/** Each group by what its members are without; what could show a person is left out. */
function groupTable(place) {
  const groups = DATA.without.by_group.filter(({ group }) => group);
  const needs = needsOf(place);
  if (!groups.length || !needs.length) return null;
  const share = (category, group) => { const layer = withoutLayer(withoutName(category, group, STANDARD)); return layer ? layer.values[place] : null; };
  const row = (group, members) => el("tr", {}, el("th", { scope: "row" }, group ? capital(formatted(group, "words")) : "Everyone"),
    el("td", { class: "number quiet-text" }, isNumber(members) ? grouped(Math.round(members), 0) : "few"),
    needs.map(({ category }) => {
      const value = share(category, group);
      return el("td", { class: "number", title: isNumber(value) ? null : "Left out: so few that a person could be known" }, isNumber(value) ? formatted(value, "share") : "few");
    }));
  const everyone = DATA.without.by_group.find(({ group }) => !group);
  return el("section", { class: "card-groups" }, el("h3", {}, "Who is without what, by group"),
    el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Who is without what, by group" }, el("table", { class: "profile by-group" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Group"), el("th", { scope: "col", class: "number" }, capital(DATA.weight.noun)), needs.map(({ category }) => el("th", { scope: "col", class: "number" }, capital(formatted(category, "words")))))),
      el("tbody", {}, row(null, everyone.members[place]), groups.map(({ group, members }) => row(group, members[place]))))),
    el("p", { class: "hint" }, `Share without it within ${STANDARD} minutes' walk. Few: left out, because so small a count could show a person.`));
}
