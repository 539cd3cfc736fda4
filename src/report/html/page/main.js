// The page: what is chosen, and what is drawn anew when the choice changes.

const STATE = {
  layer: null,
  question: null,
  subjects: {},
  // Shares, or the numbers of people behind them where these are known.
  amount: "share",
  sentence: null,
  firstLayer: null,
  firstAmount: "share",
  tab: null,
  table: {},
  descending: true,
  // Equal numbers of a few places would make much of little.
  method: METHOD_AT_FIRST,
  selected: null,
  compared: null,
  hovered: null,
  overlays: { streets: true, parks: false, category: "", barriers: false, barrier: null, meeting: null },
  index: null,
  choices: null,
  evaluated: null,
  equityBy: null,
  scatterX: null,
  scatterY: null,
};
const INDEX_LAYER = "index";
let MAP = null;
let COLOURING = null;

// Layers: the columns of the study, and the index under the weights of the page.

function indexLayer() {
  if (!STATE.index) return null;
  const { scores } = STATE.evaluated;
  return {
    name: INDEX_LAYER,
    label: STATE.index.name,
    measure: STATE.index.name,
    subject: null,
    unit: "score",
    scale: { kind: STATE.index.better === "low" ? "more_is_worse" : "more_is_better" },
    theme: "cohesion",
    meaning: `Made of ${STATE.index.indicators.map(({ name }) => formatted(name, "words")).join(", ")}, with the weights under Priorities.`,
    not_meaning: "Shows the conditions for cohesion, not what people think of each other.",
    values: scores[scores.length - 1],
  };
}

/** Columns of the index as the study weighs it: beside the index under the weights of the page they would be it twice. */
const SAME_AS_INDEX = ["cohesion_conditions", "cohesion_rank"];

function allLayers() {
  const index = indexLayer();
  const layers = DATA.columns.filter(({ unit }) => unit !== "prose");
  return index ? [index, ...layers.filter(({ name }) => !SAME_AS_INDEX.includes(name))] : layers;
}

const numberLayers = () => allLayers().filter((layer) => layer.scale.kind !== "classes");
const layerNamed = (name) => (name === INDEX_LAYER ? indexLayer() : COLUMNS.get(name) || withoutLayer(name) || tryLayer(name)) || null;
const STATE_LAYER = () => { const layer = layerNamed(STATE.layer); return STATE.amount === "people" ? inPeople(layer) : layer; };

// The list of layers.

function drawThemes() {
  const questions = QUESTIONS.filter(([question]) => allLayers().some((layer) => questionOf(layer) === question));
  byId("themes").replaceChildren(...questions.map(([question, title]) => el("button", {
    type: "button", class: "chip", "aria-pressed": String(question === STATE.question), "data-question": question,
    onclick: () => {
      chooseLayer(firstLayer(question));
      byId("themes").querySelector("[aria-pressed=true]").focus();
    },
  }, title)));
}

/** What a question opens with: what answers it best, or the first number that is not everywhere the same. */
function firstLayer(question) {
  const [, , , preferred] = QUESTIONS.find(([name]) => name === question);
  const layers = allLayers().filter((layer) => questionOf(layer) === question && layer.name !== INDEX_LAYER);
  const varies = (layer) => layer.scale.kind !== "classes" && statsOf(layer.values).low < statsOf(layer.values).high;
  return (layers.find(({ name }) => preferred.includes(name)) || layers.find(varies) || layers[0] || indexLayer()).name;
}

function drawLayers() {
  const layer = STATE_LAYER();
  const layers = allLayers().filter((other) => questionOf(other) === STATE.question);
  const subjects = [...new Set(layers.map(({ subject }) => subject).filter(Boolean))];
  const subject = subjects.includes(STATE.subjects[STATE.question]) ? STATE.subjects[STATE.question] : subjects[0] || null;
  byId("subject-row").hidden = !subjects.length;
  const select = byId("subject");
  select.replaceChildren(...subjects.map((name) => el("option", { value: name, selected: name === subject }, name)));
  select.onchange = () => {
    STATE.subjects[STATE.question] = select.value;
    const same = layers.find((other) => other.subject === select.value && other.measure === layer.measure);
    chooseLayer((same || layers.find((other) => other.subject === select.value)).name);
  };
  const whole = layers.filter((other) => !other.subject);
  const ofOne = layers.filter((other) => other.subject && other.subject === subject);
  const checked = [...whole, ...ofOne].some(({ name }) => name === STATE.layer) ? STATE.layer : (whole[0] || ofOne[0] || {}).name;
  const buttons = (all, text) => all.map((other) => el("button", {
    type: "button", role: "radio", class: "layer", "data-layer": other.name, "aria-checked": String(other.name === STATE.layer), tabindex: other.name === checked ? 0 : -1,
    onclick: () => chooseLayer(other.name),
  }, text(other, all)));
  // Two columns of one short label need their long ones.
  byId("layers-whole").replaceChildren(...buttons(whole, ({ label }) => label));
  byId("layers-of").replaceChildren(...buttons(ofOne, (other, all) => ([...all.map(({ measure }) => measure), ...whole.map(({ label }) => label)].filter((text) => text === other.measure).length > 1 ? other.label : other.measure)));
  const known = layer.name !== INDEX_LAYER ? "" : ceilingWords(layer.values);
  byId("layer-note").replaceChildren(el("p", {}, layer.meaning), known ? el("p", { class: "ceiling" }, known) : "",
    layer.not_meaning ? el("p", { class: "not" }, el("strong", {}, "What it does not show: "), layer.not_meaning) : "");
  drawSentence();
}

/** What a score that has reached its top cannot say. */
function ceilingWords(values) {
  const { high } = statsOf(values);
  const at = values.filter((value) => value === high).length;
  return at > 1 ? `${at} of ${values.filter(isNumber).length} neighbourhoods share the highest score, ${formatted(high, "score")}: the score cannot tell them apart.` : "";
}

function chooseLayer(name, amount = STATE.amount) {
  const layer = layerNamed(name);
  if (!layer) return;
  STATE.layer = name;
  STATE.amount = amount;
  STATE.question = questionOf(layer);
  if (layer.subject) STATE.subjects[STATE.question] = layer.subject;
  STATE.descending = layer.scale.kind !== "classes";
  const focused = document.activeElement && document.activeElement.dataset.layer;
  drawThemes();
  drawLayers();
  if (focused) byId("layers").querySelector("[aria-checked=true]").focus();
  layerChanged();
}

/** Map, legend, list and patterns for the values that are there now. */
function layerChanged() {
  const layer = STATE_LAYER();
  COLOURING = colouring(layer, STATE.method, layer.name === INDEX_LAYER ? STATE.index.givenScores : layer.values);
  MAP.colour(COLOURING);
  drawLabels();
  drawLegend(layer);
  drawLists();
  markFindings();
  later.patterns();
  remember();
}

/** A value in the other measure: the people behind a share, the share behind a number; nothing where it is not known. */
function besideOf(place) {
  const layer = layerNamed(STATE.layer);
  const people = peopleBehind(layer);
  if (!people) return null;
  const value = STATE.amount === "people" ? layer.values[place] : people[place];
  return isNumber(value) ? formatted(value, STATE.amount === "people" ? layer.unit : "count") : null;
}

function drawLegend(layer) {
  const numbers = layer.scale.kind !== "classes";
  const counts = COLOURING.classes.map((_, number) => COLOURING.of.filter((of) => of === number).length);
  const without = COLOURING.of.filter((of) => of < 0).length;
  const most = Math.max(1, ...counts);
  const rows = COLOURING.classes.map(({ colour, label }, number) => counts[number] > 0 && el("li", {}, el("span", { class: "swatch", style: `background:${colour}` }), el("span", { class: "legend-label" }, label),
    el("span", { class: "legend-count", "aria-hidden": "true" }, el("span", { style: `width:${(100 * counts[number]) / most}%` })), el("span", { class: "legend-number" }, String(counts[number]))));
  if (numbers) rows.reverse();
  byId("legend").replaceChildren(...[
    el("h2", {}, layer.label),
    el("ul", {}, rows, without ? el("li", {}, el("span", { class: "swatch hatched" }), el("span", { class: "legend-label" }, "no value"), el("span", { class: "legend-count" }), el("span", { class: "legend-number" }, String(without))) : null),
    numbers && layer.scale.kind !== "diverging" ? el("button", { type: "button", class: "link", id: "legend-method", onclick: () => { STATE.method = STATE.method === "counts" ? "steps" : "counts"; layerChanged(); } },
      STATE.method === "counts" ? "Classes of equal numbers" : "Classes of equal steps") : null,
  ].filter(Boolean));
}

/** Rows that a list draws at once. */
const LIST_ROWS = 200;

/** The lists of both panes; one that nobody sees is drawn when its pane opens. */
function drawLists() {
  if (!byId("pane-layers").hidden) drawList(byId("list"), STATE_LAYER());
  if (STATE.index && !byId("pane-priorities").hidden) drawList(byId("index-list"), indexLayer());
}

/** Neighbourhoods from most to least, or class by class. */
function drawList(list, layer, rows = LIST_ROWS) {
  const numbers = layer.scale.kind !== "classes";
  const isIndex = layer.name === INDEX_LAYER;
  const ranks = isIndex ? STATE.evaluated.ranks : numbers ? ranksOf(layer.values) : null;
  const order = DATA.ids.map((_, place) => place);
  const key = numbers ? (place) => (isIndex ? -ranks[place] : layer.values[place]) : (place) => -COLOURING.of[place];
  const known = (place) => !isMissing(layer.values[place]);
  const sign = STATE.descending ? -1 : 1;
  order.sort((a, b) => known(b) - known(a) || (known(a) ? sign * (key(a) - key(b)) : 0) || NAME_RANK[a] - NAME_RANK[b]);
  const { low: least, high } = statsOf(layer.values);
  const low = Math.min(0, least);
  const colour = (place) => { const of = isIndex && STATE.layer !== INDEX_LAYER ? -1 : COLOURING.of[place]; return of >= 0 ? COLOURING.classes[of].colour : null; };
  // Ranges before ranks, as long as the weights are those of the study, for which ranges are known.
  const ranges = isIndex && !STATE.choices.own ? STATE.index.interval : null;
  const rankOf = (place) => {
    const [low, high] = (ranges && ranges[place]) || [ranks[place], ranks[place]];
    return isMissing(low) ? "–" : low === high ? low : `${low}–${high}`;
  };
  list.classList.toggle("ranges", Boolean(ranges));
  const shown = order.slice(0, rows);
  list.replaceChildren(...shown.map((place) => {
    const value = layer.values[place];
    const bar = numbers && isNumber(value) ? el("span", { class: "row-bar", "aria-hidden": "true" }, el("span", { style: `width:${(100 * (value - low)) / (high - low || 1)}%${colour(place) ? `;background:${colour(place)}` : ""}` })) : null;
    const moved = isIndex ? STATE.evaluated.given[place] - ranks[place] : 0;
    return el("li", {}, el("button", { type: "button", class: place === STATE.selected ? "row selected" : "row", "data-place": place },
      el("span", { class: "row-rank" }, ranks ? rankOf(place) : ""),
      numbers ? null : el("span", { class: "swatch", style: colour(place) ? `background:${colour(place)}` : null }),
      el("span", { class: "row-name" }, DATA.names[place]),
      list.id === "list" && besideOf(place) !== null ? el("span", { class: "row-moved row-beside" }, besideOf(place)) : null,
      isIndex && moved ? el("span", { class: "row-moved", title: "against the weights of the study" }, `${moved > 0 ? "▲" : "▼"}${Math.abs(moved)}`) : null,
      el("span", { class: "row-value" }, formatted(value, layer.unit)), bar));
  }));
  if (rows < COUNT) list.append(el("li", {}, el("button", { type: "button", class: "more", onclick: () => drawList(list, layer, rows + 5 * LIST_ROWS) }, `Show more of ${grouped(COUNT, 0)}`)));
  if (list.id !== "list") return;
  const amount = byId("list-amount");
  amount.hidden = !peopleBehind(layerNamed(STATE.layer));
  amount.textContent = STATE.amount === "people" ? "By share" : `By ${OF_PEOPLE ? "number of people" : "amount"}`;
  byId("list-title").textContent = isIndex ? (STATE.descending ? "From best to worst" : "From worst to best") : !numbers ? "By class" : STATE.descending ? "From most to least" : "From least to most";
}

// One neighbourhood.

function hoverPlace(place, at, service) {
  const tooltip = byId("tooltip");
  if (place !== STATE.hovered) {
    STATE.hovered = place;
    MAP.hover(place);
  }
  tooltip.hidden = place === null || !at;
  if (tooltip.hidden) return;
  const layer = STATE_LAYER();
  const value = layer.values[place];
  const rank = layer.scale.kind !== "classes" && isNumber(value) ? layer.values.filter((other) => isNumber(other) && other > value).length + 1 : null;
  const beside = besideOf(place);
  tooltip.replaceChildren(el("strong", {}, DATA.names[place]),
    el("span", {}, isMissing(value) ? "no value" : `${formatted(value, layer.unit)}${beside === null ? "" : ` (${beside})`}`),
    el("em", {}, `${layer.label}${rank === null ? "" : `; ${rank === 1 ? "" : `${ordinal(rank)} `}highest of ${layer.values.filter(isNumber).length}`}`), service ? el("em", {}, service) : "");
  const frame = byId("map-frame").getBoundingClientRect();
  tooltip.style.left = `${Math.min(at.x + 14, frame.width - tooltip.offsetWidth - 8)}px`;
  tooltip.style.top = `${Math.max(8, Math.min(at.y + 14, frame.height - tooltip.offsetHeight - 8))}px`;
}

/** On a phone the profile lies far below the map: what was tapped is said at the foot of the screen. */
function drawPhoneCard(place) {
  const card = byId("phone-card");
  card.hidden = place === null;
  if (card.hidden) return;
  const layer = STATE_LAYER();
  const beside = besideOf(place);
  const value = isMissing(layer.values[place]) ? "no value" : formatted(layer.values[place], layer.unit);
  card.replaceChildren(el("div", {}, el("strong", {}, DATA.names[place]), el("span", {}, `${value}${beside === null ? "" : ` (${beside})`}: ${layer.label}`)),
    el("button", { type: "button", onclick: () => { drawPhoneCard(null); byId("profile-name").scrollIntoView(); byId("profile-name").focus({ preventScroll: true }); } }, "More"),
    el("button", { type: "button", "aria-label": "Close", onclick: () => drawPhoneCard(null) }, "×"));
}

function selectPlace(place, show) {
  const focused = byId("panel").contains(document.activeElement);
  STATE.selected = place;
  if (STATE.compared === place) STATE.compared = null;
  MAP.select(place, STATE.compared);
  if (place !== null) {
    if (show) MAP.show(place);
    openTab("profile");
    byId("panel").scrollTop = 0;
    // Whoever chose by a button of the list or by its keys goes on reading at the name.
    if (focused) byId("profile-name").focus({ preventScroll: true });
    announce(`${DATA.names[place]} is chosen.`);
  } else {
    drawProfile();
  }
  for (const row of document.querySelectorAll(".row, tr[data-place], .dot")) row.classList.toggle("selected", Number(row.dataset.place) === place);
  remember();
}

function comparePlace(place) {
  STATE.compared = place === STATE.selected ? null : place;
  MAP.select(STATE.selected, STATE.compared);
  drawProfile();
  remember();
}

// The index.

function chooseIndex(at) {
  STATE.index = DATA.indices[at] || null;
  if (!STATE.index) return;
  STATE.choices = givenChoices(STATE.index);
  evaluateIndex();
  STATE.evaluated.given = STATE.evaluated.ranks;
  STATE.index.givenScores = STATE.evaluated.scores[STATE.evaluated.scores.length - 1];
  if (MAP) {
    drawPriorities();
    choicesChanged();
  }
}

function evaluateIndex() {
  const scores = evaluate(STATE.index, STATE.choices);
  const given = STATE.evaluated ? STATE.evaluated.given : null;
  STATE.evaluated = { scores, ranks: indexRanks(STATE.index, scores[scores.length - 1]), given };
}

/** Everything that depends on the weights, once a frame. */
const choicesChanged = eachFrame(() => {
  evaluateIndex();
  if (STATE.layer === INDEX_LAYER) layerChanged();
  else chooseLayer(INDEX_LAYER);
  later.rest();
  remember();
});

const later = {
  // Thousands of dots follow when the slider rests.
  patterns: (COUNT > 1000 ? afterRest : eachFrame)(() => { if (isNear("patterns")) drawPatterns(); else stale.add("patterns"); }),
  rest: (COUNT > 1000 ? afterRest : eachFrame)(() => { drawProfile(); drawTable(); }),
};
const stale = new Set();

function isNear(id) {
  const box = byId(id).getBoundingClientRect();
  return box.top < window.innerHeight + 200 && box.bottom > -200;
}

function drawPatterns() {
  stale.delete("patterns");
  const layer = STATE_LAYER();
  const numbers = numberLayers();
  const named = (name, fallback) => layerNamed(name) || layerNamed(fallback) || numbers[0];
  const isolated = COLUMNS.has("service_isolation") ? "service_isolation" : numbers[0].name;
  const places = COLUMNS.has("share_of_categories_within_15_min") ? "share_of_categories_within_15_min" : numbers[Math.min(1, numbers.length - 1)].name;
  drawDistribution(layer, COLOURING, STATE.selected);
  drawEquity(layer, named(STATE.equityBy, layer.name === isolated ? places : isolated));
  const across = named(STATE.scatterX, isolated);
  const upwards = layerNamed(STATE.scatterY) || (layer.scale.kind !== "classes" && layer.name !== across.name ? layer : named(places));
  drawScatter(across, upwards, COLOURING, STATE.selected);
}

// Names on the map.

const BY_SIZE = DATA.ids.map((_, place) => place).filter((place) => ANCHORS[place]).sort((a, b) => RESIDENTS[b] - RESIDENTS[a]);

const drawLabels = eachFrame(() => {
  const box = byId("labels");
  const frame = byId("map").getBoundingClientRect();
  const taken = [];
  const labels = [];
  const order = STATE.selected === null ? BY_SIZE : [STATE.selected, ...BY_SIZE.filter((place) => place !== STATE.selected)];
  for (const place of order.slice(0, 400)) {
    const { at, box: [west, south, east, north] } = ANCHORS[place];
    const [middle, left, right] = [MAP.project(at), MAP.project([west, south]), MAP.project([east, north])];
    const name = shortName(place);
    const width = name.length * 6.6 + 8;
    if (middle.x < width / 2 || middle.y < 8 || middle.x > frame.width - width / 2 || middle.y > frame.height - 8) continue;
    if (Math.abs(right.x - left.x) < width * 0.8 && place !== STATE.selected) continue;
    const own = [middle.x - width / 2, middle.y - 9, middle.x + width / 2, middle.y + 9];
    if (taken.some((other) => own[0] < other[2] && other[0] < own[2] && own[1] < other[3] && other[1] < own[3])) continue;
    taken.push(own);
    const of = COLOURING.of[place];
    const dark = of >= 0 ? isDarkColour(COLOURING.classes[of].colour) : isDark();
    labels.push(el("span", { class: dark ? "on-dark" : null, style: `left:${middle.x.toFixed(0)}px;top:${middle.y.toFixed(0)}px` }, name));
    if (labels.length >= 60) break;
  }
  box.replaceChildren(...labels, ...groundNames(frame, taken));
});

/** Names of parks, waters and main roads, where they are large enough on the screen and nothing else stands there. */
function groundNames(frame, taken) {
  const { origin, step, names, bounds } = DATA.ground;
  const [left, right] = [MAP.project([bounds[0], bounds[1]]), MAP.project([bounds[2], bounds[1]])];
  const pixels = Math.abs(right.x - left.x) / ((bounds[2] - bounds[0]) * 111320 * Math.cos((bounds[1] * Math.PI) / 180));
  const shown = [];
  for (const { name, kind, at, size } of names) {
    const width = name.length * 5.6 + 6;
    if (size * pixels < (kind === "road" ? 2.5 : 0.8) * width) continue;
    const middle = MAP.project([origin[0] + at[0] * step, origin[1] + at[1] * step]);
    if (middle.x < width / 2 || middle.y < 8 || middle.x > frame.width - width / 2 || middle.y > frame.height - 8) continue;
    const own = [middle.x - width / 2, middle.y - 8, middle.x + width / 2, middle.y + 8];
    if (taken.some((other) => own[0] < other[2] && other[0] < own[2] && own[1] < other[3] && other[1] < own[3])) continue;
    taken.push(own);
    shown.push(el("span", { class: `ground-name ${kind}`, style: `left:${middle.x.toFixed(0)}px;top:${middle.y.toFixed(0)}px` }, name));
    if (shown.length >= 24) break;
  }
  return shown;
}

// Tabs, search, link, colours.

function openTab(name) {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const open = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(open));
    tab.tabIndex = open ? 0 : -1;
    byId(tab.getAttribute("aria-controls")).hidden = !open;
  }
  drawLists();
  drawProfile();
  drawTry();
  remember();
}

function setUpSearch() {
  const input = byId("search");
  const list = byId("search-results");
  let active = -1;
  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); active = -1; };
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const choose = (place) => { input.value = DATA.names[place]; close(); selectPlace(place, true); };
  const mark = (at) => {
    const options = [...list.children];
    if (!options.length) return;
    active = (at + options.length) % options.length;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === active)));
    input.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  };
  input.addEventListener("input", () => {
    const wanted = plain(input.value.trim());
    const found = wanted ? DATA.ids.map((_, place) => place).filter((place) => plain(`${DATA.names[place]} ${DATA.ids[place]}`).includes(wanted)) : [];
    found.sort((a, b) => plain(DATA.names[b]).startsWith(wanted) - plain(DATA.names[a]).startsWith(wanted) || a - b);
    list.replaceChildren(...found.slice(0, 12).map((place, at) => el("li", { role: "option", id: `found-${at}`, "data-place": place, "aria-selected": "false", onpointerdown: (event) => { event.preventDefault(); choose(place); } }, DATA.names[place])));
    if (wanted && !found.length) list.replaceChildren(el("li", { class: "quiet-text" }, "No neighbourhood of this name."));
    list.hidden = !wanted;
    input.setAttribute("aria-expanded", String(Boolean(wanted)));
    active = -1;
    if (found.length) mark(0);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); mark(active + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); mark(active - 1); }
    else if (event.key === "Escape") { input.value = ""; close(); }
    else if (event.key === "Enter" && list.children[active]) choose(Number(list.children[active].dataset.place));
  });
  input.addEventListener("blur", close);
}

function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  recolour();
  remember();
}

/** Everything that has a colour, in those of the theme. */
function recolour() {
  MAP.theme();
  layerChanged();
  stale.add("patterns");
  drawPatterns();
  drawProfile();
}

/** A simplified Markdown, as the summary is written in, as elements. */
function markdown(text) {
  const parts = [];
  const inline = (line) => line.split(/(\*\*[^*]+\*\*|`[^`]+`)/).filter(Boolean).map((piece) =>
    piece.startsWith("**") ? el("strong", {}, piece.slice(2, -2)) : piece.startsWith("`") ? el("code", {}, piece.slice(1, -1)) : piece);
  const cells = (line) => line.replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.replaceAll("\\|", "|").trim());
  let table = null;
  let list = null;
  for (const line of text.split("\n")) {
    if (!line.startsWith("|")) table = null;
    if (!line.startsWith("- ")) list = null;
    if (line.startsWith("#")) {
      const [marks] = line.match(/^#+/);
      if (marks.length > 1) parts.push(el("h3", {}, inline(line.slice(marks.length).trim())));
    } else if (line.startsWith("- ")) {
      if (!list) parts.push((list = el("ul", {})));
      list.append(el("li", {}, inline(line.slice(2))));
    } else if (/^\|[\s:|-]+\|$/.test(line) && table) {
      table.right = cells(line).map((cell) => cell.endsWith(":"));
    } else if (line.startsWith("|")) {
      if (!table) {
        table = { body: el("tbody", {}), right: [] };
        const head = cells(line).some(Boolean) ? el("thead", {}, el("tr", {}, cells(line).map((cell) => el("th", { scope: "col" }, inline(cell))))) : null;
        parts.push(el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table of the summary" }, el("table", {}, head, table.body)));
      } else {
        const { right } = table;
        table.body.append(el("tr", {}, cells(line).map((cell, at) => el("td", { class: right[at] ? "number" : null }, inline(cell)))));
      }
    } else if (line.trim()) {
      parts.push(el("p", {}, inline(line)));
    }
  }
  return parts;
}

/** What must be known before any number. */
function drawCautions() {
  const notes = [...(DATA.stand_in ? [["Homes: ", DATA.stand_in]] : []), ...DATA.cautions.map((caution) => ["Caution: ", caution])];
  byId("cautions").replaceChildren(...notes.map(([label, words]) => el("p", {}, el("strong", {}, label), `${words}.`)));
  byId("cautions").hidden = !notes.length;
}

/** Where the data comes from, with the credit that its licences ask for. */
function sourceLines() {
  if (!DATA.sources.length) return ["Sources and licences are not stated in the study."];
  const lines = DATA.sources.map(({ line, address }) => (address ? el("a", { href: address, rel: "noreferrer" }, line) : line));
  return ["Data: ", ...lines.flatMap((line, at) => (at ? [" · ", line] : [line]))];
}

/** Shows or hides what lies on the map beside the layer; one barrier or place that is pointed out is gone with the next. */
function setOverlays(part) {
  Object.assign(STATE.overlays, { barrier: null, meeting: null }, part);
  MAP.overlays(STATE.overlays);
  drawOverlays();
  remember();
}

/** Barriers that are shown: all, or the one that is pointed out. */
function shownBarriers({ barriers, barrier }) {
  if (barrier !== null) return [DATA.between.barriers[barrier]];
  return barriers ? DATA.between.barriers : [];
}

/** Places that are shown, as points with names: those of a category, or the one that is pointed out. */
function shownPlaces({ category, meeting }) {
  if (meeting === null) return category ? servicePoints(category) : [];
  const { name, at } = DATA.between.places[meeting];
  return at ? [{ name, at: degrees(at)[0] }] : [];
}

function drawOverlays() {
  const box = (label, name) => el("label", {}, el("input", { type: "checkbox", checked: STATE.overlays[name], onchange: (event) => setOverlays({ [name]: event.target.checked }) }), ` ${label}`);
  const categories = Object.keys(DATA.ground.services);
  byId("overlays").replaceChildren(...[
    DATA.network.block || DATA.ground.streets.some((lines) => lines.length) ? box("Streets", "streets") : null,
    DATA.ground.parks.length ? box("Parks", "parks") : null,
    DATA.between.barriers.length ? box("Barriers", "barriers") : null,
    categories.length ? el("select", { "aria-label": "Places on the map", onchange: (event) => setOverlays({ category: event.target.value }) }, el("option", { value: "" }, "No places"), categories.map((name) => el("option", { value: name, selected: name === STATE.overlays.category }, formatted(name, "words")))) : null,
    el("button", { type: "button", class: "link", onclick: () => MAP.home() }, "Whole area"),
  ].filter(Boolean));
}

function drawMeanings() {
  byId("meanings").replaceChildren(el("thead", {}, el("tr", {}, ["Column", "Shown as", "What it is", "What it is not"].map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, DATA.columns.map((column) => el("tr", {}, el("td", {}, el("code", {}, column.name)), el("td", {}, column.label), el("td", {}, column.meaning), el("td", {}, column.not_meaning)))));
}

/** What paper shows beside it is made as it is printed; the map is drawn as lines, in light colours, whatever the screen shows. */
function drawForPrint() {
  drawBrief();
  screenTheme = document.documentElement.dataset.theme || null;
  document.documentElement.dataset.theme = "light";
  recolour();
  const drawn = drawnMap(COLOURING);
  drawn.frame.append(mapFurniture(drawn));
  drawn.frame.id = "print-map";
  byId("map-frame").append(drawn.frame);
}

/** The theme of the screen, while paper has its own. */
let screenTheme = null;

function drawForScreen() {
  const drawn = byId("print-map");
  if (!drawn) return;
  drawn.remove();
  byId("brief").hidden = true;
  if (screenTheme) document.documentElement.dataset.theme = screenTheme;
  else delete document.documentElement.dataset.theme;
  recolour();
}

/** The map with WebGL where it works, as lines of SVG elsewhere. */
async function makeMap(handlers) {
  if (hasWebGl()) {
    try {
      await loadMapLibre();
      const map = glMap(handlers);
      document.documentElement.dataset.map = "webgl";
      return map;
    } catch (error) {
      console.info(`The map is drawn as SVG: ${error.message}`);
      byId("map").replaceChildren();
    }
  }
  document.documentElement.dataset.map = "svg";
  return svgMap(handlers);
}

async function start() {
  readIndices();
  byId("title").textContent = DATA.name;
  byId("subtitle").textContent = `${amountOf(sum(RESIDENTS))} in ${grouped(COUNT, 0)} neighbourhoods, measured from every home along real streets`;
  byId("version").textContent = DATA.version;
  byId("made-data").hidden = !DATA.made_data;
  byId("attribution").replaceChildren(...sourceLines());
  if (DATA.indices.length) chooseIndex(0);
  const [first] = findingsOf();
  const [number] = DATA.columns.filter(({ scale }) => scale.kind !== "classes");
  STATE.layer = STATE.firstLayer = first ? first.layer : COLUMNS.has("service_isolation") ? "service_isolation" : (number || DATA.columns[0]).name;
  STATE.amount = STATE.firstAmount = first ? "people" : "share";
  STATE.question = questionOf(STATE_LAYER());
  const handlers = {
    hover: hoverPlace,
    click: (place, at) => {
      if (tryAt(at) || place === null) return;
      selectPlace(place, false);
      drawPhoneCard(place);
    },
    moved: () => drawLabels(),
    rested: () => remember(),
  };
  // What stands above the map decides how high it is: it is fitted once all of that is there.
  drawFindings();
  drawCautions();
  fitHeight();
  MAP = await makeMap(handlers);
  drawOverlays();
  drawThemes();
  drawLayers();
  layerChanged();
  for (const [id, draw] of PARTS) guarded(id, draw);
  setUpSearch();
  setUpEvents();
  restore();
  try {
    await drawStreets();
  } catch (error) {
    console.info(`The streets cannot be drawn: ${error.message}`);
  }
  document.documentElement.dataset.ready = "true";
}

/** Parts of the page that stand by themselves. */
const PARTS = [
  ["pane-priorities", drawPriorities], ["pane-profile", drawProfile], ["reach", drawReach], ["between", drawBetween], ["districts", drawDistricts],
  ["table", () => { drawTableTools(); drawTable(); }], ["about", () => { drawMeanings(); byId("summary").replaceChildren(...markdown(DATA.summary)); }],
];

/** One part that fails says so where it stands, and the others are drawn. */
function guarded(id, draw) {
  try {
    draw();
  } catch (error) {
    console.info(`${id}: ${error.message}`);
    byId(id).append(el("p", { class: "note part-failed", role: "alert" }, el("strong", {}, "This part could not be drawn. "), "The others are as they should be. ", el("code", {}, error.message)));
  }
}

function fitHeight() {
  byId("explore").style.setProperty("--above", `${byId("explore").offsetTop}px`);
}

function setUpEvents() {
  const placeUnder = (event) => { const mark = event.target.closest("[data-place]"); return mark ? Number(mark.dataset.place) : null; };
  for (const id of ["list", "pane-priorities", "distribution", "scatter"]) {
    byId(id).addEventListener("click", (event) => { const place = placeUnder(event); if (place !== null) selectPlace(place, true); });
    byId(id).addEventListener("pointerover", (event) => hoverPlace(placeUnder(event)));
    byId(id).addEventListener("pointerleave", () => hoverPlace(null));
  }
  byId("list-order").addEventListener("click", () => { STATE.descending = !STATE.descending; drawLists(); remember(); });
  const chooseTab = (tab) => {
    openTab(tab.id.slice(4));
    // Whoever weighs sees what the weights do.
    if (tab.id === "tab-priorities" && STATE.layer !== INDEX_LAYER) chooseLayer(INDEX_LAYER);
  };
  for (const tab of document.querySelectorAll("[role=tab]")) tab.addEventListener("click", () => chooseTab(tab));
  walkWithArrows(document.querySelector("[role=tablist]"), "[role=tab]:not([hidden])", chooseTab);
  walkWithArrows(byId("layers"), "[role=radio]", (button) => button.click());
  walkWithArrows(byId("list"), ".row", () => {});
  for (const link of document.querySelectorAll("[data-scroll]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const target = byId(link.dataset.scroll);
      target.scrollIntoView();
      if (link.classList.contains("skip")) byId("list").querySelector(".row").focus();
    });
  }
  byId("list-amount").addEventListener("click", () => { chooseLayer(STATE.layer, STATE.amount === "people" ? "share" : "people"); });
  byId("print-brief").addEventListener("click", () => window.print());
  byId("theme").addEventListener("click", () => setTheme(isDark() ? "light" : "dark"));
  prefersDark.addEventListener("change", () => setTheme(null));
  window.addEventListener("hashchange", restore);
  window.addEventListener("resize", () => { fitHeight(); MAP.resize(); drawLabels(); });
  window.addEventListener("scroll", eachFrame(() => { if (stale.has("patterns") && isNear("patterns")) drawPatterns(); }), { passive: true });
  window.addEventListener("beforeprint", drawForPrint);
  window.addEventListener("afterprint", drawForScreen);
}

start().catch(reportFailure);
