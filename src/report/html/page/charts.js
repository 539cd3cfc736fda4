// Charts as SVG: one function a chart, numbers in, a figure out. Each has its numbers in words for screen readers.

const CHART = { width: 560, height: 320, left: 52, right: 16, top: 16, bottom: 44 };
/** A chart is no wider than this on a phone, so that its words stay large enough to read. */
const PHONE_WIDTH = 380;

/** A scale from values to pixels. */
const scaleOf = (from, to) => (value) => to[0] + ((value - from[0]) / (from[1] - from[0] || 1)) * (to[1] - to[0]);

/** About so many round numbers between two ends. */
function ticksOf(low, high, about = 5) {
  const rough = (high - low) / about;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((part) => part * power).find((candidate) => candidate >= rough);
  const ticks = [];
  for (let tick = Math.ceil(low / step - 1e-9) * step; tick <= high + step * 1e-9; tick += step) ticks.push(Number(tick.toPrecision(12)));
  return ticks;
}

/** An empty chart with axes: `x` and `y` are {from, to, unit, label}. */
function chart(x, y, description, size = {}) {
  const box = { ...CHART, ...size };
  if (window.innerWidth < 600) box.width = Math.min(box.width, PHONE_WIDTH);
  const [right, bottom] = [box.width - box.right, box.height - box.bottom];
  const [toX, toY] = [scaleOf([x.from, x.to], [box.left, right]), scaleOf([y.from, y.to], [bottom, box.top])];
  const grid = svg("g", { class: "grid" });
  for (const tick of ticksOf(y.from, y.to)) {
    grid.append(svg("line", { x1: box.left, x2: right, y1: toY(tick), y2: toY(tick), class: "upwards" }),
      svg("text", { x: box.left - 8, y: toY(tick) + 4, "text-anchor": "end", class: "upwards" }, formatted(tick, y.unit)));
  }
  for (const tick of ticksOf(x.from, x.to, box.width > PHONE_WIDTH ? 6 : 4)) {
    grid.append(svg("line", { x1: toX(tick), x2: toX(tick), y1: bottom, y2: bottom + 5 }),
      svg("text", { x: toX(tick), y: bottom + 19, "text-anchor": "middle" }, formatted(tick, x.unit)));
  }
  grid.append(svg("text", { x: (box.left + right) / 2, y: box.height - 6, "text-anchor": "middle", class: "axis" }, x.label || ""));
  if (y.label) grid.append(svg("text", { x: 0, y: 10, class: "axis" }, y.label));
  const marks = svg("g", {});
  const frame = svg("svg", { viewBox: `0 0 ${box.width} ${box.height}`, role: "img", "aria-label": description, class: "chart" }, grid, marks);
  return { frame, marks, toX, toY, box, right, bottom };
}

const line = (points) => `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

function figure(target, title, note, ...content) {
  byId(target).replaceChildren(el("figcaption", {}, el("strong", {}, title), note ? el("span", {}, note) : null), ...content);
}

/** Lines in one chart with their names at the end, pushed apart where they would overlap. */
function endLabels(plot, ends) {
  const sorted = ends.slice().sort((a, b) => a.y - b.y);
  let last = -Infinity;
  for (const end of sorted) {
    last = end.shown = Math.max(end.y, last + 13);
  }
  const over = last - plot.bottom;
  if (over > 0) for (let at = sorted.length - 1, limit = plot.bottom; at >= 0; at--) limit = (sorted[at].shown = Math.min(sorted[at].shown, limit)) - 13;
  for (const { name, shown, colour } of sorted) plot.marks.append(svg("text", { x: plot.right + 8, y: shown + 4, style: inkOf(colour), class: "end" }, name));
}

/** Barriers by the residents whom they cut off by a detour, and places where unlike people could meet. */
function drawBetween() {
  const { places } = DATA.between;
  // A barrier that cuts nobody off by a detour divides nobody.
  const barriers = DATA.between.barriers.map((barrier, at) => ({ ...barrier, at })).filter(({ affected }) => affected === null || affected > 0);
  byId("between").hidden = !barriers.length && !places.length;
  const list = (target, title, note, columns, rows) => {
    byId(target).hidden = !rows.length;
    figure(target, title, note, el("div", { class: "table-scroll tall", tabindex: "0", role: "region", "aria-label": title }, el("table", { class: "shares" },
      el("thead", {}, el("tr", {}, columns.map((text, at) => el("th", { scope: "col", class: at > 0 ? "number" : null }, text)))), el("tbody", {}, rows))));
  };
  const row = (name, kind, cells, show) => el("tr", {}, el("th", { scope: "row" }, el("button", { type: "button", class: "link", onclick: show }, name || `unnamed ${kind}`), el("small", {}, kind)), cells.map((text) => el("td", { class: "number" }, text)));
  const seeMap = (change) => { setOverlays(change); byId("explore").scrollIntoView(); };
  list("between-barriers", "What divides", `Ranked by ${DATA.weight.units} more than twice as far on foot from a tenth or more of the ${DATA.weight.noun} within 800 m, with the barrier in between. Not how pleasant or safe a crossing is.`,
    ["Barrier", `${DATA.weight.units} affected`], barriers.map(({ name, kind, affected, at }) => row(name, formatted(kind, "words"), [isMissing(affected) ? "few" : grouped(affected, 0)], () => seeMap({ barrier: at }))));
  list("between-places", "What connects", "Places whose people, within 15 minutes' walk, are more mixed than the neighbourhoods that they come from: bridging from 0 to 1. Who could meet, not who does.",
    ["Place", `${DATA.weight.units} near`, "Bridging"], places.map(({ name, category, in_reach, bridging }, at) => row(name, formatted(category, "words"), [formatted(in_reach, "count"), isMissing(bridging) ? "–" : bridging.toFixed(2)], () => seeMap({ meeting: at }))));
}

/** Districts by the share without two or more of the essentials: how many lack each, and who is worst off. */
function drawDistricts() {
  const { districts } = DATA;
  byId("districts").hidden = !districts;
  if (!districts) return;
  const title = "Who lacks what, by district";
  const number = (text) => el("td", { class: "number" }, text);
  const cell = ([people, share]) => number(isMissing(share) ? "–" : `${isMissing(people) ? "few" : grouped(people, 0)} (${formatted(share, "share")})`);
  const head = el("tr", {}, ["District", DATA.weight.units, "Lack two or more", ...districts.essentials.map((some) => `Without ${some}`)].map((text, at) => el("th", { scope: "col", class: at > 0 ? "number" : null }, text)),
    ["Worst-off neighbourhoods", "Worst-off group"].map((text) => el("th", { scope: "col" }, text)));
  const rows = districts.rows.map(({ name, people, isolated, lacking, worst_places: places, worst_group: group }) => el("tr", {}, el("th", { scope: "row" }, name),
    number(isMissing(people) ? "–" : grouped(people, 0)), number(isMissing(isolated) ? "–" : formatted(isolated, "share")), lacking.map(cell),
    el("td", {}, places || "–"), el("td", {}, group ? `${formatted(group[0], "words")} (${formatted(group[1], "share")})` : "–")));
  figure("districts-lacking", title, `How many ${DATA.weight.units} are without each essential within ${DATA.reach.standard_minutes} minutes' walk. After the worst-off neighbourhoods and group: the share there that lacks two or more.`,
    el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": title }, el("table", { class: "shares" }, el("thead", {}, head), el("tbody", {}, rows))));
}

/** How many residents live within how many minutes of each category. */
function drawReach() {
  const { categories, standard_minutes: standard } = DATA.reach;
  byId("reach").hidden = !categories.length;
  if (!categories.length) return;
  const longest = categories[0].within.length - 1;
  const plot = chart({ from: 0, to: longest, unit: "plain", label: "minutes' walk to the closest" }, { from: 0, to: 1, unit: "share" },
    `Share of ${DATA.weight.noun} whose closest place lies within so many minutes, by category`, { right: 136 });
  plot.marks.append(svg("line", { x1: plot.toX(standard), x2: plot.toX(standard), y1: plot.box.top, y2: plot.bottom, class: "reference" }));
  const ends = [];
  categories.forEach(({ category, within }, at) => {
    const colour = chartColour(at);
    plot.marks.append(svg("path", { d: line(within.map((share, minutes) => [plot.toX(minutes), plot.toY(share || 0)])), stroke: colour, class: "curve" }));
    ends.push({ name: formatted(category, "words"), y: plot.toY(within[longest] || 0), colour });
  });
  endLabels(plot, ends);
  figure("reach-curves", "How far people walk", `Share of ${DATA.weight.noun} whose closest place lies within so many minutes; the line marks ${standard} minutes.`, plot.frame);

  const groups = DATA.reach.groups;
  const head = el("tr", {}, el("th", { scope: "col" }, `Within ${standard} min`), el("th", { scope: "col" }, "Everyone"),
    groups.map((group) => el("th", { scope: "col" }, formatted(group, "words"))), el("th", { scope: "col" }, "Median walk"));
  const rows = categories.map(({ category, within, median, groups: shares }) => {
    const everyone = within[standard];
    const cell = (share) => el("td", {}, shareBar(share, share === everyone ? null : everyone));
    return el("tr", {}, el("th", { scope: "row" }, formatted(category, "words")), cell(everyone), shares.map(cell), el("td", { class: "number" }, isMissing(median) ? "over 60 min" : formatted(median, "minutes")));
  });
  const what = groups.length ? "Each group of residents against everyone (the tick)." : `Every home counts by its ${DATA.weight.noun}.`;
  figure("reach-groups", "Who is within reach", what, el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Who is within reach" }, el("table", { class: "shares" }, el("thead", {}, head), el("tbody", {}, rows))));
}

function shareBar(share, reference) {
  if (isMissing(share)) return el("span", { class: "quiet-text" }, "–");
  return el("span", { class: "bar" },
    el("span", { class: "bar-track", "aria-hidden": "true" }, el("span", { class: "bar-fill", style: `width:${100 * share}%` }),
      isMissing(reference) ? null : el("span", { class: "bar-tick", style: `left:${100 * reference}%` })),
    el("span", { class: "bar-text" }, formatted(share, "share")));
}

const chartColour = (at) => ["#2d7792", "#c96f62", "#5c629e", "#b8862b", "#3f8f78", "#94465f", "#7a8794", "#a0743d", "#4d86c6", "#6b5b95"][at % 10];

/** A colour of a curve, drawn towards the ink until words in it can be read. */
const inkOf = (colour) => `fill:color-mix(in srgb, ${colour} 50%, var(--ink))`;

/** Dots of all neighbourhoods along one axis, stacked where they are many. */
function drawDistribution(layer, colouring, selected) {
  if (layer.scale.kind === "classes") return drawClasses(layer, colouring);
  const known = layer.values.map((value, place) => [value, place]).filter(([value]) => isNumber(value)).sort((a, b) => a[0] - b[0]);
  if (!known.length) return figure("distribution", layer.label, "No neighbourhood has a value.");
  const [low, high] = [known[0][0], known[known.length - 1][0]];
  const room = (high - low || 1) * 0.03;
  const plot = chart({ from: low - room, to: high + room, unit: layer.unit, label: layer.label }, { from: 0, to: 1, unit: "none" }, `Spread of ${layer.label} over neighbourhoods`, { left: 16 });
  plot.frame.querySelectorAll(".upwards").forEach((mark) => mark.remove());
  const largest = Math.max(...RESIDENTS, 1);
  const radius = (place) => Math.max(2.5, (known.length > 400 ? 5 : 11) * Math.sqrt(RESIDENTS[place] / largest));
  const middle = (plot.box.top + plot.bottom) / 2;
  const laid = [];
  const dots = known.map(([value, place]) => {
    const [x, size] = [plot.toX(value), radius(place)];
    const near = laid.slice(-60);
    let y = middle;
    for (let step = 0; step < 46; step++) {
      y = middle + (step % 2 ? 1 : -1) * Math.ceil(step / 2) * 5;
      if (!near.some((other) => Math.hypot(other.x - x, other.y - y) < other.size + size)) break;
    }
    laid.push({ x, y, size });
    return dot(x, y, size, place, colouring, layer, selected);
  });
  const mean = residentsMean(layer.values);
  plot.marks.append(...dots);
  if (isNumber(mean)) {
    plot.marks.append(svg("line", { x1: plot.toX(mean), x2: plot.toX(mean), y1: plot.box.top, y2: plot.bottom, class: "reference" }),
      svg("text", { x: plot.toX(mean) + 5, y: plot.box.top + 10, class: "axis" }, `mean over ${DATA.weight.noun}: ${formatted(mean, layer.unit)}`));
  }
  const median = known[Math.floor(known.length / 2)][0];
  figure("distribution", layer.label, `From ${formatted(low, layer.unit)} to ${formatted(high, layer.unit)}; half of the neighbourhoods lie at or below ${formatted(median, layer.unit)}.`, plot.frame);
}

function dot(x, y, size, place, colouring, layer, selected) {
  const number = colouring.of[place];
  return svg("circle", {
    cx: x.toFixed(1), cy: y.toFixed(1), r: size.toFixed(1), "data-place": place, class: place === selected ? "dot selected" : "dot",
    fill: number >= 0 ? colouring.classes[number].colour : "var(--line)",
  }, COUNT > 1000 ? null : svg("title", {}, `${DATA.names[place]}: ${formatted(layer.values[place], layer.unit)}`));
}

/** Residents by class. */
function drawClasses(layer, colouring) {
  const people = colouring.classes.map((_, number) => colouring.of.reduce((total, of, place) => total + (of === number ? RESIDENTS[place] : 0), 0));
  const count = (number) => colouring.of.filter((of) => of === number).length;
  const all = Math.max(1, sum(RESIDENTS));
  const rows = colouring.classes.map(({ label, colour }, number) => el("tr", {}, el("th", { scope: "row" }, el("span", { class: "swatch", style: `background:${colour}` }), label),
    el("td", { class: "number" }, grouped(count(number), 0)), el("td", {}, shareBar(people[number] / all))));
  figure("distribution", layer.label, `Neighbourhoods, and the share of ${DATA.weight.noun} in them.`,
    el("table", { class: "shares" }, el("thead", {}, el("tr", {}, el("th", {}, "Class"), el("th", { class: "number" }, "Places"), el("th", {}, "Share"))), el("tbody", {}, rows)));
}

/** Cumulated shares of people and of a quantity, people sorted by `order`; and the area between the curve and the diagonal, doubled. */
function lorenz(values, order) {
  const known = values.map((value, place) => ({ value, place, by: order[place] })).filter(({ value, place, by }) => isNumber(value) && isNumber(by) && value >= 0 && RESIDENTS[place] > 0);
  known.sort((a, b) => a.by - b.by);
  const people = sum(known.map(({ place }) => RESIDENTS[place]));
  const all = sum(known.map(({ value, place }) => value * RESIDENTS[place]));
  if (!(people > 0) || !(all > 0)) return null;
  const points = [[0, 0]];
  let [share, held, twice] = [0, 0, 0];
  for (let at = 0; at < known.length; ) {
    // Who stand equally in the order share a straight stretch.
    let [stepPeople, stepHeld] = [0, 0];
    for (const { by } = known[at]; at < known.length && known[at].by === by; at++) {
      stepPeople += RESIDENTS[known[at].place] / people;
      stepHeld += (known[at].value * RESIDENTS[known[at].place]) / all;
    }
    twice += stepPeople * (2 * held + stepHeld);
    [share, held] = [share + stepPeople, held + stepHeld];
    points.push([share, held]);
  }
  return { points, index: 1 - twice };
}

/** Lorenz curve of a layer, between homes where their values are known, and its concentration along another layer. */
function drawEquity(layer, by) {
  const select = columnSelect(`Sort ${DATA.weight.noun} also by`, by ? by.name : "", (name) => { STATE.equityBy = name; drawPatterns(); });
  if (layer.scale.kind === "classes" || layer.values.some((value) => isNumber(value) && value < 0)) {
    return figure("equity", "Who has how much of it", "Only for quantities: choose a layer of numbers from 0 up.");
  }
  const homes = DATA.equity[layer.name];
  const own = homes ? { points: homes.held.map((held, at) => [at / (homes.held.length - 1), held]), index: homes.gini } : lorenz(layer.values, layer.values);
  if (!own) return figure("equity", "Who has how much of it", "Nobody has any of it.");
  const level = homes ? "between homes" : "between neighbourhoods";
  const plot = chart({ from: 0, to: 1, unit: "share", label: `${DATA.weight.noun}, from least to most` }, { from: 0, to: 1, unit: "share" }, `Lorenz curve of ${layer.label}, ${level}: Gini ${own.index.toFixed(3)}`);
  const path = (points) => line(points.map(([x, y]) => [plot.toX(x), plot.toY(y)]));
  plot.marks.append(svg("path", { d: path([[0, 0], [1, 1]]), class: "reference" }), svg("path", { d: path(own.points), class: "curve", stroke: chartColour(0) }),
    svg("text", { x: plot.toX(0.04), y: plot.toY(0.94), style: inkOf(chartColour(0)), class: "end" }, `Gini ${own.index.toFixed(3)}, ${level}`));
  const other = by && by.name !== layer.name ? lorenz(layer.values, by.values) : null;
  if (other) {
    plot.marks.append(svg("path", { d: path(other.points), class: "curve dashed", stroke: chartColour(1) }),
      svg("text", { x: plot.toX(0.04), y: plot.toY(0.87), style: inkOf(chartColour(1)), class: "end" }, `${other.index.toFixed(3)} by ${by.label}`));
  }
  const half = own.points.find(([people]) => people >= 0.5);
  const said = homes ? `The half of ${DATA.weight.noun} with the least have ${formatted(half[1], "share")} of it${layer.unit === "minutes" ? " (of all minutes walked)" : ""}.` : "";
  const gone = homes && homes.without > 0 ? ` ${formatted(homes.without, "share")} have no value: their home is on no street, or none is within the search.` : "";
  figure("equity", "Who has how much of it", `${said}${gone} An even share would be the diagonal (Gini 0). A concentration above 0 means that those with more of the second layer have more of the first.`, plot.frame, select);
}

/** A choice among all columns of numbers. */
function columnSelect(label, chosen, choose) {
  const options = THEMES.map(([theme, title]) => {
    const columns = numberLayers().filter((column) => column.theme === theme);
    return columns.length ? el("optgroup", { label: title }, columns.map((column) => el("option", { value: column.name, selected: column.name === chosen }, column.label))) : null;
  });
  return el("label", { class: "field" }, el("span", {}, label), el("select", { onchange: (event) => choose(event.target.value) }, options));
}

/** Every neighbourhood by two layers. */
function drawScatter(x, y, colouring, selected) {
  const known = AREAS.map((_, place) => place).filter((place) => isNumber(x.values[place]) && isNumber(y.values[place]));
  const selects = el("div", { class: "toolbar" }, columnSelect("Across", x.name, (name) => { STATE.scatterX = name; drawPatterns(); }),
    columnSelect("Upwards", y.name, (name) => { STATE.scatterY = name; drawPatterns(); }));
  if (known.length < 2) return figure("scatter", "Two layers together", "Too few neighbourhoods have both.", selects);
  const ends = (layer) => {
    const values = known.map((place) => layer.values[place]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = (high - low || 1) * 0.05;
    return { from: low - room, to: high + room, unit: layer.unit, label: layer.label };
  };
  const rho = spearman(known.map((place) => x.values[place]), known.map((place) => y.values[place]));
  const plot = chart(ends(x), ends(y), `${y.label} against ${x.label}; rank correlation ${rho.toFixed(2)}`, { width: 1100, height: 420, top: 26, left: 64 });
  const largest = Math.max(...RESIDENTS, 1);
  const radius = (place) => Math.max(3, (known.length > 400 ? 6 : 15) * Math.sqrt(RESIDENTS[place] / largest));
  plot.marks.append(...known.map((place) => dot(plot.toX(x.values[place]), plot.toY(y.values[place]), radius(place), place, colouring, STATE_LAYER(), selected)));
  if (known.length <= 60) labelDots(plot, known, x, y, radius);
  figure("scatter", "Two layers together", `${correlationInWords(rho, known.length)} That two things go together does not say that one causes the other.`, selects, plot.frame);
}

/** What a rank correlation of so many neighbourhoods allows to say; its 95% interval is that of Bonett and Wright (2000). */
function correlationInWords(rho, count) {
  const signed = (value) => value.toFixed(2).replace("-", "−");
  if (count < 10) return `Rank correlation ${signed(rho)}, of only ${count} neighbourhoods: too few to say more.`;
  const spread = 1.96 * Math.sqrt((1 + rho ** 2 / 2) / (count - 3));
  const centre = Math.atanh(Math.max(-0.999999, Math.min(0.999999, rho)));
  const [low, high] = [Math.tanh(centre - spread), Math.tanh(centre + spread)];
  const words = low <= 0 && high >= 0 ? "no link can be distinguished from chance" : `${Math.abs(rho) < 0.3 ? "weakly, " : ""}the two ${rho > 0 ? "rise together" : "move against each other"}`;
  return `Rank correlation ${signed(rho)} (95% interval ${signed(low)} to ${signed(high)}, ${count} neighbourhoods): ${words}.`;
}

/** Names beside dots, where there is room. */
function labelDots(plot, known, x, y, radius) {
  const taken = [];
  for (const place of known.slice().sort((a, b) => RESIDENTS[b] - RESIDENTS[a])) {
    const name = shortName(place);
    const [left, top] = [plot.toX(x.values[place]) + radius(place) + 3, plot.toY(y.values[place]) - 6];
    const box = [left, top, left + name.length * 6.2, top + 12];
    if (box[2] > plot.right || taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) continue;
    taken.push(box);
    plot.marks.append(svg("text", { x: left, y: top + 10, class: "name" }, name));
  }
}

/** Pearson's correlation of mid-ranks. */
function spearman(a, b) {
  const [p, q] = [midRanks(a), midRanks(b)];
  const mean = (p.length + 1) / 2;
  const product = (u, v) => sum(u.map((value, at) => (value - mean) * (v[at] - mean)));
  return product(p, q) / Math.sqrt(product(p, p) * product(q, q)) || 0;
}
