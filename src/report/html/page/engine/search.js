// Walks over the network, in whole milliseconds: labels that say how far the closest place is from each junction.

/** The arcs at each node: against the journey, from a place outward to those who walk to it, or `onward`, as they walk. */
function networkOf({ x, edges }, onward = false) {
  const nodes = x.length;
  const { tail, head, ahead, back } = edges;
  const [one, other] = onward ? [back, ahead] : [ahead, back];
  const first = new Uint32Array(nodes + 1);
  for (let edge = 0; edge < tail.length; edge++) {
    if (one[edge] !== CLOSED) first[head[edge] + 1]++;
    if (other[edge] !== CLOSED) first[tail[edge] + 1]++;
  }
  for (let node = 0; node < nodes; node++) first[node + 1] += first[node];
  const next = first.slice();
  const [to, cost, over] = [0, 1, 2].map(() => new Uint32Array(first[nodes]));
  const put = (at, end, milliseconds, edge) => {
    const arc = next[at]++;
    [to[arc], cost[arc], over[arc]] = [end, milliseconds, edge];
  };
  for (let edge = 0; edge < tail.length; edge++) {
    if (one[edge] !== CLOSED) put(head[edge], tail[edge], one[edge], edge);
    if (other[edge] !== CLOSED) put(tail[edge], head[edge], other[edge], edge);
  }
  return { nodes, first, to, cost, over };
}

/**
 * Lowers labels from seeds (node, milliseconds, cause) until none gets lower: from labels that reach nothing a search of the whole
 * network, from others only as far as something is closer. Labels are changed, and `via` with them, where it is given: for
 * each node the edge over which it got its label, or the cause of its seed, which is below 0.
 *
 * - `isClosed`: edges that nobody passes. - `more`: further arcs of some nodes, each a node and its milliseconds.
 */
function lower(network, labels, seeds, { limit, isClosed, more = new Map(), via = null }) {
  const { first, to, cost, over } = network;
  const heap = heapOf();
  const offer = (node, label, cause) => {
    if (label > limit || label >= labels[node]) return;
    labels[node] = label;
    if (via) via[node] = cause;
    heap.push(label, node);
  };
  for (const [node, label, cause] of seeds) offer(node, label, cause);
  while (heap.size()) {
    const [label, node] = heap.pop();
    if (label !== labels[node]) continue;
    for (let arc = first[node]; arc < first[node + 1]; arc++) {
      if (!isClosed[over[arc]]) offer(to[arc], label + cost[arc], over[arc]);
    }
    if (more.size && more.has(node)) for (const [end, milliseconds] of more.get(node)) offer(end, label + milliseconds, -1);
  }
}

/** Nodes whose label depends on something that is lost: `isLost(cause)` of an edge or of the cause of a seed. */
function dependents({ tail, head }, labels, via, isLost) {
  const [UNKNOWN, STAYS, LOST] = [0, 1, 2];
  const state = new Uint8Array(labels.length);
  const lost = [];
  for (let node = 0; node < labels.length; node++) {
    if (labels[node] === CLOSED) continue;
    const trail = [];
    let at = node;
    while (state[at] === UNKNOWN) {
      trail.push(at);
      const cause = via[at];
      if (isLost(cause)) state[at] = LOST;
      else if (cause < 0) state[at] = STAYS;
      else { at = tail[cause] === at ? head[cause] : tail[cause]; continue; }
      break;
    }
    for (const step of trail) {
      state[step] = state[at];
      if (state[step] === LOST) lost.push(step);
    }
  }
  return lost;
}

/** A binary heap of nodes by their labels, each pair as one number; nodes of equal labels come in their order. */
function heapOf() {
  const NODES = 2 ** 20;
  const keys = [];
  return {
    size: () => keys.length,
    push(label, node) {
      const key = label * NODES + node;
      let at = keys.push(key) - 1;
      while (at > 0) {
        const above = (at - 1) >> 1;
        if (keys[above] <= key) break;
        keys[at] = keys[above];
        at = above;
      }
      keys[at] = key;
    },
    pop() {
      const top = keys[0];
      const key = keys.pop();
      const { length } = keys;
      if (length) {
        let at = 0;
        for (let below = 1; below < length; below = 2 * at + 1) {
          if (below + 1 < length && keys[below + 1] < keys[below]) below++;
          if (keys[below] >= key) break;
          keys[at] = keys[below];
          at = below;
        }
        keys[at] = key;
      }
      return [Math.floor(top / NODES), top % NODES];
    },
  };
}
