// A plan as a list of changes, in the words of the scenario file that `commonground compare` reads.

/** Numbers of services and streets by their ids, and places by the number of their service. */
function idsOf({ head, places }) {
  // Files from different offices number their rows alike, and several lines of the data may be one street.
  const numbered = (all) => {
    const found = new Map();
    all.forEach(([id], number) => found.set(id, [...(found.get(id) || []), number]));
    return found;
  };
  return { servicesOf: numbered(head.services), streetOf: numbered(head.streets), placeOf: new Map(places.map(({ service }, place) => [service, place])) };
}

/** The change that closes a service: its category is said where several have its id. */
function closingOf({ head }, ids, service) {
  const [id, category] = head.services[service];
  return { action: "close_service", service: id, ...(ids.servicesOf.get(id).length > 1 && { category: head.categories[category] }) };
}

/** Every usable position in a row: where it is, its edge, and its number there. */
function positionsOf(block) {
  if (block.positions) return block.positions;
  const found = block.stations.flatMap((of, edge) => of.map((station, number) => ({ station, edge, number })).filter(({ station }) => station.position));
  block.positions = { found, x: Float64Array.from(found, ({ station }) => station.at[0]), y: Float64Array.from(found, ({ station }) => station.at[1]) };
  return block.positions;
}

/** The position at exactly these degrees, or the nearest one and how far it is in metres; nothing where no street may be used. */
function stationAt(block, [longitude, latitude]) {
  const { found, x, y } = positionsOf(block);
  const wide = Math.cos((latitude * Math.PI) / 180);
  const [east, north] = [longitude, latitude].map((value) => value * block.head.per_degree);
  let [best, least] = [-1, Infinity];
  for (let at = 0; at < found.length; at++) {
    const away = ((x[at] - east) * wide) ** 2 + (y[at] - north) ** 2;
    if (away < least) [best, least] = [at, away];
  }
  return best < 0 ? null : { ...found[best], away: (Math.sqrt(least) / block.head.per_degree) * 111320 };
}

/** Degrees of a position, as a file writes them. */
const degreesOf = ({ head }, station) => station.at.map((value) => value / head.per_degree);

/**
 * What the engine makes of a change of a file: `{live, ...}` with numbers of the block where the page can try it; otherwise `why` it
 * cannot.
 */
function liveChange(block, ids, change) {
  const { head } = block;
  const no = (why) => ({ change, live: null, why });
  if (change.action === "add_service") {
    const category = head.categories.indexOf(change.category);
    if (category < 0) return no(`the study has no ${change.category}`);
    if (!Array.isArray(change.at) || change.at.length !== 2 || !change.at.every(Number.isFinite)) return no("`at` is no longitude and latitude");
    const found = stationAt(block, change.at);
    if (!found) return no("no street is near");
    // A file from elsewhere has other places: the page moves them to its own positions, and says so.
    const moved = found.away > 0.01 ? found.away : 0;
    return { change: { ...change, at: degreesOf(block, found.station) }, live: { kind: "add", category, ...found }, moved };
  }
  if (change.action === "close_service") {
    const meant = (ids.servicesOf.get(change.service) || []).filter((one) => change.category === undefined || head.categories[head.services[one][1]] === change.category);
    const place = meant.length === 1 ? ids.placeOf.get(meant[0]) : undefined;
    return place === undefined ? no(`no single place on the streets has the id ${change.service}`) : { change, live: { kind: "close", place } };
  }
  if (change.action === "remove_street") {
    const streets = ids.streetOf.get(change.street);
    return streets === undefined ? no(`no street of this traveller has the id ${change.street}`) : { change, live: { kind: "street", streets } };
  }
  if (change.action === "add_street") return livePath(block, ids, change, no);
  if (change.action === "add_homes") {
    if (!Array.isArray(change.at) || change.at.length !== 2 || !change.at.every(Number.isFinite)) return no("`at` is no longitude and latitude");
    if (!(Number.isFinite(change.residents) && change.residents >= 0)) return no("`residents` is no number of people");
    const found = stationAt(block, change.at);
    if (!found) return no("no street is near");
    const moved = found.away > 0.01 ? found.away : 0;
    return { change: { ...change, at: degreesOf(block, found.station) }, live: { kind: "homes", people: change.residents, ...found }, moved };
  }
  return no(`${String(change.action).replaceAll("_", " ")} is not tried in the page`);
}

/** A path or bridge: one whose ends are corners of the block, and of which the block knows how fast it is. */
function livePath(block, ids, change, no) {
  const { paths } = block.head;
  if (!paths) return no("the streets of this file say nothing of new paths");
  const { line, class: name = "footway", bridge = false, id, tags = {} } = change;
  const kind = paths.kinds.find((one) => one.class === name && one.bridge === Boolean(bridge));
  if (!kind) return no(`a ${name} is not tried here`);
  if (Object.keys(tags).length) return no("its further tags are not known here");
  if (id !== undefined && ids.streetOf.has(id)) return no(`the id ${id} is taken by another street`);
  const isPlace = (at) => Array.isArray(at) && at.length === 2 && at.every(Number.isFinite);
  if (!Array.isArray(line) || line.length < 2 || !line.every(isPlace)) return no("`line` is no line of longitudes and latitudes");
  const found = pathThrough(block, line, kind);
  return found.why ? no(found.why) : { change, live: { kind: "path", line, bridge: kind.bridge, ...found } };
}

/** The plan of the changes that are on, as `engineOf(block).evaluate` takes it. */
function planOf(changes) {
  const live = changes.filter((one) => one.live && !one.off).map((one) => one.live);
  const of = (kind) => live.filter((one) => one.kind === kind);
  return {
    added: of("add").map(({ category, station }) => ({ category, position: station.position })),
    closed: new Set(of("close").map(({ place }) => place)),
    streets: new Set(of("street").flatMap(({ streets }) => streets)),
    paths: of("path"),
    homes: of("homes").map(({ people, station }) => ({ people, position: station.position })),
  };
}

/** The file: every change that is on, in its order, whether or not the page can try it. */
const scenarioOf = (name, changes) => ({ name, changes: changes.filter(({ off }) => !off).map(({ change }) => change) });
