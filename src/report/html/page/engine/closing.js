// Streets that are closed: which edges nobody passes, and where homes and places join the streets then.

/** Milliseconds of a position from the tail, along the direction that is open. */
const placeOn = (edges, { edge, ahead, back, end }) => {
  const [cost, from] = edges.ahead[edge] === CLOSED ? [edges.back[edge], back] : [edges.ahead[edge], ahead];
  return end === 2 ? cost : from;
};

/** Edges of each street, by its number. */
function edgesOfStreets({ spans }) {
  const found = new Map();
  spans.forEach((of, edge) => of.forEach(({ street }) => { if (found.has(street)) found.get(street).add(edge); else found.set(street, new Set([edge])); }));
  return found;
}

/**
 * What closing streets (numbers in the page) does.
 *
 * - `isClosed`: for each edge whether anybody still passes from end to end.
 * - `settle(position, beside)`: the same position with the ends that can still be walked to, or `beside` where the street before
 *   the door is closed; `null` where that is closed too, or known to nobody.
 * - `parts`: closed parts of edges, from and to in milliseconds from the tail.
 */
function closing({ edges, spans }, streets, edgesOf) {
  const isClosed = new Uint8Array(edges.tail.length);
  const parts = new Map();
  for (const edge of new Set([...streets].flatMap((street) => [...(edgesOf.get(street) || [])]))) {
    const closed = [];
    let from = 0;
    for (const { street, end } of spans[edge]) {
      if (streets.has(street)) closed.push([from, end]);
      from = end;
    }
    isClosed[edge] = 1;
    parts.set(edge, closed);
  }
  const settle = (position, beside) => {
    const closed = position && parts.get(position.edge);
    if (!closed) return position && { ...position, toTail: true, toHead: true, parts: null };
    const at = placeOn(edges, position);
    const whole = edges.ahead[position.edge] === CLOSED ? edges.back[position.edge] : edges.ahead[position.edge];
    const inside = position.end === 0 && closed.some(([from, to]) => from < at && at < Math.min(to, whole));
    if (inside) return beside ? settle(beside, null) : null;
    return { ...position, toTail: closed.every(([from]) => from >= at), toHead: closed.every(([, to]) => Math.min(to, whole) <= at), parts: closed };
  };
  return { isClosed, settle, parts };
}

/** Junctions next to a place with the milliseconds between them, for who walks to the place. */
function doorsTo(edges, at) {
  const { edge, gap } = at;
  if (at.end) return [[at.end === 1 ? edges.tail[edge] : edges.head[edge], gap]];
  const doors = [];
  if (at.toTail && edges.ahead[edge] !== CLOSED) doors.push([edges.tail[edge], at.ahead + gap]);
  if (at.toHead && edges.back[edge] !== CLOSED) doors.push([edges.head[edge], edges.back[edge] - at.back + gap]);
  return doors;
}

/** Junctions next to a home with the milliseconds between them, for who walks from the home. */
function doorsFrom(edges, at) {
  const { edge, gap } = at;
  if (at.end) return [[at.end === 1 ? edges.tail[edge] : edges.head[edge], gap]];
  const doors = [];
  if (at.toTail && edges.back[edge] !== CLOSED) doors.push([edges.tail[edge], at.back + gap]);
  if (at.toHead && edges.ahead[edge] !== CLOSED) doors.push([edges.head[edge], edges.ahead[edge] - at.ahead + gap]);
  return doors;
}

/** Milliseconds from a home to a place on the same edge without leaving it. */
function alongOneEdge(edges, home, place) {
  const { edge } = home;
  if (home.parts) {
    const [a, b] = [placeOn(edges, home), placeOn(edges, place)].sort((one, other) => one - other);
    if (home.parts.some(([from, to]) => from < b && to > a)) return CLOSED;
  }
  let least = CLOSED;
  if (edges.ahead[edge] !== CLOSED && place.ahead >= home.ahead) least = Math.min(least, place.ahead - home.ahead);
  if (edges.back[edge] !== CLOSED && place.back <= home.back) least = Math.min(least, home.back - place.back);
  return least === CLOSED ? CLOSED : least + home.gap + place.gap;
}
