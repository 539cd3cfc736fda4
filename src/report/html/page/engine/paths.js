// Paths and bridges that a plan adds: they join streets at corners, as `commonground compare` joins them, and nowhere between.

/** A piece of network of fewer corners may take other places once it is joined: what the library asks there is not known here. */
const LARGE_PIECE = 40;
/** A length so near to the middle between two milliseconds could be rounded either way, in milliseconds. */
const UNSURE_MS = 0.05;
/** Another path that passes so near to a corner would be joined there, in metres. */
const SAME_PLACE_M = 0.5;

/** Chebyshev's polynomials up to a term, at a place between -1 and 1. */
function chebyshev(at, terms) {
  const values = [1, at];
  while (values.length < terms) values.push(2 * at * values[values.length - 1] - values[values.length - 2]);
  return values;
}

/** Degrees to the metres of the study. */
function metresOf({ metres: { middle, half, x, y } }, degrees) {
  const terms = Math.sqrt(x.length);
  const [east, north] = degrees.map((value, axis) => chebyshev((value - middle[axis]) / half[axis], terms));
  const sum = (coefficients) => coefficients.reduce((all, value, at) => all + value * east[Math.floor(at / terms)] * north[at % terms], 0);
  return [sum(x), sum(y)];
}

/** A corner in degrees, as a file writes it. */
const cornerAt = ({ head, corners }, node) => [corners.x, corners.y].map((axis) => axis[node] / (head.per_degree * head.paths.finer));

/** The corner at exactly these degrees, by its node; nothing where there is none. */
function cornerOf(block, [longitude, latitude]) {
  if (!block.cornerOf) {
    block.cornerOf = new Map();
    block.corners.kind.forEach((kind, node) => { if (kind) block.cornerOf.set(cornerAt(block, node).join(), node); });
  }
  return block.cornerOf.get([longitude, latitude].join());
}

/** The corner nearest to a place, and how far it is in metres. */
function nearestCorner(block, [longitude, latitude], isWanted = () => true) {
  const wide = Math.cos((latitude * Math.PI) / 180);
  let best = null;
  block.corners.kind.forEach((kind, node) => {
    if (!kind || !isWanted(node)) return;
    const [x, y] = cornerAt(block, node);
    const away = Math.hypot((x - longitude) * wide, y - latitude) * 111320;
    if (!best || away < best.away) best = { node, away };
  });
  return best;
}

/** The piece of network of each node, and the nodes of each piece. */
function piecesOf(block) {
  if (block.pieces) return block.pieces;
  const { x, edges: { tail, head } } = block;
  const above = Uint32Array.from(x, (_, node) => node);
  const root = (node) => { let at = node; while (above[at] !== at) { above[at] = above[above[at]]; at = above[at]; } return at; };
  tail.forEach((node, edge) => { above[root(node)] = root(head[edge]); });
  const sizes = new Map();
  for (let node = 0; node < x.length; node++) sizes.set(root(node), (sizes.get(root(node)) || 0) + 1);
  block.pieces = { root, sizes };
  return block.pieces;
}

/** A path through degrees: its ends by node, its metres, and its milliseconds each way; `why` it cannot be tried here. */
function pathThrough(block, degrees, kind) {
  const [from, to] = [degrees[0], degrees[degrees.length - 1]].map((end) => cornerOf(block, end));
  if (from === undefined || to === undefined) return { why: "an end is at no corner of the streets" };
  if (from === to) return { why: "it ends where it begins" };
  const { root, sizes } = piecesOf(block);
  if (root(from) !== root(to) && [from, to].some((node) => sizes.get(root(node)) < LARGE_PIECE)) return { why: "an end is on a small piece of street apart from the others" };
  const places = degrees.map((at) => metresOf(block.head.paths, at));
  let length = 0;
  for (let at = 1; at < places.length; at++) length += Math.hypot(places[at][0] - places[at - 1][0], places[at][1] - places[at - 1][1]);
  const exact = kind.pace.map((pace) => (pace === null ? null : pace * length));
  if (exact.some((cost) => cost !== null && Math.abs(cost - Math.floor(cost) - 0.5) < UNSURE_MS)) return { why: "its length lies between two milliseconds: move a bend a little", unsure: true };
  const [ahead, back] = exact.map((cost) => (cost === null ? CLOSED : Math.round(cost)));
  return { from, to, ahead, back, length, places };
}

/** Degrees of a path whose length is known to the millisecond: a bend of less than a metre is put in where it cannot. */
function surePath(block, degrees, kind) {
  const [[x1, y1], [x2, y2]] = degrees;
  // Aside from the first piece, whichever way it runs.
  const aside = Math.abs(x2 - x1) > Math.abs(y2 - y1) ? [0, 7e-7] : [7e-7, 0];
  const rounded7 = (value) => Math.round(value * 1e7) / 1e7;
  for (let step = 0; step < 12; step++) {
    const line = step ? [degrees[0], [rounded7((x1 + x2) / 2 + step * aside[0]), rounded7((y1 + y2) / 2 + step * aside[1])], ...degrees.slice(1)] : degrees;
    if (!pathThrough(block, line, kind).unsure) return line;
  }
  return degrees;
}

/** Arcs that paths add against the journey, by node; not `settled` where the library would join something else. */
function pathsOf(block, paths, isClosed) {
  const more = new Map();
  const put = (node, end, cost) => { if (cost !== CLOSED) more.set(node, [...(more.get(node) || []), [end, cost]]); };
  for (const { from, to, ahead, back } of paths) {
    put(to, from, ahead);
    put(from, to, back);
  }
  const ends = new Set(paths.flatMap(({ from, to }) => [from, to]));
  const { tail, head } = block.edges;
  const loses = ends.size && isClosed.some((closed, edge) => closed && (ends.has(tail[edge]) || ends.has(head[edge])));
  const away = ([x, y], [x1, y1], [x2, y2]) => {
    const squared = (x2 - x1) ** 2 + (y2 - y1) ** 2;
    const share = squared > 0 ? Math.min(1, Math.max(0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / squared)) : 0;
    return Math.hypot(x1 + share * (x2 - x1) - x, y1 + share * (y2 - y1) - y);
  };
  const touches = (one, other) => [[one.from, one.places[0]], [one.to, one.places[one.places.length - 1]]].some(([node, at]) =>
    node !== other.from && node !== other.to && other.places.some((place, number) => number && away(at, other.places[number - 1], place) < SAME_PLACE_M));
  const crossed = paths.some((one) => paths.some((other) => one !== other && touches(one, other)));
  return { more, settled: !loses && !crossed };
}
