// What is in the file: read once, never changed.

const DATA = (() => {
  try {
    return JSON.parse(byId("data").textContent);
  } catch (error) {
    reportFailure(error);
    throw error;
  }
})();
const COUNT = DATA.ids.length;

/** Columns by name, each with `name, label, unit, scale, theme, meaning, not_meaning, values`. */
const COLUMNS = new Map(DATA.columns.map((column) => [column.name, column]));

/**
 * The indices, as `index.js` takes them: `made_of` becomes `children` and `weights`, the definition a table.
 * Places of an index stand in the order of the study.
 */
function readIndices() {
  DATA.indices = DATA.indices.map((index) => ({
    ...index,
    definition: fromToml(index.definition),
    status: index.places.map(({ status }) => status),
    parts: index.parts.map((part) => ({
      name: part.name,
      method: part.aggregate,
      power: part.power,
      scores: part.scores,
      weights: part.made_of.map(({ weight }) => weight),
      children: part.made_of.map(({ kind, position }) => ({ [kind]: position })),
    })),
    interval: index.rank_low ? index.rank_low.map((low, place) => (isNumber(low) ? [low, index.rank_high[place]] : null)) : null,
  }));
}

const THEMES = [
  ["cohesion", "Cohesion"],
  ["access", "Access"],
  ["isolation", "Isolation"],
  ["persons", "By person"],
  ["encounter", "Meeting"],
  ["safety", "Safety"],
  ["people", "People"],
  ["change", "Change"],
  ["barriers", "Barriers"],
  ["other", "Other"],
];

/** What people ask, each with the themes that answer it. */
const QUESTIONS = [
  ["reach", "What can people reach?", ["access", "cohesion"], ["share_of_categories_within_15_min"]],
  ["left_out", "Who is left out?", ["isolation", "persons"], ["service_isolation"]],
  ["changing", "Is it changing?", ["change"], ["gentrification_agreement"]],
  ["meet", "Where do people meet?", ["encounter", "safety"], ["encounter"]],
  ["divide", "What divides us?", ["barriers", "people", "other"], ["severance"]],
];

/** The question that a layer answers. */
const questionOf = (layer) => QUESTIONS.find(([, , themes]) => themes.includes(layer.theme))[0];

const columnValues = (name) => (COLUMNS.get(name) ? COLUMNS.get(name).values : []);

/** How much each neighbourhood counts for: its residents, or what the study counts instead; 0 where there is none. */
const RESIDENTS = Array.from({ length: COUNT }, (_, place) => columnValues(DATA.weight.column)[place] || 0);

const isMissing = (value) => value === null || value === undefined;

/** Neighbourhoods by name, and where each stands in that order: comparing words is slow, and thousands are sorted often. */
const collator = new Intl.Collator("en");
const BY_NAME = DATA.ids.map((_, place) => place).sort((a, b) => collator.compare(DATA.names[a], DATA.names[b]) || a - b);
const NAME_RANK = new Array(COUNT);
BY_NAME.forEach((place, rank) => { NAME_RANK[place] = rank; });

/** Lowest, highest and residents' mean of a list of values; found once a list. */
function statsOf(values) {
  let found = statsOf.known.get(values);
  if (found) return found;
  let [low, high, sum, people] = [Infinity, -Infinity, 0, 0];
  values.forEach((value, place) => {
    if (!isNumber(value)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
    sum += value * RESIDENTS[place];
    people += RESIDENTS[place];
  });
  found = { low, high, mean: people > 0 ? sum / people : null };
  statsOf.known.set(values, found);
  return found;
}
statsOf.known = new WeakMap();

/** Mean over residents; null where nobody has a value. */
const residentsMean = (values) => statsOf(values).mean;

/** Place of each value among all, 1 for the greatest; ties share the better place; null stays null. */
function ranksOf(values) {
  const known = values.map((value, place) => [value, place]).filter(([value]) => isNumber(value));
  known.sort((a, b) => b[0] - a[0]);
  const ranks = new Array(values.length).fill(null);
  known.forEach(([value, place], at) => {
    ranks[place] = at > 0 && known[at - 1][0] === value ? ranks[known[at - 1][1]] : at + 1;
  });
  return ranks;
}

/** Ranks from 1 for the lowest; equal values share the mean of their ranks. */
function midRanks(values) {
  const order = values.map((value, at) => [value, at]).sort((p, q) => p[0] - q[0]);
  const ranks = [];
  for (let first = 0; first < order.length; ) {
    let end = first;
    while (end < order.length && order[end][0] === order[first][0]) end++;
    for (let member = first; member < end; member++) ranks[order[member][1]] = (first + end + 1) / 2;
    first = end;
  }
  return ranks;
}

/** The classes of a column of words or answers: by their number, then by name; "unknown" and the like last. */
function classesOf(column) {
  const known = new Map();
  for (const value of column.values) {
    if (!isMissing(value)) known.set(String(value), (known.get(String(value)) || 0) + 1);
  }
  const quiet = (name) => (/^(unknown|not assessed|no data)/.test(name) ? 2 : /^(not |no$|none|false)/.test(name) ? 1 : 0);
  return [...known.keys()].sort((a, b) => quiet(a) - quiet(b) || a.localeCompare(b, "en"));
}

// Geometry: lines of whole steps to lines of degrees.

function degrees(line) {
  const { origin, step } = DATA.ground;
  const points = [];
  let x = 0;
  let y = 0;
  for (let at = 0; at < line.length; at += 2) {
    x += line[at];
    y += line[at + 1];
    points.push([origin[0] + x * step, origin[1] + y * step]);
  }
  return points;
}

const ARCS = DATA.ground.arcs.map(degrees);

function ringOf(arcs) {
  const ring = [];
  for (const arc of arcs) {
    const points = arc < 0 ? ARCS[~arc].slice().reverse() : ARCS[arc];
    ring.push(...(ring.length ? points.slice(1) : points));
  }
  return ring;
}

/** For each neighbourhood its polygons as GeoJSON writes them. */
const AREAS = DATA.ground.areas.map((polygons) => polygons.map((rings) => rings.map(ringOf)));

/** A point inside each neighbourhood's largest ring to hang a name on, and that ring's box. */
const ANCHORS = AREAS.map((polygons) => {
  let best = null;
  for (const [ring] of polygons) {
    const xs = ring.map(([x]) => x);
    const ys = ring.map(([, y]) => y);
    const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    const size = (box[2] - box[0]) * (box[3] - box[1]);
    if (!best || size > best.size) best = { ring, box, size };
  }
  return best && { box: best.box, at: middleOf(best.ring) };
});

/** The middle of the widest stretch of a ring at half its height. */
function middleOf(ring) {
  const ys = ring.map(([, y]) => y);
  const low = Math.min(...ys);
  const high = Math.max(...ys);
  let best = null;
  for (const part of [0.5, 0.4, 0.6]) {
    const level = low + (high - low) * part + 1e-9;
    const crossings = [];
    for (let at = 1; at < ring.length; at++) {
      const [[x1, y1], [x2, y2]] = [ring[at - 1], ring[at]];
      if ((y1 <= level) !== (y2 <= level)) crossings.push(x1 + ((level - y1) / (y2 - y1)) * (x2 - x1));
    }
    crossings.sort((a, b) => a - b);
    for (let at = 1; at < crossings.length; at += 2) {
      const width = crossings[at] - crossings[at - 1];
      if (!best || width > best.width * 1.1) best = { width, at: [(crossings[at] + crossings[at - 1]) / 2, level] };
    }
  }
  return best ? best.at : ring[0];
}

/** The box of a neighbourhood in degrees: west, south, east, north. */
function boxOf(place) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [ring] of AREAS[place]) {
    for (const [x, y] of ring) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box;
}

/** A neighbourhood as GeoJSON. */
function placeFeature(place) {
  return { type: "Feature", id: place, properties: {}, geometry: { type: "MultiPolygon", coordinates: AREAS[place] } };
}

/** The neighbourhoods as GeoJSON, with the properties that `properties(place)` gives. */
function geojson(properties) {
  return { type: "FeatureCollection", features: AREAS.map((_, place) => ({ ...placeFeature(place), properties: properties(place) })) };
}
