// Walks over the network, in whole milliseconds: labels that say how far the closest place is from each junction.

/** The arcs at each node against the journey: from a place outward to those who walk to it. */
function networkOf({ x, edges }) {
  const nodes = x.length;
  const first = new Uint32Array(nodes + 1);
  const arcs = [];
  for (let edge = 0; edge < edges.tail.length; edge++) {
    if (edges.ahead[edge] !== CLOSED) arcs.push([edges.head[edge], edges.tail[edge], edges.ahead[edge], edge]);
    if (edges.back[edge] !== CLOSED) arcs.push([edges.tail[edge], edges.head[edge], edges.back[edge], edge]);
  }
  for (const [at] of arcs) first[at + 1]++;
  for (let node = 0; node < nodes; node++) first[node + 1] += first[node];
  const next = first.slice();
  const [to, cost, over] = [0, 1, 2].map(() => new Uint32Array(arcs.length));
  for (const [at, end, milliseconds, edge] of arcs) {
    const arc = next[at]++;
    [to[arc], cost[arc], over[arc]] = [end, milliseconds, edge];
  }
  return { nodes, first, to, cost, over };
}

/**
 * Lowers labels from seeds (node, milliseconds) until none gets lower: from labels that reach nothing a search of the whole
 * network, from those of a network with fewer places only as far as the new one is closer. Labels are changed; the number of
 * junctions that were lowered is returned.
 */
function lower(network, labels, seeds, { limit, isClosed }) {
  const { first, to, cost, over } = network;
  const heap = heapOf();
  const offer = (node, label) => {
    if (label > limit || label >= labels[node]) return;
    labels[node] = label;
    heap.push(label, node);
  };
  let lowered = 0;
  for (const [node, label] of seeds) offer(node, label);
  while (heap.size()) {
    const [label, node] = heap.pop();
    if (label !== labels[node]) continue;
    lowered++;
    for (let arc = first[node]; arc < first[node + 1]; arc++) {
      if (!isClosed[over[arc]]) offer(to[arc], label + cost[arc]);
    }
  }
  return lowered;
}

/** A binary heap of nodes by their labels. */
function heapOf() {
  const [labels, nodes] = [[], []];
  const swap = (a, b) => {
    [labels[a], labels[b]] = [labels[b], labels[a]];
    [nodes[a], nodes[b]] = [nodes[b], nodes[a]];
  };
  return {
    size: () => labels.length,
    push(label, node) {
      let at = labels.push(label) - 1;
      nodes.push(node);
      while (at > 0 && labels[(at - 1) >> 1] > labels[at]) {
        swap(at, (at - 1) >> 1);
        at = (at - 1) >> 1;
      }
    },
    pop() {
      const top = [labels[0], nodes[0]];
      const [label, node] = [labels.pop(), nodes.pop()];
      if (labels.length) {
        [labels[0], nodes[0]] = [label, node];
        for (let at = 0; ;) {
          const [left, right] = [2 * at + 1, 2 * at + 2];
          let least = at;
          if (left < labels.length && labels[left] < labels[least]) least = left;
          if (right < labels.length && labels[right] < labels[least]) least = right;
          if (least === at) break;
          swap(at, least);
          at = least;
        }
      }
      return top;
    },
  };
}
