// From values to classes and their colours; the colours come from the library, for light and for dark.

/** Steps of a sequential scale. */
const STEPS = 6;

/** Equal steps run over at least so much, so that small differences do not look large. */
const LEAST_SPAN = { share: 0.3, score: 30, minutes: 6 };

const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : prefersDark.matches;
}

/** What the ground is drawn in, by light and by dark. */
const GROUND = { light: { water: "#c5dbe8", railway: "#5a6672" }, dark: { water: "#1c3547", railway: "#9aa7b3" } };
const ground = () => GROUND[isDark() ? "dark" : "light"];

const ramp = () => DATA.palettes[isDark() ? "dark" : "light"];

/**
 * How a layer is coloured: `classes` (label, colour), `of` (class of each place, -1 where
 * there is no value). The borders of the classes are those of `fitted`, so that a value that stays keeps its colour
 * while others change.
 */
function colouring(layer, method, fitted = layer.values) {
  const colours = ramp();
  if (layer.scale.kind === "classes") {
    const names = classesOf(layer);
    let next = 0;
    const classes = names.map((name) => {
      const quiet = /^(not |no( |$)|none|false|unknown)/.test(name);
      const label = layer.unit === "answer" ? (name === "true" ? "yes" : "no") : formatted(name, "words");
      return { label, colour: quiet ? colours.quiet : colours.classes[next++ % colours.classes.length], name };
    });
    const number = new Map(names.map((name, at) => [name, at]));
    return { classes, of: layer.values.map((value) => (isMissing(value) ? -1 : number.get(String(value)))) };
  }
  const breaks = layer.breaks ? layer.breaks : layer.scale.kind === "diverging" ? aroundMiddle(layer) : breaksOf({ values: fitted, unit: layer.unit }, method);
  const scale = layer.scale.kind === "diverging" ? colours.diverging : spread(colours[layer.scale.kind] || colours.neutral, breaks.length - 1);
  const of = layer.values.map((value) => (isNumber(value) ? classOf(value, breaks) : -1));
  const classes = scale.slice(0, breaks.length - 1).map((colour, number) => {
    if (layer.labels) return { colour, label: layer.labels[number] };
    const members = layer.values.filter((_, place) => of[place] === number);
    const [from, to] = members.length ? [Math.min(...members), Math.max(...members)] : [breaks[number], breaks[number + 1]];
    const ends = [from, to].map((value) => formatted(value, layer.unit));
    return { colour, label: ends[0] === ends[1] ? ends[0] : ends.join(" to ") };
  });
  return { classes, of };
}

/** Whether white reads better on a colour than black (sRGB luma). */
function isDarkColour(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue < 135;
}

/** So many colours of a ramp, its ends included; the middle alone for one. */
function spread(colours, count) {
  if (count <= 1) return [colours[3]];
  return Array.from({ length: count }, (_, at) => colours[Math.round((at * (colours.length - 1)) / (count - 1))]);
}

/** The last class whose lower end is not above the value. */
function classOf(value, breaks) {
  let found = 0;
  for (let at = 1; at < breaks.length - 1; at++) if (value >= breaks[at]) found = at;
  return found;
}

/** Borders of classes, of equal steps or of equal numbers of neighbourhoods. */
function breaksOf({ values, unit }, method) {
  const sorted = values.filter(isNumber).sort((a, b) => a - b);
  if (!sorted.length) return [];
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  if (low === high) return [low, high];
  if (method === "steps") {
    const span = Math.max(high - low, LEAST_SPAN[unit] || 0);
    return Array.from({ length: STEPS + 1 }, (_, at) => low + (span * at) / STEPS);
  }
  return [...equalNumbers(sorted, STEPS), high];
}

/** Lower ends of classes of about equally many values; a value that fills a class is one, and the rest is shared anew. */
function equalNumbers(sorted, count) {
  const low = sorted[0];
  const rest = sorted.filter((value) => value > low);
  if (!rest.length || count === 1) return [low];
  if (sorted.length - rest.length >= sorted.length / count) return [low, ...equalNumbers(rest, count - 1)];
  const next = sorted[Math.floor(sorted.length / count)];
  return [low, ...equalNumbers(sorted.filter((value) => value >= next), count - 1)];
}

/** Seven classes, the middle one around the value that is neither. */
function aroundMiddle(layer) {
  const { middle } = layer.scale;
  const known = layer.values.filter(isNumber);
  if (middle === 1 && known.every((value) => value >= 0)) {
    // A quotient: half as much is as far as twice as much.
    const top = Math.max(3, ...known);
    return [0, 1 / 2, 2 / 3, 0.9, 1.1, 1.5, 2, top];
  }
  const reach = Math.max(1e-12, ...known.map((value) => Math.abs(value - middle)));
  return [-1, -0.6, -0.3, -0.1, 0.1, 0.3, 0.6, 1].map((part) => middle + part * reach);
}
