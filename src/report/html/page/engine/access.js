// The walk from every home to the closest place of each category, as things are and under a plan.

/**
 * The engine of one block. A plan is `{added: [{category, position}], closed: Set of places, streets: Set of streets}`, all by their
 * numbers in the block; what it gives is `{times, settled}`: for each category the milliseconds of every home, `CLOSED` beyond
 * the search, and whether everybody could be put on a street.
 */
function engineOf(block) {
  const network = networkOf(block);
  const { head, edges, homes, places } = block;
  const base = state({ added: [], closed: new Set(), streets: new Set() });

  /** Settled homes and entrances of each category under a plan. */
  function settledBy(plan) {
    const { isClosed, settle } = closing(block, plan.streets);
    let settled = true;
    const at = homes.map(({ position, beside }) => { const found = settle(position, beside); settled = settled && found !== null; return found; });
    const entrances = head.categories.map(() => []);
    places.forEach((place, number) => {
      if (plan.closed.has(number)) return;
      const found = settle(place.position, place.beside);
      if (found) entrances[place.category].push(found);
      settled = settled && found !== null;
    });
    return { at, entrances, isClosed, settled };
  }

  function seedsOf(entrances) {
    return entrances.flatMap((at) => doorsTo(edges, at));
  }

  /** Milliseconds of every home from the labels of the junctions, and from what stands on its own edge. */
  function timesOf(labels, at, entrances) {
    const onEdge = new Map();
    for (const entrance of entrances) onEdge.set(entrance.edge, [...(onEdge.get(entrance.edge) || []), entrance]);
    return Uint32Array.from(at, (home) => {
      if (!home) return CLOSED;
      let least = CLOSED;
      for (const [node, cost] of doorsFrom(edges, home)) if (labels[node] !== CLOSED) least = Math.min(least, labels[node] + cost);
      for (const place of onEdge.get(home.edge) || []) least = Math.min(least, alongOneEdge(edges, home, place));
      return least <= head.limit ? least : CLOSED;
    });
  }

  function searched(entrances, isClosed) {
    const labels = new Uint32Array(network.nodes).fill(CLOSED);
    lower(network, labels, seedsOf(entrances), { limit: head.limit, isClosed });
    return labels;
  }

  /** Everything anew: what closes makes walks longer, and no label says what it depended on. */
  function state(plan, kept = {}) {
    const { at, entrances, isClosed, settled } = kept.at ? kept : settledBy(plan);
    const labels = entrances.map((of, category) => (kept.labels && kept.labels[category]) || searched(of, isClosed));
    const times = labels.map((of, category) => (kept.times && kept.times[category]) || timesOf(of, at, entrances[category]));
    return { at, entrances, isClosed, settled, labels, times };
  }

  /** Milliseconds under a plan. Categories that it does not touch keep what they have; an added place only lowers. */
  function evaluate(plan) {
    let now = base;
    if (plan.streets.size) {
      now = state(plan);
    } else if (plan.closed.size) {
      const touched = new Set([...plan.closed].map((place) => places[place].category));
      const kept = (of) => of.map((one, category) => (touched.has(category) ? null : one));
      now = state(plan, { ...settledBy(plan), labels: kept(base.labels), times: kept(base.times) });
    }
    const { settle } = closing(block, plan.streets);
    const [labels, times, entrances] = [now.labels.slice(), now.times.slice(), now.entrances.slice()];
    let settled = now.settled;
    for (const category of new Set(plan.added.map((one) => one.category))) {
      const added = plan.added.filter((one) => one.category === category).map(({ position }) => settle(position, null));
      settled = settled && added.every(Boolean);
      const known = added.filter(Boolean);
      // A category that the study did not have begins with nothing.
      labels[category] = labels[category] ? labels[category].slice() : new Uint32Array(network.nodes).fill(CLOSED);
      lower(network, labels[category], seedsOf(known), { limit: head.limit, isClosed: now.isClosed });
      entrances[category] = [...(entrances[category] || []), ...known];
      times[category] = timesOf(labels[category], now.at, entrances[category]);
    }
    return { times, settled };
  }

  return { base: base.times, evaluate };
}
