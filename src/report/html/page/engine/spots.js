// Where one more place would reach most people who have none within a walk: every position is a candidate.

/** The middle position of each edge: where a place can be put, and a plan can name it. */
const middleStation = (of) => { const usable = of.filter(({ position }) => position); return usable[usable.length >> 1] || null; };

/**
 * People whom one more place would bring within `minutes`, for the middle position of every edge: a search from each home that has
 * none, only as far as these minutes. It gives way every `slice` homes: `next()` works for one slice, and says whether more are left.
 *
 * - `state`: what `evaluate` gave. - `category`: the kind of place.
 */
function spotSearch(block, engine, state, category, minutes, slice = 200) {
  const { homes, edges, stations } = block;
  const { first, to, cost, over } = engine.onward;
  const limit = Math.min(minutes * MILLISECONDS, block.head.limit);
  const middles = stations.map((of) => { const middle = middleStation(of); const at = middle && { ...middle.position, toTail: true, toHead: true }; return middle && { station: middle, doors: doorsTo(edges, at), at }; });
  const wanting = homes.map((_, home) => home).filter((home) => homes[home].people > 0 && state.at[home] && state.times[category][home] > limit);
  const reached = new Float64Array(stations.length);
  const labels = new Uint32Array(block.x.length).fill(CLOSED);
  const counted = new Int32Array(stations.length).fill(-1);
  const doorsOfNode = new Map();
  middles.forEach((middle, edge) => { if (middle) for (const [node, away] of middle.doors) { if (doorsOfNode.has(node)) doorsOfNode.get(node).push([edge, away]); else doorsOfNode.set(node, [[edge, away]]); } });
  let done = 0;

  function searchFrom(home) {
    const heap = heapOf();
    const touched = [];
    const { people } = homes[home];
    const from = state.at[home];
    const count = (edge) => { if (counted[edge] !== home) { counted[edge] = home; reached[edge] += people; } };
    const offer = (node, label) => {
      if (label > limit || label >= labels[node]) return;
      if (labels[node] === CLOSED) touched.push(node);
      labels[node] = label;
      heap.push(label, node);
    };
    const own = middles[from.edge];
    if (own && !state.isClosed[from.edge] && alongOneEdge(edges, from, own.at) <= limit) count(from.edge);
    for (const [node, label] of doorsFrom(edges, from)) offer(node, label);
    while (heap.size()) {
      const [label, node] = heap.pop();
      if (label !== labels[node]) continue;
      for (const [edge, away] of doorsOfNode.get(node) || []) if (label + away <= limit && !state.isClosed[edge]) count(edge);
      for (let arc = first[node]; arc < first[node + 1]; arc++) if (!state.isClosed[over[arc]]) offer(to[arc], label + cost[arc]);
      // Paths of the plan are as long either way but for who may use them: arcs are kept against the journey.
      if (state.more.size) for (const [other, arcs] of state.more) for (const [end, milliseconds] of arcs) if (end === node) offer(other, label + milliseconds);
    }
    for (const node of touched) labels[node] = CLOSED;
  }

  return {
    people: wanting.reduce((sum, home) => sum + homes[home].people, 0),
    next() {
      for (const end = Math.min(wanting.length, done + slice); done < end; done++) searchFrom(wanting[done]);
      return done < wanting.length;
    },
    /** The best positions, none within `apart` metres of a better one: `{edge, station, people}`. */
    best(count, apart) {
      const order = Array.from(reached, (_, edge) => edge).filter((edge) => reached[edge] > 0 && middles[edge]).sort((a, b) => reached[b] - reached[a] || a - b);
      const found = [];
      const metres = (a, b) => { const [one, other] = [degreesOf(block, a), degreesOf(block, b)]; return Math.hypot((one[0] - other[0]) * Math.cos((one[1] * Math.PI) / 180), one[1] - other[1]) * 111320; };
      for (const edge of order) {
        const { station } = middles[edge];
        if (found.every((other) => metres(other.station, station) >= apart)) found.push({ edge, station, people: reached[edge] });
        if (found.length === count) break;
      }
      return found;
    },
  };
}
