// Paper: a brief of two pages for a council, or one sheet about a neighbourhood.

const PAPER_ROWS = 10;

/** What stands on paper beside map and legend: findings, ten rows, method in three sentences, sources, date and link. */
function drawBrief() {
  const place = STATE.selected !== null && tabOpen() === "profile" ? STATE.selected : null;
  document.documentElement.dataset.paper = place === null ? "brief" : "sheet";
  const layer = STATE_LAYER();
  const known = layer.values.map((value, at) => [value, at]).filter(([value]) => isNumber(value)).sort((a, b) => b[0] - a[0]).slice(0, PAPER_ROWS);
  const beside = peopleBehind(layerNamed(STATE.layer)) ? (STATE.amount === "people" ? "Share" : capital(DATA.weight.units)) : null;
  const rows = known.map(([value, at], rank) => el("tr", {}, el("td", { class: "number" }, String(rank + 1)), el("th", { scope: "row" }, DATA.names[at]),
    el("td", { class: "number" }, formatted(value, layer.unit)), beside ? el("td", { class: "number" }, besideOf(at) ?? "–") : null));
  const list = known.length && place === null ? [el("h2", {}, `${layer.label}: the ${known.length} highest`), el("table", { class: "shares" },
    el("thead", {}, el("tr", {}, ["", "Neighbourhood", layer.unit === "share" ? "Share" : "Value", beside].filter((text) => text !== null).map((text, at) => el("th", { scope: "col", class: at === 1 ? null : "number" }, text)))), el("tbody", {}, rows))] : [];
  const method = [`Walks are measured along streets from every home to the closest place of each kind, as ${DATA.traveller}; each home counts by its ${DATA.weight.noun}.`,
    `Within reach means at most ${STANDARD} minutes; those without any route there count as out of reach.`,
    "Numbers describe places and conditions, not the people who live there, and not quality, opening hours or price."];
  byId("brief").replaceChildren(...list, el("h2", {}, "How it was measured"), ...method.map((text) => el("p", {}, text)),
    el("h2", {}, "Sources"), el("p", {}, ...sourceLines().map((part) => (typeof part === "string" ? part : part.textContent))),
    el("p", {}, `commonground ${DATA.version}, printed on ${new Date().toISOString().slice(0, 10)}.${DATA.made_data ? " Made data: this is not a real place." : ""}`),
    el("p", { class: "view-code" }, "The same view in any copy of this report: paste behind its address ", el("code", {}, `#${viewWords()}`)));
  byId("brief").hidden = false;
}

/** The scale and the north of a printed map, and the names of the neighbourhoods with room for them. */
function mapFurniture({ point, height }) {
  const [west, south, east, north] = DATA.ground.bounds;
  const metres = (east - west) * 111320 * Math.cos((((south + north) / 2) * Math.PI) / 180);
  const power = 10 ** Math.floor(Math.log10(metres / 4));
  const length = [5, 2, 1].map((part) => part * power).find((candidate) => candidate <= metres / 4) || power;
  const width = (WIDTH * length) / metres;
  const label = length >= 1000 ? `${length / 1000} km` : `${length} m`;
  const taken = [];
  const names = BY_SIZE.map((place) => {
    const [x, y] = point(ANCHORS[place].at);
    const name = shortName(place);
    const half = name.length * 4.6;
    const own = [x - half, y - 10, x + half, y + 10];
    const [left] = point([ANCHORS[place].box[0], ANCHORS[place].box[1]]);
    const [right] = point([ANCHORS[place].box[2], ANCHORS[place].box[1]]);
    if (right - left < half || taken.some((other) => own[0] < other[2] && other[0] < own[2] && own[1] < other[3] && other[1] < own[3])) return null;
    taken.push(own);
    return svg("text", { x, y: y + 5, "text-anchor": "middle", "font-size": 15, "font-weight": 600, fill: "#000", stroke: "#fff", "stroke-width": 3.5, "paint-order": "stroke", "stroke-linejoin": "round" }, name);
  }).filter(Boolean);
  return svg("g", { class: "furniture" }, names,
    svg("path", { d: `M0 ${height + 8}v8h${width}v-8`, fill: "none", stroke: "#000" }), svg("text", { x: width + 8, y: height + 18, "font-size": 15 }, label),
    svg("path", { d: `M${WIDTH - 12} ${height + 20}l6 -20l6 20l-6 -5z` }), svg("text", { x: WIDTH - 34, y: height + 20, "font-size": 15 }, "N"));
}
