// A path or bridge as it is drawn: from a corner over bends to a corner.

function pathOptions() {
  return el("div", { class: "try-finder" }, el("label", {}, el("input", { type: "checkbox", id: "try-bridge", checked: TRY.bridge, onchange: (event) => { TRY.bridge = event.target.checked; } }), " It is a bridge"),
    el("button", { type: "button", id: "try-path-again", class: "quiet", onclick: () => { TRY.draft = []; TRY.pin = null; say("Choose where it begins."); drawPin(); drawMarks(); } }, "Begin again"));
}

/** A click: the corner near it, or a bend. */
function drawPathTo(at) {
  const corner = TRY.block.head.paths && nearestCorner(TRY.block, at);
  const isNear = corner && isNearOnMap(at, cornerAt(TRY.block, corner.node));
  if (!corner || (!TRY.draft.length && corner.away > 500)) { say("No street corner is near."); return; }
  if (isNear || !TRY.draft.length) { putPathEnd(corner.node); return; }
  TRY.draft.push(at.map((value) => Math.round(value * 1e7) / 1e7));
  say("A bend. Click on a street corner to end the path there.");
  drawMarks();
}

/** The first corner begins the path, another one ends it. */
function putPathEnd(node) {
  const at = cornerAt(TRY.block, node);
  if (!TRY.draft.length) {
    TRY.draft = [at];
    say(`It begins at ${cornerName(node)}${inArea(at)}. Choose the corner where it ends.`);
    drawPin();
    if (byId("try-pin")) byId("try-pin").focus();
    drawMarks();
    return;
  }
  if (at.join() === TRY.draft[0].join() && TRY.draft.length === 1) { say("It begins there: choose another corner."); return; }
  const { paths } = TRY.block.head;
  const kind = paths.kinds.find(({ bridge }) => bridge === TRY.bridge) || paths.kinds[0];
  const line = surePath(TRY.block, [...TRY.draft, at], kind);
  Object.assign(TRY, { draft: [], pin: null });
  addChange({ action: "add_street", line, class: kind.class, ...(kind.bridge && { bridge: true }) });
  drawMarks();
}

/** Numbers of the streets that meet at a junction. */
function streetsAtCorner(node) {
  if (!TRY.atCorner) {
    TRY.atCorner = new Map();
    const put = (at, street) => { if (TRY.atCorner.has(at)) TRY.atCorner.get(at).add(street); else TRY.atCorner.set(at, new Set([street])); };
    TRY.block.spans.forEach((of, edge) => { put(TRY.block.edges.tail[edge], of[0].street); put(TRY.block.edges.head[edge], of[of.length - 1].street); });
  }
  return [...(TRY.atCorner.get(node) || [])];
}

/** "the corner of Mason Street and Mill Lane". */
function cornerName(node) {
  const names = [...new Set(streetsAtCorner(node).map((street) => TRY.block.head.streets[street][1]).filter(Boolean))].slice(0, 2);
  return names.length === 2 ? `the corner of ${names.join(" and ")}` : names.length ? `a corner of ${names[0]}` : "a corner without a name";
}
