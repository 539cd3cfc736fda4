// A plan as a list of changes, in the words of the scenario file that `commonground compare` reads.

/** Numbers of services and streets by their ids. */
function idsOf({ head, places }) {
  // An id that several services share names none of them.
  const count = new Map();
  head.services.forEach(([id]) => count.set(id, (count.get(id) || 0) + 1));
  const placeOf = new Map();
  places.forEach(({ service }, place) => {
    const [id] = head.services[service];
    if (count.get(id) === 1) placeOf.set(id, place);
  });
  // Several lines of the data may be one street.
  const streetOf = new Map();
  head.streets.forEach(([id], street) => streetOf.set(id, [...(streetOf.get(id) || []), street]));
  return { placeOf, streetOf };
}

/** The position at exactly these degrees, or the nearest one and how far it is in metres; nothing where no street may be used. */
function stationAt({ head, stations }, [longitude, latitude], isWanted = () => true) {
  const metres = 111320;
  const wide = Math.cos((latitude * Math.PI) / 180);
  let best = null;
  stations.forEach((of, edge) => of.forEach((station, number) => {
    if (!station.position || !isWanted(edge)) return;
    const [x, y] = station.at.map((value) => value / head.per_degree);
    const away = Math.hypot((x - longitude) * wide, y - latitude) * metres;
    if (!best || away < best.away) best = { edge, number, station, away };
  }));
  return best;
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
    const place = ids.placeOf.get(change.service);
    return place === undefined ? no(`no single place on the streets has the id ${change.service}`) : { change, live: { kind: "close", place } };
  }
  if (change.action === "remove_street") {
    const streets = ids.streetOf.get(change.street);
    return streets === undefined ? no(`no street of this traveller has the id ${change.street}`) : { change, live: { kind: "street", streets } };
  }
  return no(`${String(change.action).replaceAll("_", " ")} is not tried in the page`);
}

/** The plan of the changes that are on, as `engineOf(block).evaluate` takes it. */
function planOf(changes) {
  const live = changes.filter((one) => one.live && !one.off).map((one) => one.live);
  const of = (kind) => live.filter((one) => one.kind === kind);
  return {
    added: of("add").map(({ category, station }) => ({ category, position: station.position })),
    closed: new Set(of("close").map(({ place }) => place)),
    streets: new Set(of("street").flatMap(({ streets }) => streets)),
  };
}

/** The file: every change that is on, in its order, whether or not the page can try it. */
const scenarioOf = (name, changes) => ({ name, changes: changes.filter(({ off }) => !off).map(({ change }) => change) });
