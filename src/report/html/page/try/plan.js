// What is tried: the plan, what it gives, its words, and the layer that shows it.

const TRY = {
  block: null, engine: null, ids: null, loading: null,
  // The plan that is shown, and the other one of the two.
  changes: [], other: [], on: "A", result: null,
  // The layer that was there before anything was tried.
  before: null,
  tool: "add", category: null, people: 200, bridge: false, pin: null, draft: [], spots: null, search: null,
};

/** Reads the streets and computes every walk as it is when a change is first tried. */
function loadTry() {
  TRY.loading = TRY.loading || readStreets().then((block) => {
    Object.assign(TRY, { block, ids: idsOf(block), engine: engineOf(block) });
    [TRY.category] = tryCategories();
  });
  return TRY.loading;
}

/** Kinds of places that can open and close: those of services. A park is an area, and not put on a street. */
const tryCategories = () => { const known = new Set(TRY.block.places.map(({ category }) => category)); return TRY.block.head.categories.filter((_, category) => known.has(category)); };

const tryMetres = (a, b) => Math.hypot((a[0] - b[0]) * Math.cos((a[1] * Math.PI) / 180), a[1] - b[1]) * 111320;

/** The neighbourhood of a place; nothing outside all of them. */
function areaAt([x, y]) {
  const inside = (ring) => {
    let found = false;
    for (let [at, last] = [0, ring.length - 1]; at < ring.length; last = at++) {
      const [[x1, y1], [x2, y2]] = [ring[at], ring[last]];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) found = !found;
    }
    return found;
  };
  const place = AREAS.findIndex((polygons) => polygons.some(([outer, ...holes]) => inside(outer) && !holes.some(inside)));
  return place < 0 ? null : place;
}

/** The street at a position of an edge, by its number in the block. */
function streetAt(edge, position) {
  const from = placeOn(TRY.block.edges, position);
  return TRY.block.spans[edge].find(({ end }) => from <= end).street;
}

const streetName = (street) => TRY.block.head.streets[street][1] || "a street without a name";

/** Name and place of a service by its number among all of the study. */
function serviceOf(number) {
  const { services, categories } = TRY.block.head;
  const [id, category] = services[number];
  let ordinal = 0;
  for (let before = 0; before < number; before++) if (services[before][1] === category) ordinal++;
  const known = DATA.ground.services[categories[category]];
  const at = known && known.at[2 * ordinal] !== undefined ? [DATA.ground.origin[0] + known.at[2 * ordinal] * DATA.ground.step, DATA.ground.origin[1] + known.at[2 * ordinal + 1] * DATA.ground.step] : null;
  return { number, category: categories[category], name: (known && known.names[ordinal]) || id, at };
}

const someOf = (category) => (DATA.without.places.find((one) => one.category === category) || { some: `a ${formatted(category, "words")}` }).some;
const inArea = (at) => { const area = at ? areaAt(at) : null; return area === null ? "" : `, ${DATA.names[area]}`; };

/** Newcomers count as homes do: by people, or by what stands in for them. */
const comersOf = (amount) => (OF_PEOPLE ? `${grouped(amount, 0)} people move in` : `${amountOf(amount)} come`);

/** A change as a sentence. */
function sentenceOfChange({ change, live, why }) {
  if (!live) return `${capital(String(change.action).replaceAll("_", " "))}: not tried here, ${why}. It stays in the file.`;
  if (live.kind === "add") return `${capital(someOf(change.category))} opens on ${streetName(streetAt(live.edge, live.station.position))}${inArea(degreesOf(TRY.block, live.station))}.`;
  if (live.kind === "close") {
    const { name, category, at } = serviceOf(TRY.block.places[live.place].service);
    return `${name} (${formatted(category, "words")}) closes${inArea(at)}.`;
  }
  if (live.kind === "homes") return `${comersOf(live.people)} ${whereIsPin(pinOfStation(live))}.`;
  if (live.kind === "path") return `A ${live.bridge ? "bridge" : "path"} of ${grouped(live.length, 0)} m opens between ${cornerName(live.from)} and ${cornerName(live.to)}${inArea(live.line[0])}.`;
  return `${capital(streetName(live.streets[0]))} closes to people on foot${inArea(placeOfStreet(live.streets))}.`;
}

/** What a plan does; nothing where it changes nothing. A result that cannot be computed is none. */
function resultOf(changes) {
  const plan = planOf(changes);
  const { added, closed, streets, paths, homes: newHomes } = plan;
  if (!added.length && !closed.size && !streets.size && !paths.length && !newHomes.length) return null;
  const state = TRY.engine.evaluate(plan);
  const { times, settled } = state;
  const { head, homes } = TRY.block;
  const refused = added.length || paths.length ? 0 : shortened(TRY.engine.base, times);
  const ofServices = tryCategories();
  const isLive = (name) => settled && !refused && ofServices.includes(name);
  const found = new Map();
  head.categories.forEach((name, category) => {
    if (isLive(name) && times[category] !== TRY.engine.base[category]) found.set(name, { ...balanceOf(homes, TRY.engine.base[category], times[category], STANDARD, COUNT), times: times[category] });
  });
  const moved = [...found].filter(([, { city }]) => city.gained || city.lost || city.before !== city.after).map(([name]) => name);
  const who = changes.filter(({ live, off }) => live && !off && live.kind === "homes");
  const newcomers = settled && !refused ? state.newcomers.map(({ people, times: walks }, at) => ({ people, times: walks, where: whereIsPin(pinOfStation(who[at].live)) })) : [];
  return { settled: settled && !refused, refused, found, moved, newcomers, state, plan, greyed: head.categories.filter((name) => !isLive(name)) };
}

/** Gains and losses have one set of classes, whatever is tried: colours can be compared. */
const TRY_BREAKS = [-1, -0.2, -0.05, -0.002, 0.002, 0.05, 0.2, 1.01];
const TRY_LABELS = ["over 20% lose", "5 to 20% lose", "up to 5% lose", "as before", "up to 5% gain", "5 to 20% gain", "over 20% gain"];

/** The layer of what is tried for one kind of place. */
function tryLayer(name) {
  const category = String(name).startsWith("try:") ? name.slice(4) : null;
  const balance = category && TRY.result && TRY.result.found.get(category);
  if (!balance) return null;
  const label = `Walk to ${someOf(category)}: who gains and who loses by the plan`;
  balance.layer = balance.layer || {
    name, label, measure: label, subject: null, unit: "share", scale: { kind: "diverging", middle: 0 }, theme: "isolation", breaks: TRY_BREAKS, labels: TRY_LABELS,
    meaning: `Under the plan that is tried: share of ${DATA.weight.noun} whose walk becomes shorter by more than a minute, less the share for whom it becomes longer.`,
    not_meaning: "Not a forecast: homes and people stay as they are, and nothing but the plan changes.",
    values: balance.byArea.map(({ people, gained, lost }) => (people > 0 ? (gained - lost) / people : null)),
  };
  return balance.layer;
}

/** A plan as a word of the address: `a,clinic,-77.03,38.9;c,ID;c,ID,library;s,ID;p,footway,0,…;h,ID,200,…`, with `-` before what is switched off. */
function wordOfPlan(changes) {
  const word = ({ change, off }) => {
    const parts = {
      add_service: () => ["a", change.category, ...change.at], close_service: () => ["c", change.service, ...(change.category ? [change.category] : [])], remove_street: () => ["s", change.street],
      add_street: () => ["p", change.class || "footway", change.bridge ? 1 : 0, ...change.line.flat()], add_homes: () => ["h", change.id, change.residents, ...change.at],
    }[change.action];
    return parts ? `${off ? "-" : ""}${parts().map((part) => encodeURIComponent(part)).join(",")}` : null;
  };
  return changes.map(word).filter(Boolean).join(";");
}

/** Both plans, and which is shown: `A|B|B`; the first alone where there is no second. */
function planWord() {
  const [a, b] = (TRY.on === "A" ? [TRY.changes, TRY.other] : [TRY.other, TRY.changes]).map(wordOfPlan);
  return b || TRY.on === "B" ? `${a}|${b}|${TRY.on}` : a || null;
}

function changesOfWord(text) {
  return text.split(";").filter(Boolean).map((word) => {
    const [kind, ...parts] = word.replace(/^-/, "").split(",").map(decodeURIComponent);
    const numbers = (from) => parts.slice(from).map(Number);
    const change = {
      a: () => ({ action: "add_service", category: parts[0], at: numbers(1).slice(0, 2) }),
      c: () => ({ action: "close_service", service: parts[0], ...(parts[1] && { category: parts[1] }) }),
      p: () => ({ action: "add_street", line: numbers(2).flatMap((x, at, all) => (at % 2 ? [] : [[x, all[at + 1]]])), class: parts[0], ...(parts[1] === "1" && { bridge: true }) }),
      h: () => ({ action: "add_homes", id: parts[0], at: numbers(2).slice(0, 2), residents: Number(parts[1]) }),
    }[kind] || (() => ({ action: "remove_street", street: Number(parts[0]) }));
    return { ...liveChange(TRY.block, TRY.ids, change()), off: word.startsWith("-") };
  });
}

/** The plans of a word. */
function plansOfWord(text) {
  const [a, b = "", on = "A"] = (text || "").split("|");
  const [one, other] = [a, b].map(changesOfWord);
  TRY.on = on === "B" ? "B" : "A";
  [TRY.changes, TRY.other] = TRY.on === "A" ? [one, other] : [other, one];
}

/** Shows the plan of the address: at once where the streets are read, otherwise once they are. */
function writePlan(text) {
  if ((text || null) === (TRY.loading && !TRY.block ? TRY.wanted : planWord())) return;
  TRY.wanted = text || null;
  if (!DATA.network.block) return;
  if (TRY.block) { plansOfWord(text); TRY.result = resultOf(TRY.changes); return; }
  const layer = new URLSearchParams(location.hash.slice(1)).get("layer");
  loadTry().then(() => {
    plansOfWord(TRY.wanted);
    planChanged(String(layer).startsWith("try:") ? layer : null);
  }).catch(tryFailed);
}
