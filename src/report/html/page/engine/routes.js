// The way of a home to the closest place of a category, as a line on the map.

/** Longitude and latitude along an edge, from its tail to its head. */
function lineOfEdge({ head, x, y, edges, stations }, edge) {
  const node = (at) => [x[at] / head.per_degree, y[at] / head.per_degree];
  return [node(edges.tail[edge]), ...stations[edge].map(({ at }) => at.map((value) => value / head.per_degree)), node(edges.head[edge])];
}

/** The part of an edge between two milliseconds from its tail, in the direction from the one to the other. */
function partOfEdge(block, edge, from, to) {
  const { edges } = block;
  const whole = edges.ahead[edge] === CLOSED ? edges.back[edge] : edges.ahead[edge];
  const line = lineOfEdge(block, edge);
  const wide = Math.cos((line[0][1] * Math.PI) / 180);
  const passed = [0];
  for (let at = 1; at < line.length; at++) passed.push(passed[at - 1] + Math.hypot((line[at][0] - line[at - 1][0]) * wide, line[at][1] - line[at - 1][1]));
  const all = passed[passed.length - 1];
  const pointAt = (share) => {
    const reach = share * all;
    const next = Math.max(1, passed.findIndex((value) => value >= reach));
    const part = passed[next] > passed[next - 1] ? (reach - passed[next - 1]) / (passed[next] - passed[next - 1]) : 0;
    return [0, 1].map((axis) => line[next - 1][axis] + part * (line[next][axis] - line[next - 1][axis]));
  };
  const [low, high] = [Math.min(from, to), Math.max(from, to)].map((value) => (whole ? Math.min(1, value / whole) : 0));
  const between = line.filter((_, at) => passed[at] > low * all && passed[at] < high * all);
  const found = [pointAt(low), ...between, pointAt(high)];
  return from <= to ? found : found.reverse();
}

/**
 * The route of a home under what `evaluate` gave: longitudes and latitudes; nothing where no place is within the search.
 *
 * - `paths`: those of the plan, with their lines.
 */
function routeOf(block, engine, state, category, home, paths = []) {
  const { edges } = block;
  const labels = state.labels[category];
  const from = state.at[home];
  const time = state.times[category][home];
  if (!from || time === CLOSED) return null;
  const [start, whole] = [placeOn(edges, from), (edge) => (edges.ahead[edge] === CLOSED ? edges.back[edge] : edges.ahead[edge])];
  const beside = state.entrances[category].find((place) => place.edge === from.edge && alongOneEdge(edges, from, place) === time);
  if (beside) return partOfEdge(block, from.edge, start, placeOn(edges, beside));
  const toNode = (edge, position, node, isTail) => partOfEdge(block, edge, position, isTail ? 0 : whole(edge));
  const door = doorsFrom(edges, from).find(([node, cost]) => labels[node] !== CLOSED && labels[node] + cost === time);
  const line = toNode(from.edge, start, door[0], edges.tail[from.edge] === door[0]);
  const ends = new Map();
  for (const place of state.entrances[category]) for (const [node, cost] of doorsTo(edges, place)) if (labels[node] === cost) ends.set(node, place);
  const { first, to, cost, over } = engine.onward;
  const isNext = (node, arc) => !state.isClosed[over[arc]] && labels[to[arc]] !== CLOSED && labels[to[arc]] + cost[arc] === labels[node] && to[arc] !== node;
  // A junction of no cost could lead in a circle: none is passed twice.
  const passed = new Set();
  for (let node = door[0]; !passed.has(node);) {
    passed.add(node);
    if (ends.has(node)) {
      const place = ends.get(node);
      return [...line, ...partOfEdge(block, place.edge, edges.tail[place.edge] === node ? 0 : whole(place.edge), placeOn(edges, place))];
    }
    let next = null;
    for (let arc = first[node]; arc < first[node + 1] && next === null; arc++) {
      if (!isNext(node, arc) || passed.has(to[arc])) continue;
      const along = lineOfEdge(block, over[arc]);
      line.push(...(edges.tail[over[arc]] === node ? along : along.reverse()));
      next = to[arc];
    }
    for (const path of paths) {
      if (next !== null) break;
      for (const [end, other, milliseconds, way] of [[path.from, path.to, path.ahead, path.line], [path.to, path.from, path.back, [...path.line].reverse()]]) {
        if (end !== node || milliseconds === CLOSED || labels[other] === CLOSED || labels[other] + milliseconds !== labels[node]) continue;
        line.push(...way);
        next = other;
      }
    }
    if (next === null) return line;
    node = next;
  }
  return line;
}
