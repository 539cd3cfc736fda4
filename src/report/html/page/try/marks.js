// What a plan puts on the map: places, closed streets, paths, and the two ways of who loses most.

/** A line along each piece of streets, as the map draws it. */
function linesOfStreets(streets) {
  const { block } = TRY;
  const { edges, spans, stations } = block;
  const lines = [];
  for (const edge of new Set([...streets].flatMap((street) => [...(edgesOfStreet().get(street) || [])]))) {
    const of = spans[edge];
    const whole = lineOfEdge(block, edge);
    let from = 0;
    for (const { street, end } of of) {
      if (streets.has(street)) {
        const between = stations[edge].filter(({ position }) => of.length === 1 || (position && placeOn(edges, position) >= from && placeOn(edges, position) <= end));
        lines.push([...(from === 0 ? [whole[0]] : []), ...between.map((station) => degreesOf(block, station)), ...(end === Infinity ? [whole[whole.length - 1]] : [])]);
      }
      from = end;
    }
  }
  return lines.filter((line) => line.length > 1);
}

const edgesOfStreet = () => { TRY.edgesOf = TRY.edgesOf || edgesOfStreets(TRY.block); return TRY.edgesOf; };

/** Pin, places that open or close, paths, closed streets and routes on the map. */
function drawMarks() {
  if (!TRY.block) return;
  const on = TRY.changes.filter(({ live, off }) => live && !off).map(({ live }) => live);
  const at = ({ kind, station, place }) => (kind === "add" || kind === "homes" ? degreesOf(TRY.block, station) : kind === "close" ? serviceOf(TRY.block.places[place].service).at : null);
  const points = on.map((live) => ({ kind: live.kind, at: at(live) })).filter((one) => one.at);
  if (TRY.spots) points.push(...TRY.spots.found.map(({ station }) => ({ kind: "spot", at: degreesOf(TRY.block, station) })));
  if (TRY.pin) points.push({ kind: "pin", at: TRY.pin.at });
  if (TRY.draft.length) points.push({ kind: "pin", at: TRY.draft[TRY.draft.length - 1] });
  const streets = new Set(on.filter(({ kind }) => kind === "street").flatMap((live) => live.streets));
  const lines = streets.size ? linesOfStreets(streets).map((line) => ({ kind: "street", line })) : [];
  lines.push(...on.filter(({ kind }) => kind === "path").map(({ line }) => ({ kind: "path", line })));
  if (TRY.draft.length > 1) lines.push({ kind: "path", line: TRY.draft });
  const name = TRY.result && TRY.result.moved.find((one) => STATE.layer === `try:${one}`);
  const loser = name && loserOf(name);
  if (loser) for (const kind of ["before", "after"]) if (loser.ways[kind]) lines.push({ kind, line: loser.ways[kind] });
  MAP.plan({ points, lines });
}
