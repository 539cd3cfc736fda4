// Colours that colour-blind people can tell apart. Nothing runs from red to green.

const RAMPS = {
  light: {
    more_is_better: ["#e6f2ef", "#bfe0da", "#8cc5c5", "#55a1ae", "#2d7792", "#184a6b"],
    more_is_worse: ["#fbeedb", "#f6d0a0", "#e9a273", "#c96f62", "#94465f", "#562750"],
    neutral: ["#eeeef6", "#d2d4e8", "#acb1d5", "#8389be", "#5c629e", "#373b72"],
    diverging: ["#a65207", "#dd9340", "#f5d3a2", "#f1efec", "#cfcbe4", "#9389bf", "#512b85"],
    classes: ["#77aadd", "#ee8866", "#eedd88", "#44bb99", "#ffaabb", "#99ddff", "#bbcc33", "#aaaa00", "#9b7fb8", "#c9a27e"],
    quiet: "#dcdfe2",
    missing: "#f1f0ec",
    background: "#f7f5f0",
    park: "#dfe8d6",
    street: "#1c2733",
    border: "#ffffff",
    ink: "#17212b",
    hatch: "#b9b6ad",
  },
  dark: {
    more_is_better: ["#163038", "#1d4a55", "#276b76", "#3c9197", "#70bdb5", "#c3ecdc"],
    more_is_worse: ["#38212f", "#5c2f40", "#8c434b", "#bd6250", "#e69662", "#fdd29e"],
    neutral: ["#23264a", "#353a6a", "#4f5690", "#727ab3", "#9fa7d5", "#d6daf5"],
    diverging: ["#f0a355", "#b5722f", "#6b4c2e", "#3a3b3f", "#4b4872", "#8479bd", "#bbb1f2"],
    classes: ["#5f97d0", "#e07b57", "#d8c46a", "#36a888", "#e88fa3", "#6fc0e8", "#a3b52a", "#8f8f1a", "#9f85c2", "#b88f6a"],
    quiet: "#3c444d",
    missing: "#22272d",
    background: "#12161b",
    park: "#1b261f",
    street: "#eef3f7",
    border: "#12161b",
    ink: "#f2f5f8",
    hatch: "#525b65",
  },
};

/** Steps of a sequential scale. */
const STEPS = 6;

const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : prefersDark.matches;
}

const ramp = () => RAMPS[isDark() ? "dark" : "light"];

/**
 * How a layer is coloured: `classes` (label, colour, and for numbers from and to), `of` (class of each place, -1 where
 * there is no value).
 */
function colouring(layer, method) {
  const colours = ramp();
  if (layer.scale.kind === "classes") {
    const names = classesOf(layer);
    let next = 0;
    const classes = names.map((name) => {
      const quiet = /^(not |no$|none|false|unknown)/.test(name);
      const label = layer.unit === "answer" ? (name === "true" ? "yes" : "no") : formatted(name, "words");
      return { label, colour: quiet ? colours.quiet : colours.classes[next++ % colours.classes.length], name };
    });
    const number = new Map(names.map((name, at) => [name, at]));
    return { classes, of: layer.values.map((value) => (isMissing(value) ? -1 : number.get(String(value)))) };
  }
  const breaks = layer.scale.kind === "diverging" ? aroundMiddle(layer) : breaksOf(layer.values, method);
  const scale = layer.scale.kind === "diverging" ? colours.diverging : spread(colours[layer.scale.kind] || colours.neutral, breaks.length - 1);
  const classes = scale.slice(0, breaks.length - 1).map((colour, at) => ({
    colour,
    from: breaks[at],
    to: breaks[at + 1],
    label: `${formatted(breaks[at], layer.unit)} to ${formatted(breaks[at + 1], layer.unit)}`,
  }));
  return { classes, of: layer.values.map((value) => (isNumber(value) ? classOf(value, breaks) : -1)) };
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

/** Borders of classes, of equal steps or of equal numbers of neighbourhoods; fewer where values repeat. */
function breaksOf(values, method) {
  const sorted = values.filter(isNumber).sort((a, b) => a - b);
  if (!sorted.length) return [0, 0];
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  if (low === high) return [low, high];
  const count = Math.min(STEPS, new Set(sorted).size);
  const inner = Array.from({ length: count - 1 }, (_, at) => {
    const part = (at + 1) / count;
    return method === "steps" ? low + (high - low) * part : sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  });
  return [...new Set([low, ...inner.filter((value) => value > low && value < high), high])];
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
