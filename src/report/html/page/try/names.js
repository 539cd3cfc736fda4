// Streets and places by name: the way of who has no mouse.

const STREETS_FOUND = 60;

/** What is folded away from who points with a mouse; open once it was opened. */
function byName(inside) {
  return el("details", { class: "try-by-name", open: TRY.byName, ontoggle: (event) => { TRY.byName = event.target.open; } }, el("summary", {}, "Or by name, with the keyboard"), inside);
}

/** Streets by name: those of one id are one street. */
function streetFinder(words, act, wantedStreets = null) {
  const { head } = TRY.block;
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const named = [...TRY.ids.streetOf.values()].filter((streets) => head.streets[streets[0]][1] && (!wantedStreets || streets.some((street) => wantedStreets.has(street))));
  named.sort((a, b) => collator.compare(streetName(a[0]), streetName(b[0])) || a[0] - b[0]);
  const found = el("select", { id: "try-streets", size: 5, "aria-label": "Streets found" });
  const fill = (wanted) => {
    const matches = named.filter(([street]) => plain(streetName(street)).includes(plain(wanted))).slice(0, STREETS_FOUND);
    found.replaceChildren(...matches.map((streets, at) => el("option", { value: streets[0], selected: at === 0 }, `${streetName(streets[0])}${inArea(placeOfStreet(streets))}`)));
  };
  const chosen = () => found.value && act(TRY.ids.streetOf.get(head.streets[Number(found.value)][0]));
  fill("");
  found.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); chosen(); } });
  return el("div", { class: "try-finder" },
    el("label", { class: "field" }, el("span", {}, "Street"), el("input", { type: "text", id: "try-street", autocomplete: "off", oninput: (event) => fill(event.target.value) })),
    found, el("button", { type: "button", id: "try-street-use", onclick: chosen }, words));
}

/** Streets on which a place can be put; found once. */
function streetsWithPositions() {
  if (!TRY.withPositions) {
    TRY.withPositions = new Set();
    TRY.block.stations.forEach((of, edge) => of.forEach(({ position }) => { if (position) TRY.withPositions.add(streetAt(edge, position)); }));
  }
  return TRY.withPositions;
}

/** Streets of which a corner can be joined. */
function streetsWithCorners() {
  const { spans, corners: { kind }, edges: { tail, head } } = TRY.block;
  return new Set(spans.flatMap((of, edge) => (kind[tail[edge]] || kind[head[edge]] ? of.map(({ street }) => street) : [])));
}

/** Where a street is, to say it without looking through all edges. */
function placeOfStreet([street]) {
  TRY.firstEdge = TRY.firstEdge || new Map();
  if (!TRY.firstEdge.size) TRY.block.spans.forEach((of, edge) => of.forEach((span) => { if (!TRY.firstEdge.has(span.street)) TRY.firstEdge.set(span.street, edge); }));
  const edge = TRY.firstEdge.get(street);
  return edge === undefined ? null : degreesOf(TRY.block, TRY.block.stations[edge][0]);
}

function placeFinder() {
  const closed = new Set(TRY.changes.filter(({ live }) => live && live.kind === "close").map(({ live }) => live.place));
  const places = TRY.block.places.map(({ service }, place) => ({ place, service })).filter(({ place }) => !closed.has(place)).map(({ service }) => serviceOf(service)).filter(({ category }) => category === TRY.category);
  places.sort((a, b) => collator.compare(a.name, b.name));
  const select = el("select", { id: "try-places", "aria-label": "Places that can close" }, places.map(({ number, name, at }) => el("option", { value: number }, `${name}${inArea(at)}`)));
  return el("div", { class: "try-finder" }, select, el("button", { type: "button", id: "try-close", disabled: !places.length, onclick: () => addChange(closingOf(TRY.block, TRY.ids, Number(select.value))) }, "Close it"));
}
