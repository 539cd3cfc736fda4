// One neighbourhood, against the city and against any other.

/** The first of several names: "Adams Morgan" of "Adams Morgan, Kalorama Heights". */
function shortName(place) {
  const name = DATA.names[place];
  const first = name.split(/[,/;]/)[0].trim();
  return first.length > 28 ? `${first.slice(0, 26)}…` : first;
}

/** A value on the way from the lowest to the highest, with the average resident and a neighbour to compare. */
function strip(layer, place, other) {
  const { low, high, mean } = statsOf(layer.values);
  const at = (value) => `left:${(100 * (value - low)) / (high - low || 1)}%`;
  const marks = [
    isNumber(mean) ? el("span", { class: "strip-mean", style: at(mean) }) : null,
    other !== null && isNumber(layer.values[other]) ? el("span", { class: "strip-other", style: at(layer.values[other]) }) : null,
    isNumber(layer.values[place]) ? el("span", { class: "strip-here", style: at(layer.values[place]) }) : null,
  ];
  return el("span", { class: "strip", "aria-hidden": "true", title: `from ${formatted(low, layer.unit)} to ${formatted(high, layer.unit)}; mean over ${DATA.weight.noun} ${formatted(mean, layer.unit)}` }, marks);
}

function profileRow(layer, place, other, label = layer.label) {
  const cells = [el("th", { scope: "row" }, el("button", { type: "button", class: "link", onclick: () => chooseLayer(layer.name), title: layer.meaning }, label))];
  const numbers = layer.scale.kind !== "classes";
  if (numbers) cells.push(el("td", { class: "strip-cell" }, strip(layer, place, other)));
  const value = (of) => formatted(layer.values[of], layer.unit);
  cells.push(el("td", { class: "number", colspan: numbers ? null : 2 }, value(place)));
  if (other !== null) cells.push(el("td", { class: "number other" }, value(other)));
  return el("tr", {}, cells);
}

function profileTable(rows, other) {
  return el("table", { class: "profile" }, other === null ? null : el("thead", { class: "visually-hidden" }, el("tr", {}, el("th", {}, "Measure"), el("th", {}, ""), el("th", {}, "Here"), el("th", {}, "There"))), el("tbody", {}, rows));
}

function section(title, ...content) {
  return el("section", { class: "profile-section" }, el("h3", {}, title), ...content);
}

/** Minutes to each category: the median in the span from the nearest to the farthest tenth. */
function walks(place, other) {
  const categories = DATA.reach.categories.filter(({ category }) => COLUMNS.has(`${category}_minutes_median`));
  if (!categories.length) return null;
  const value = (category, quantile, of) => columnValues(`${category}_minutes_${quantile}`)[of];
  const longest = Math.min(60, Math.max(20, ...categories.flatMap(({ category }) => [value(category, "p90", place), other === null ? 0 : value(category, "p90", other)]).filter(isNumber)));
  const at = (minutes) => (100 * Math.min(minutes, longest)) / longest;
  const rows = categories.map(({ category, median }) => {
    const [near, middle, far] = ["p10", "median", "p90"].map((quantile) => value(category, quantile, place));
    const there = other === null ? null : value(category, "median", other);
    const span = isNumber(near) ? el("span", { class: "walk-span", style: `left:${at(near)}%;width:${Math.max(0.5, at(isNumber(far) ? far : longest) - at(near))}%` }) : null;
    return el("tr", {}, el("th", { scope: "row" }, formatted(category, "words")),
      el("td", { class: "strip-cell" }, el("span", { class: "strip", "aria-hidden": "true", title: `nearest tenth ${formatted(near, "minutes")}, farthest tenth ${isMissing(far) ? "over 60 min" : formatted(far, "minutes")}` }, span,
        isNumber(median) ? el("span", { class: "strip-mean", style: `left:${at(median)}%` }) : null,
        isNumber(there) ? el("span", { class: "strip-other", style: `left:${at(there)}%` }) : null,
        isNumber(middle) ? el("span", { class: "strip-here", style: `left:${at(middle)}%` }) : null)),
      el("td", { class: "number" }, isMissing(middle) ? (RESIDENTS[place] > 0 ? "over 60" : "–") : formatted(middle, "minutes")),
      other === null ? null : el("td", { class: "number other" }, formatted(there, "minutes")));
  });
  return section("Walk to the closest", profileTable(rows, other), el("p", { class: "hint" }, `Dot: median of ${DATA.weight.noun}; band: nearest to farthest tenth; line: the city. Axis from 0 to ${Math.round(longest)} minutes.`));
}

/** One indicator over the years, against the city's average resident. */
function overTime(place, other) {
  const { years, indicators } = DATA.history;
  if (years.length < 2) return null;
  const rows = Object.entries(indicators).map(([name, [described, byYear]]) => {
    const here = byYear.map((values) => (values ? values[place] : null));
    if (here.filter(isNumber).length < 2) return null;
    const there = other === null ? [] : byYear.map((values) => (values ? values[other] : null));
    const city = byYear.map((values) => (values ? residentsMean(values) : null));
    const all = [...here, ...there, ...city].filter(isNumber);
    const [toX, toY] = [scaleOf([years[0], years[years.length - 1]], [4, 86]), scaleOf([Math.min(...all), Math.max(...all)], [24, 4])];
    const path = (values, kind) => svg("path", { class: `spark ${kind}`, d: line(values.map((value, at) => [value, at]).filter(([value]) => isNumber(value)).map(([value, at]) => [toX(years[at]), toY(value)])) });
    const known = here.filter(isNumber);
    const unit = described.unit === "plain" && known.every((value) => value >= 0 && value <= 1) ? "share" : described.unit;
    return el("tr", {}, el("th", { scope: "row" }, described.label),
      el("td", {}, svg("svg", { viewBox: "0 0 90 28", class: "sparkline", "aria-hidden": "true" }, path(city, "city"), other === null ? null : path(there, "there"), path(here, "here"))),
      el("td", { class: "number" }, `${formatted(known[0], unit)} → ${formatted(known[known.length - 1], unit)}`));
  });
  if (!rows.some(Boolean)) return null;
  return section(`Change, ${years[0]} to ${years[years.length - 1]}`, profileTable(rows.filter(Boolean), null), el("p", { class: "hint" }, `Thick: here; thin: the city's mean over ${DATA.weight.noun}. Money is that of the year.`));
}

/** What published definitions say of its change, how sure they are, and why. */
function classes(place, other) {
  const of = (name) => columnValues(name)[place];
  const columns = DATA.columns.filter(({ unit, theme, name }) => unit === "words" && theme === "change" && !isCluster(name));
  if (!columns.length) return null;
  const sure = columns.some(({ name }) => COLUMNS.has(`${name}_probability`));
  const rows = columns.map((column) => {
    const probability = of(`${column.name}_probability`);
    const firm = of(`${column.name}_robust`);
    return el("tr", {}, el("th", { scope: "row" }, el("button", { type: "button", class: "link", title: column.meaning, onclick: () => chooseLayer(column.name) }, column.label)),
      el("td", {}, el("strong", {}, formatted(column.values[place], "words")), firm === false ? el("small", {}, "not robust: small errors in the data would change it") : null),
      sure ? el("td", { class: "number", title: of(`${column.name}_probabilities`) }, isNumber(probability) ? formatted(probability, "share") : "–") : null,
      other === null ? null : el("td", { class: "other" }, formatted(column.values[other], "words")));
  });
  const head = el("thead", {}, el("tr", {}, ["Definition", "Class", sure ? "Probability" : null, other === null ? null : "There"].filter(Boolean).map((text) => el("th", { scope: "col" }, text))));
  return section("Is it gentrifying?", el("p", {}, agreementSentence(place) || ""),
    el("table", { class: "profile classes" }, head, el("tbody", {}, rows)),
    sure ? el("p", { class: "hint" }, "Probability: the share of draws within the margins of error of the census in which it gentrifies by the definition.") : null,
    conditions(place), reasons(place), el("p", { class: "hint" }, "Classes describe change, not its causes, and not whether anybody was displaced."));
}

const isCluster = (name) => name.endsWith("_cluster");

function agreementSentence(place) {
  const [agreed, count] = ["gentrification_agreement", "gentrification_definitions"].map((name) => columnValues(name)[place]);
  if (!isNumber(count)) return null;
  if (!isNumber(agreed)) return el("span", {}, "None of the definitions applies here: by most, a place that was well off at the start cannot gentrify.");
  return el("span", {}, el("strong", {}, `${Math.round(agreed * count)} of ${count}`), ` ${count === 1 ? "definition that applies" : "definitions that apply"} here say${count === 1 ? "s" : ""} that it gentrifies.`);
}

/** The yes-or-no conditions of a rule. */
function conditions(place) {
  const mark = (value) => (isMissing(value) ? ["?", "unknown"] : value ? ["✓", "yes"] : ["✗", "no"]);
  const columns = DATA.columns.filter(({ unit, theme, name }) => unit === "answer" && theme === "change" && !name.endsWith("_robust"));
  if (!columns.length) return null;
  return el("details", {}, el("summary", {}, "Conditions of Freeman's rule"), el("ul", { class: "reasons" }, columns.map((column) => {
    const [sign, word] = mark(column.values[place]);
    return el("li", { class: word }, el("span", { "aria-hidden": "true" }, sign), ` ${column.label}`, el("span", { class: "visually-hidden" }, `: ${word}`));
  })));
}

/** Which number met which threshold, a definition each. */
function reasons(place) {
  const why = columnValues("gentrification_why")[place];
  if (!why) return null;
  return el("details", {}, el("summary", {}, "Why, number by number"), el("ul", {}, why.split(/(?<=\.) (?=[A-Z])/).map((sentence) => el("li", {}, sentence))));
}

/** The strongest and the weakest part of the index, and how the parts add up. */
function indexSection(place) {
  const index = STATE.index;
  if (!index) return null;
  const { scores, ranks } = STATE.evaluated;
  const value = scores[scores.length - 1][place];
  if (!isNumber(value)) {
    const why = index.status[place];
    return section(index.name, el("p", {}, `Not scored${why && why !== "scored" ? `: ${why.replaceAll("_", " ")}` : ""}.`));
  }
  const scored = ranks.filter(isNumber).length;
  const parts = contributions(index, STATE.choices, scores, place).sort((a, b) => b.share - a.share);
  const most = Math.max(1e-9, ...parts.map(({ share }) => Math.abs(share)));
  const interval = index.interval && index.interval[place];
  const lever = leverOf(index, STATE.choices, scores, place);
  const rows = parts.map(({ name, share, value: own }) => el("tr", {}, el("th", { scope: "row" }, formatted(name, "words")),
    el("td", { class: "strip-cell" }, el("span", { class: "lift", "aria-hidden": "true" }, el("span", { class: share < 0 ? "lift-bar below" : "lift-bar", style: share < 0 ? `right:50%;width:${(50 * -share) / most}%` : `left:50%;width:${(50 * share) / most}%` }))),
    el("td", { class: "number" }, `${share >= 0 ? "+" : "−"}${grouped(Math.abs(share), 1)}`), el("td", { class: "number quiet-text" }, isNumber(own) ? grouped(own, 0) : "–")));
  return section(index.name,
    el("p", { class: "score" }, el("strong", {}, formatted(value, "score")), el("span", {}, interval && !STATE.choices.own
      ? ` ${tiedWith(place) ? rankInWords(place) : `${rangeOf(interval, scored)} (${ordinal(ranks[place])} as weighed here)`}`
      : ` ${rankInWords(place)} with these weights`)),
    parts.length ? el("p", {}, `Strongest against the average place: ${formatted(parts[0].name, "words")}; weakest: ${formatted(parts[parts.length - 1].name, "words")}.`) : null,
    lever ? el("p", {}, `What would ${index.better === "low" ? "lower" : "lift"} it most: ${formatted(lever.name, "words")}, if it came to the level of the best neighbourhood (${lever.gain > 0 ? "+" : "−"}${grouped(Math.abs(lever.gain), 1)}).`) : null,
    parts.length ? profileTable(rows, null) : null,
    parts.length ? el("p", { class: "hint" }, "How much each part lifts or lowers it against a place that is average in everything; the last column is the part's own score.") : null);
}

/** How many other places have the same score. */
function tiedWith(place) {
  const scores = STATE.evaluated.scores[STATE.evaluated.scores.length - 1];
  return scores.filter((score) => score === scores[place]).length - 1;
}

/** A rank as it can be said: places of one score share it. */
function rankInWords(place) {
  const { ranks } = STATE.evaluated;
  const scored = ranks.filter(isNumber).length;
  const others = tiedWith(place);
  return others ? `joint ${ordinal(ranks[place])} of ${scored}, with ${others} other${others === 1 ? "" : "s"}: the score cannot tell them apart` : `${ordinal(ranks[place])} of ${scored}`;
}

/** A rank interval in words. */
function rangeOf([low, high], scored) {
  const varied = "data, weights and methods vary";
  return low === high ? `${ordinal(low)} of ${scored}, even when ${varied}` : `${ordinal(low)} to ${ordinal(high)} of ${scored} when ${varied}`;
}

/** The choice of a neighbourhood to compare with, made once: it can hold thousands. */
function compareChoice() {
  if (compareChoice.made) return compareChoice.made;
  compareChoice.made = el("label", { class: "field" }, el("span", {}, "Compare with"),
    el("select", { id: "compare", onchange: (event) => comparePlace(event.target.value === "" ? null : Number(event.target.value)) },
      el("option", { value: "" }, "the city only"), BY_NAME.map((place) => el("option", { value: place }, DATA.names[place]))));
  return compareChoice.made;
}

function drawProfile() {
  const pane = byId("pane-profile");
  const place = STATE.selected;
  if (pane.hidden) return;
  if (place === null) {
    pane.replaceChildren(el("div", { class: "empty" }, el("p", {}, "Choose a neighbourhood on the map, in the list or by name to see how it fares, what lifts it and what holds it back."),
      el("p", { class: "hint" }, "Two can be laid side by side.")));
    return;
  }
  const other = STATE.compared;
  const compare = compareChoice();
  compare.querySelector("select").value = other === null ? "" : String(other);
  const shown = new Set(["area_km2", "homes", `${DATA.weight.column}_on_streets`]);
  const theme = (title, name, keep) => {
    const columns = DATA.columns.filter((column) => column.theme === name && column.scale.kind !== "classes" && !shown.has(column.name) && keep(column));
    return columns.length ? section(title, profileTable(columns.map((column) => profileRow(column, place, other)), other)) : null;
  };
  const isWalk = (column) => /_minutes_(median|p10|p90)$/.test(column.name);
  const open = new Set([...pane.querySelectorAll("details.fold[open]")].map((fold) => fold.dataset.question));
  const parts = {
    reach: [indexSection(place), walks(place, other), theme("More on access", "access", (column) => !isWalk(column) && !/_within_(5|10|30)_min_mean$/.test(column.name))],
    left_out: [theme("Isolation", "isolation", () => true), theme("For other walkers", "persons", () => true)],
    changing: [classes(place, other), overTime(place, other), theme("Change in numbers", "change", (column) => !column.name.endsWith("_probability"))],
    meet: [theme("Who could meet whom", "encounter", () => true), theme("Safety", "safety", () => true)],
    divide: [theme("Barriers", "barriers", () => true), theme("Who lives here", "people", (column) => column.name !== DATA.weight.column), theme("Other columns", "other", () => true)],
  };
  const folds = QUESTIONS.map(([question, title]) => {
    const sections = parts[question].filter(Boolean);
    return sections.length ? el("details", { class: "fold", "data-question": question, open: open.has(question) }, el("summary", {}, title), sections) : null;
  });
  pane.replaceChildren(
    el("div", { class: "profile-head" }, el("h2", { id: "profile-name", tabindex: "-1" }, DATA.names[place]), ...answerCard(place, other).filter(Boolean), compare,
      other === null ? null : el("p", { class: "hint" }, el("span", { class: "key here" }), ` ${DATA.names[place]} `, el("span", { class: "key other" }), ` ${DATA.names[other]} `, el("span", { class: "key mean" }), " the city")),
    ...folds.filter(Boolean),
    el("p", { class: "hint" }, `${DATA.ids[place] === DATA.names[place] ? "" : `${DATA.ids[place]} · `}${formatted(columnValues("area_km2")[place], "square_kilometres")}`),
    el("p", { class: "hint" }, "Scores describe places, not the people who live there."));
}
