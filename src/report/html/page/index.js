// The index of cohesion conditions: the same sums, in the same order, as the library's `scores::cohesion`.
//
// An index has `indicators` (with one normalised value a neighbourhood, null where there is none) and `parts`, children
// before their parents; the last part is the index. A part has `children` ({indicator: n} or {part: n}), `weights` and
// a `method`.

const MEANS = {
  arithmetic: { floor: false, of: (values, weights, all) => total(values, weights, (x) => x) / all },
  geometric: { floor: true, of: (values, weights, all) => Math.exp(total(values, weights, Math.log) / all) },
  harmonic: { floor: true, of: (values, weights, all) => all / total(values, weights, (x) => 1 / x) },
  generalised: {
    floor: true,
    of: (values, weights, all, power) =>
      power === 0
        ? MEANS.geometric.of(values, weights, all)
        : (total(values, weights, (x) => x ** power) / all) ** (1 / power),
  },
};

// A sum stands for all of its parts, as a mean does.
MEANS.sum = {
  floor: false,
  of: (values, weights, known, power, all) => (known === all ? 1 : all / known) * total(values, weights, (x) => x),
};

function total(values, weights, of) {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += weights[at] * of(values[at]);
  return sum;
}

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

/** The values of a child of a part: `scores` are those of the parts that are done. */
const childValues = (index, scores, child) =>
  child.indicator === undefined ? scores[child.part] : index.indicators[child.indicator].normalised;

/** Methods that look at one place alone, and those that compare places. */
const isMethod = (name) => Boolean(MEANS[name] || COMPARISONS[name]);

/** One value per neighbourhood for each part, with these weights and methods; the last is the index. */
function evaluate(index, choices) {
  const scores = [];
  index.parts.forEach((part, number) => {
    const weights = choices.weights[number];
    const method = choices.methods[number];
    const columns = part.children.map((child) => childValues(index, scores, child));
    const all = sum(weights);
    const enough = Array.from({ length: COUNT }, (_, place) => {
      let known = 0;
      columns.forEach((column, at) => { if (isNumber(column[place])) known += weights[at]; });
      // The last bit of a sum of weights must not decide.
      return known > 0 && known / all >= index.threshold - 1e-9;
    });
    const found = MEANS[method] ? means(index, part, MEANS[method], columns, weights, enough)
      : COMPARISONS[method](columns.map((column) => column.map((value, place) => (enough[place] && isNumber(value) ? value : null))), weights);
    scores.push(isMissing(index.round) ? found : found.map((score) => (isNumber(score) ? roundedAway(score, index.round) : null)));
  });
  return scores;
}

function means(index, part, mean, columns, weights, enough) {
  return enough.map((isEnough, place) => (isEnough ? meanOf(index, part, mean, columns.map((column) => column[place]), weights) : null));
}

/** One number of those that are known. */
function meanOf(index, part, mean, all, weights) {
  const values = [];
  const kept = [];
  all.forEach((value, at) => {
    if (!isNumber(value)) return;
    values.push(mean.floor ? Math.max(value, index.floor) : value);
    kept.push(weights[at]);
  });
  const whole = mean.of(values, kept, sum(kept), part.power, sum(weights));
  // A mean lies between its values, whatever the last bits of logarithms and powers say.
  return mean === MEANS.sum ? whole : Math.min(Math.max(whole, Math.min(...values)), Math.max(...values));
}

/** To so many decimals, halves away from 0. */
function roundedAway(value, decimals) {
  const shift = 10 ** Math.min(decimals, 15);
  return (Math.sign(value) * Math.round(Math.abs(value) * shift)) / shift;
}

/** Sum over all other places of the share of weight in which this one is better, half of it where both are equal. */
function copeland(columns, weights) {
  const places = Array.from({ length: COUNT }, (_, place) => place);
  const gaps = places.some((place) => columns.some((column) => isNumber(column[place])) && columns.some((column) => !isNumber(column[place])));
  if (gaps) return outranked(columns, weights);
  // Where nothing is missing, a part's share is the number of places below and half of those level: its rank.
  const all = sum(weights);
  const known = places.filter((place) => isNumber(columns[0][place]));
  const scores = new Array(COUNT).fill(null);
  for (const place of known) scores[place] = 0;
  columns.forEach((column, at) => {
    midRanks(known.map((place) => column[place])).forEach((rank, position) => { scores[known[position]] += (weights[at] / all) * (rank - 1); });
  });
  return scores;
}

function outranked(columns, weights) {
  const known = knownIn(columns);
  return known.map((isKnown, place) => {
    if (!isKnown) return null;
    let score = 0;
    for (let other = 0; other < COUNT; other++) {
      const share = other !== place && known[other] ? shareWon(columns, weights, place, other) : null;
      if (share !== null) score += share;
    }
    return score;
  });
}

/** Places beaten by a majority of the weight, less places lost to. */
function copelandMajority(columns, weights) {
  const known = knownIn(columns);
  const scores = known.map((isKnown) => (isKnown ? 0 : null));
  for (let place = 0; place < COUNT; place++) {
    if (!known[place]) continue;
    for (let other = 0; other < place; other++) {
      if (!known[other]) continue;
      const share = shareWon(columns, weights, place, other);
      // Half and half is a draw, whatever the last bit says.
      const won = share === null || Math.abs(share - 0.5) <= 1e-12 ? 0 : Math.sign(share - 0.5);
      scores[place] += won;
      scores[other] -= won;
    }
  }
  return scores;
}

const knownIn = (columns) => Array.from({ length: COUNT }, (_, place) => columns.some((column) => isNumber(column[place])));

/** Share of the weight of the parts that both have in which a place is better than another; null if they share none. */
function shareWon(columns, weights, place, other) {
  let won = 0;
  let all = 0;
  for (let at = 0; at < columns.length; at++) {
    const own = columns[at][place];
    const theirs = columns[at][other];
    if (own === null || theirs === null) continue;
    all += weights[at];
    won += own > theirs ? weights[at] : own === theirs ? weights[at] / 2 : 0;
  }
  return all > 0 ? won / all : null;
}

const COMPARISONS = { copeland, copeland_majority: copelandMajority };

/** The weights and methods that the study gives. */
const givenChoices = (index) => ({
  weights: index.parts.map((part) => part.weights.slice()),
  methods: index.parts.map((part) => part.method),
});

/** Ranks from 1 for the end that is better for residents; equal places share the best of their ranks. */
function indexRanks(index, values) {
  return ranksOf(values.map((value) => (isNumber(value) && index.better === "low" ? -value : value)));
}

/** The parts of a place with these values of the indicators; NaN for those that compare places, null where the data is missing. */
function partsOf(index, choices, indicators) {
  const parts = [];
  index.parts.forEach((part, number) => {
    const mean = MEANS[choices.methods[number]];
    const weights = choices.weights[number];
    const values = part.children.map((child) => (child.indicator === undefined ? parts[child.part] : indicators[child.indicator]));
    const known = sum(weights.filter((_, at) => isNumber(values[at])));
    const enough = known > 0 && known / sum(weights) >= index.threshold - 1e-9;
    parts.push(!mean ? NaN : enough ? meanOf(index, part, mean, values, weights) : null);
  });
  return parts;
}

/** The place of reference: the mean of all places in every indicator. */
function referenceOf(index, choices) {
  const indicators = index.indicators.map(({ normalised }) => {
    const known = normalised.filter(isNumber);
    return sum(known) / known.length;
  });
  return { indicators, parts: partsOf(index, choices, indicators) };
}

/** The indicator that would change a place most for the better if it came to the level of the best place, and by how much. */
function leverOf(index, choices, scores, place) {
  const top = index.parts.length - 1;
  const values = index.indicators.map(({ normalised }) => normalised[place]);
  let most = null;
  index.indicators.forEach(({ name, normalised }, at) => {
    if (!isNumber(values[at])) return;
    const { low, high } = statsOf(normalised);
    const raised = values.slice();
    raised[at] = index.better === "low" ? low : high;
    const gain = partsOf(index, choices, raised)[top] - scores[top][place];
    if (isNumber(gain) && gain !== 0 && (!most || Math.abs(gain) > Math.abs(most.gain))) most = { name, gain };
  });
  return most;
}

/**
 * What each part of the index adds to a place's distance from the place of reference: the shares sum to the distance,
 * by the weights for an arithmetic mean and by the log-mean for a geometric one. A part without a value counts as the
 * mean of the others. Empty for other means.
 */
function contributions(index, choices, scores, place) {
  const top = index.parts.length - 1;
  const method = choices.methods[top];
  const whole = scores[top][place];
  if (!isNumber(whole) || !["arithmetic", "geometric"].includes(method)) return [];
  const weights = choices.weights[top];
  const all = sum(weights);
  const reference = referenceOf(index, choices);
  const lifted = (value) => (method === "geometric" ? Math.max(value, index.floor) : value);
  const far = reference.parts[top];
  const logMean = Math.abs(whole - far) < 1e-12 ? whole : (whole - far) / Math.log(whole / far);
  return index.parts[top].children.map((child, at) => {
    const isIndicator = child.indicator !== undefined;
    const own = childValues(index, scores, child)[place];
    const [value, from] = [lifted(own ?? whole), lifted(isIndicator ? reference.indicators[child.indicator] : reference.parts[child.part])];
    const distance = method === "geometric" ? Math.log(value / from) * logMean : value - from;
    return { name: isIndicator ? index.indicators[child.indicator].name : index.parts[child.part].name, value: own, share: (weights[at] / all) * distance };
  });
}

// TOML, as much of it as an index definition uses.

/** A definition as TOML. */
function toToml(table) {
  const lines = [];
  const isTable = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const isTables = (value) => Array.isArray(value) && value.length > 0 && value.every(isTable);
  const scalar = (value) => {
    if (typeof value === "string") return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
    if (Array.isArray(value)) return `[${value.map(scalar).join(", ")}]`;
    if (isTable(value)) return `{ ${pairs(value).join(", ")} }`;
    return String(value);
  };
  const key = (name) => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name));
  const known = (object) => Object.entries(object).filter(([, value]) => !isMissing(value));
  const pairs = (object) => known(object).map(([name, value]) => `${key(name)} = ${scalar(value)}`);
  const plain = known(table).filter(([, value]) => !isTable(value) && !isTables(value));
  lines.push(...pairs(Object.fromEntries(plain)));
  for (const [name, value] of known(table)) {
    if (isTable(value) && known(value).length) lines.push("", `[${key(name)}]`, ...pairs(value));
    if (isTables(value)) for (const item of value) lines.push("", `[[${key(name)}]]`, ...pairs(item));
  }
  return `${lines.join("\n")}\n`;
}

/** The tables of a TOML text; throws with the line that cannot be read. */
function fromToml(text) {
  const root = {};
  let table = root;
  text.split(/\r?\n/).forEach((line, number) => {
    const fail = () => { throw new Error(`line ${number + 1} cannot be read: ${line.trim()}`); };
    const bare = line.trim();
    if (!bare || bare.startsWith("#")) return;
    const header = bare.match(/^(\[\[?)\s*([\w.-]+)\s*(\]\]?)\s*(#.*)?$/);
    if (header) {
      if (header[1].length !== header[3].length) fail();
      const names = header[2].split(".");
      const last = names.pop();
      const parent = names.reduce((at, name) => (at[name] = at[name] || {}), root);
      table = header[1] === "[[" ? {} : parent[last] || {};
      if (header[1] === "[[") (parent[last] = parent[last] || []).push(table);
      else parent[last] = table;
      return;
    }
    const reader = { text: bare, at: 0, fail };
    const name = readKey(reader);
    expect(reader, "=");
    table[name] = readValue(reader);
    skipSpace(reader);
    if (reader.at < bare.length && bare[reader.at] !== "#") fail();
  });
  return root;
}

function skipSpace(reader) {
  while (/\s/.test(reader.text[reader.at] || "")) reader.at++;
}

function expect(reader, mark) {
  skipSpace(reader);
  if (reader.text[reader.at] !== mark) reader.fail();
  reader.at++;
}

function readMatch(reader, pattern) {
  skipSpace(reader);
  const found = reader.text.slice(reader.at).match(pattern);
  if (!found) return null;
  reader.at += found[0].length;
  return found[0];
}

function readString(reader) {
  const basic = readMatch(reader, /^"(?:[^"\\]|\\.)*"/);
  if (basic !== null) {
    try { return JSON.parse(basic); } catch { reader.fail(); }
  }
  const literal = readMatch(reader, /^'[^']*'/);
  return literal === null ? null : literal.slice(1, -1);
}

function readKey(reader) {
  const key = readMatch(reader, /^[\w-]+/) ?? readString(reader);
  return key ?? reader.fail();
}

function readValue(reader) {
  const string = readString(reader);
  if (string !== null) return string;
  const word = readMatch(reader, /^(true|false)\b/);
  if (word) return word === "true";
  const number = readMatch(reader, /^[+-]?(\d[\d_]*\.?[\d_]*([eE][+-]?\d+)?|inf)/);
  if (number !== null) return number.endsWith("inf") ? (number.startsWith("-") ? -Infinity : Infinity) : Number(number.replaceAll("_", ""));
  const isList = readMatch(reader, /^\[/) !== null;
  if (!isList && readMatch(reader, /^\{/) === null) reader.fail();
  const [end, found] = isList ? ["]", []] : ["}", {}];
  for (;;) {
    skipSpace(reader);
    if (reader.text[reader.at] === end) break;
    if (isList) found.push(readValue(reader));
    else {
      const name = readKey(reader);
      expect(reader, "=");
      found[name] = readValue(reader);
    }
    skipSpace(reader);
    if (reader.text[reader.at] === ",") reader.at++;
    else if (reader.text[reader.at] !== end) reader.fail();
  }
  reader.at++;
  return found;
}
