// The walk from every home to the closest place of each category, as things are and under a plan.

/** A plan that changes nothing. */
const noPlan = () => ({ added: [], closed: new Set(), streets: new Set(), paths: [], homes: [] });

/**
 * The engine of one block. A plan is `{added: [{category, position}], closed: Set of places, streets: Set of streets, paths, homes:
 * [{position, people}]}`, all by their numbers in the block. It gives for each category the `times` of every home in milliseconds,
 * `CLOSED` beyond the search; those of `newcomers`; whether everything could be put on a street (`settled`); and `labels`, `at`,
 * `isClosed`, `more` and `entrances`, by which a route is found.
 */
function engineOf(block) {
  const network = networkOf(block);
  const onward = networkOf(block, true);
  const { head, edges, homes, places } = block;
  const streetEdges = edgesOfStreets(block);
  const byEdge = (all) => { const found = new Map(); all.forEach(({ position: { edge } }, number) => { if (found.has(edge)) found.get(edge).push(number); else found.set(edge, [number]); }); return found; };
  const [homesOn, placesOn] = [byEdge(homes), byEdge(places)];
  const none = { isClosed: new Uint8Array(edges.tail.length), parts: new Map(), settle: closing(block, new Set(), streetEdges).settle };
  const settledHomes = homes.map(({ position }) => none.settle(position, null));
  const settledPlaces = places.map(({ position }) => none.settle(position, null));
  const ofCategory = head.categories.map((_, category) => places.map((_, place) => place).filter((place) => places[place].category === category));
  const seedOf = (place) => doorsTo(edges, settledPlaces[place]).map(([node, cost]) => [node, cost, -1 - place]);
  const seeds = ofCategory.map((of) => of.flatMap(seedOf));
  const doors = doorsOfAll();
  const base = head.categories.map((_, category) => {
    const [labels, via] = [new Uint32Array(network.nodes).fill(CLOSED), new Int32Array(network.nodes)];
    lower(network, labels, seeds[category], { limit: head.limit, isClosed: none.isClosed, via });
    const onEdge = Uint32Array.from(settledHomes, (home) => (placesOn.has(home.edge) ? nearestOnEdge(home, category, settledPlaces, []) : CLOSED));
    return { labels, via, onEdge, times: timesOf(labels, onEdge) };
  });
  const baseTimes = base.map(({ times }) => times);

  /** Both doors of every home as arrays: a door that is not there costs more than any walk. */
  function doorsOfAll() {
    const [nodes, costs] = [[0, 1].map(() => new Uint32Array(homes.length)), [0, 1].map(() => new Uint32Array(homes.length).fill(CLOSED))];
    settledHomes.forEach((home, number) => doorsFrom(edges, home).forEach(([node, cost], door) => { [nodes[door][number], costs[door][number]] = [node, cost]; }));
    return { nodes, costs };
  }

  /** To the closest of the places that stand on the home's own edge, and of `others`. */
  function nearestOnEdge(home, category, at, others) {
    let least = CLOSED;
    for (const place of placesOn.get(home.edge) || []) if (places[place].category === category && at[place] && at[place].edge === home.edge) least = Math.min(least, alongOneEdge(edges, home, at[place]));
    for (const place of others) if (place.edge === home.edge) least = Math.min(least, alongOneEdge(edges, home, place));
    return least;
  }

  /** Milliseconds of every home from the labels of the junctions, and from what stands on its own edge. */
  function timesOf(labels, onEdge) {
    const { nodes: [one, other], costs: [toOne, toOther] } = doors;
    const { limit } = head;
    const times = new Uint32Array(homes.length);
    for (let home = 0; home < times.length; home++) {
      const least = Math.min(onEdge[home], labels[one[home]] + toOne[home], labels[other[home]] + toOther[home]);
      times[home] = least <= limit ? least : CLOSED;
    }
    return times;
  }

  /** Of one home, wherever it has been settled. */
  function timeOf(home, labels, category, at, others) {
    if (!home) return CLOSED;
    let least = nearestOnEdge(home, category, at, others);
    for (const [node, cost] of doorsFrom(edges, home)) least = Math.min(least, labels[node] + cost);
    return least <= head.limit ? least : CLOSED;
  }

  /** Homes and places that a closed street touches, settled anew. */
  function settled({ parts, settle }, closed) {
    const found = { homes: settledHomes, moved: [], places: settledPlaces, changed: new Set(closed), all: true };
    if (parts.size) [found.homes, found.places] = [settledHomes.slice(), settledPlaces.slice()];
    else if (closed.size) found.places = settledPlaces.slice();
    for (const edge of parts.keys()) {
      for (const home of homesOn.get(edge) || []) {
        found.homes[home] = settle(homes[home].position, homes[home].beside);
        found.moved.push(home);
        found.all = found.all && found.homes[home] !== null;
      }
      for (const place of placesOn.get(edge) || []) {
        if (closed.has(place)) continue;
        found.places[place] = settle(places[place].position, places[place].beside);
        found.changed.add(place);
        found.all = found.all && found.places[place] !== null;
      }
    }
    for (const place of closed) found.places[place] = null;
    return found;
  }

  /** Labels of a category once some places and edges are lost: those that depended on them are found anew. */
  function withoutLost({ labels, via }, category, { changed }, { isClosed, parts }, more) {
    const lost = dependents(edges, labels, via, (cause) => (cause < 0 ? changed.has(-1 - cause) : isClosed[cause] === 1));
    if (!lost.length && !parts.size) return labels.slice();
    const found = labels.slice();
    for (const node of lost) found[node] = CLOSED;
    const border = [];
    for (const node of lost) {
      for (let arc = onward.first[node]; arc < onward.first[node + 1]; arc++) {
        const label = found[onward.to[arc]];
        if (label !== CLOSED && !isClosed[onward.over[arc]]) border.push([node, label + onward.cost[arc], 0]);
      }
    }
    const standing = seeds[category].filter(([, , cause]) => !changed.has(-1 - cause));
    lower(network, found, [...border, ...standing], { limit: head.limit, isClosed, more });
    return found;
  }

  /** Milliseconds under a plan: of every category only what the plan touches is found anew. */
  function evaluate(plan) {
    const street = plan.streets.size ? closing(block, plan.streets, streetEdges) : none;
    const at = settled(street, plan.closed);
    const joined = pathsOf(block, plan.paths, street.isClosed);
    const options = { limit: head.limit, isClosed: street.isClosed, more: joined.more };
    const newcomers = plan.homes.map(({ position, people }) => ({ people, home: street.settle(position, null), times: [] }));
    const added = plan.added.map(({ category, position }) => ({ category, at: street.settle(position, null) }));
    const isSettled = at.all && joined.settled && [...newcomers.map(({ home }) => home), ...added.map((one) => one.at)].every(Boolean);
    const results = base.map((known, category) => {
      const others = [...added.filter((one) => one.category === category && one.at).map((one) => one.at),
        ...[...at.changed].filter((place) => places[place].category === category).map((place) => at.places[place]).filter(Boolean)];
      const loses = street.parts.size > 0 || [...at.changed].some((place) => places[place].category === category);
      const entrances = [...ofCategory[category].filter((place) => !at.changed.has(place)).map((place) => settledPlaces[place]), ...others];
      let { labels, times } = known;
      if (loses || others.length || joined.more.size) {
        labels = loses ? withoutLost(known, category, at, street, joined.more) : labels.slice();
        const across = [...joined.more].flatMap(([node, arcs]) => (labels[node] === CLOSED ? [] : arcs.map(([end, cost]) => [end, labels[node] + cost, -1])));
        lower(network, labels, [...others.flatMap((one) => doorsTo(edges, one)), ...across], options);
        times = timesOf(labels, known.onEdge);
        const touched = new Set([...others.map(({ edge }) => edge), ...[...at.changed].map((place) => places[place].position.edge)]);
        const anew = new Set([...at.moved, ...[...touched].flatMap((edge) => homesOn.get(edge) || [])]);
        for (const home of anew) times[home] = timeOf(at.homes[home], labels, category, at.places, others);
      }
      for (const one of newcomers) one.times.push(timeOf(one.home, labels, category, at.places, others));
      return { labels, times, entrances };
    });
    return { times: results.map((one) => one.times), newcomers, settled: isSettled, labels: results.map((one) => one.labels), entrances: results.map((one) => one.entrances), at: at.homes, isClosed: street.isClosed, more: joined.more };
  }

  return { base: baseTimes, evaluate, onward };
}
