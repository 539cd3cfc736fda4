// The pin: a place, homes or the end of a path before they are put down. Arrow keys move it, Enter puts it there.

const pinOfStation = ({ edge, station }) => ({ key: station, at: degreesOf(TRY.block, station), edge, station });
const pinOfCorner = (node) => ({ key: node, at: cornerAt(TRY.block, node), node });

/** Everywhere that the pin of the tool can stand. */
function pinPlaces() {
  const { corners, stations } = TRY.block;
  if (TRY.tool === "path") return [...corners.kind.keys()].filter((node) => corners.kind[node]).map(pinOfCorner);
  return stations.flatMap((of, edge) => of.filter(({ position }) => position).map((station) => pinOfStation({ edge, station })));
}

const streetOfPin = ({ node, edge, station }) => (node === undefined ? [streetAt(edge, station.position)] : streetsAtCorner(node));
const whereIsPin = (pin) => (pin.node === undefined ? `on ${streetName(streetOfPin(pin)[0])}` : `at ${cornerName(pin.node)}`) + inArea(pin.at);

/** In the middle of a street, where the arrow keys take it on. */
function pinStreet(streets) {
  const wanted = new Set(streets);
  const all = pinPlaces().filter((pin) => streetOfPin(pin).some((street) => wanted.has(street)));
  if (!all.length) { say("Nothing can be put on this street."); return; }
  TRY.pin = all[all.length >> 1];
  say("");
  drawPin();
  byId("try-pin").focus();
}

function drawPin() {
  const box = byId("try-pin-box");
  if (!box) return;
  const { pin } = TRY;
  const move = (event) => {
    const step = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    movePin(step);
  };
  const [button, does] = { path: TRY.draft.length ? ["End it here", "ends the path there"] : ["Begin it here", "begins the path there"], homes: ["Put them here", "puts the homes there"] }[TRY.tool] || ["Put it here", "puts the place there"];
  box.replaceChildren(...(pin ? [el("button", { type: "button", id: "try-pin", onclick: () => putDown(pin), onkeydown: move }, button),
    el("span", { class: "hint", id: "try-pin-where", role: "status" }, `The pin is ${whereIsPin(pin)}. Arrow keys move it, Enter ${does}.`)] : []));
  drawMarks();
}

/** To the nearest place for it in a direction. */
function movePin([east, north]) {
  const from = TRY.pin.at;
  const wide = Math.cos((from[1] * Math.PI) / 180);
  let best = null;
  for (const pin of pinPlaces()) {
    if (pin.key === TRY.pin.key) continue;
    const [dx, dy] = [(pin.at[0] - from[0]) * wide, pin.at[1] - from[1]];
    const away = Math.hypot(dx, dy);
    // Within an eighth of a turn.
    if (dx * east + dy * north > 0.7 * away && (!best || away < best.away)) best = { pin, away };
  }
  if (!best) { say("No street lies farther that way."); return; }
  TRY.pin = best.pin;
  drawPin();
  byId("try-pin").focus();
}

/** What the tool makes of the pin. */
function putDown(pin) {
  if (TRY.tool === "path") { putPathEnd(pin.node); return; }
  TRY.pin = null;
  if (TRY.tool === "homes") {
    const residents = Number(TRY.people);
    if (!(residents >= 1 && Number.isFinite(residents))) { say(`How many ${OF_PEOPLE ? "people move in" : "come"}? Write a number above 0.`); drawPin(); return; }
    const known = new Set(TRY.changes.map(({ change }) => change.id));
    let number = 1;
    while (known.has(`new homes ${number}`)) number++;
    addChange({ action: "add_homes", id: `new homes ${number}`, at: pin.at, residents });
  } else {
    addChange({ action: "add_service", category: TRY.category, at: pin.at, name: `New ${formatted(TRY.category, "words")}` });
  }
}
