// The walking network as `network.rs` packs it: unpacked once, when a change is first tried. Nothing here knows of the page.

/** Marks a direction in which an edge may not be used, and a node or home that nothing reaches. */
const CLOSED = 0xffffffff;

/** Rounds halves away from zero, as the library does. */
const rounded = (value) => Math.sign(value) * Math.round(Math.abs(value));

/** Unpacks the text of the page. */
async function readBlock(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return unpackBlock(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** A reader of numbers of seven bits a byte, the lowest first. */
function numbersOf(bytes) {
  let at = 0;
  const unsigned = () => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("the streets of this file end too early");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  const signed = () => { const value = unsigned(); return value % 2 ? -(value + 1) / 2 : value / 2; };
  return { unsigned, signed, at: () => at };
}

/** What stands before the columns, and a reader of each column by its name. */
function columnsOf(bytes) {
  const start = numbersOf(bytes);
  const length = start.unsigned();
  let from = start.at() + length;
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(start.at(), from)));
  const columns = {};
  for (const [name, size] of head.columns) {
    columns[name] = numbersOf(bytes.subarray(from, from + size));
    from += size;
  }
  return { head, columns };
}

/**
 * Junctions and edges as arrays, homes and places as lists. A position is `{edge, ahead, back, gap, end}`: milliseconds from the
 * tail ahead and to the tail back, across the gap to the street, and 1 at the tail, 2 at the head, 0 between them.
 */
function unpackBlock(bytes) {
  const { head, columns } = columnsOf(bytes);
  const unsigned = (name) => columns[name].unsigned();
  const signed = (name) => columns[name].signed();
  const [x, y] = [new Int32Array(head.nodes), new Int32Array(head.nodes)];
  let last = [0, 0];
  for (let node = 0; node < head.nodes; node++) {
    last = [last[0] + signed("junction x"), last[1] + signed("junction y")];
    [x[node], y[node]] = last;
  }
  const edges = Object.fromEntries(["tail", "head", "ahead", "back"].map((name) => [name, new Uint32Array(head.edges)]));
  for (let [edge, tail] = [0, 0]; edge < head.edges; edge++) {
    tail += unsigned("edge tail");
    const headNode = tail + signed("edge head");
    const [east, north] = [x, y].map((axis, at) => (axis[headNode] - axis[tail]) * head.paces[at]);
    const [ahead, back] = [Math.round(Math.sqrt(east * east + north * north)) + signed("edge ahead"), unsigned("edge back")];
    edges.tail[edge] = tail;
    edges.head[edge] = headNode;
    edges.ahead[edge] = ahead === 0 ? CLOSED : ahead - 1;
    edges.back[edge] = back === 0 ? edges.ahead[edge] : back === 1 ? CLOSED : back - 2;
  }
  const isTwofold = (edge) => edges.ahead[edge] !== edges.back[edge];
  const spans = [];
  for (let [edge, street] = [0, 0]; edge < head.edges; edge++) {
    const more = unsigned("edge streets");
    const of = [];
    for (let at = 0; at <= more; at++) {
      street += signed("street");
      of.push({ street, end: at < more ? unsigned("street end") : Infinity });
    }
    spans.push(of);
  }
  const along = (kind, edge, gapAndEnd, share) => {
    const expected = (cost) => (cost === CLOSED ? 0 : rounded(cost * share));
    const ahead = expected(edges.ahead[edge]) + signed(`${kind} along`);
    const back = isTwofold(edge) ? expected(edges.back[edge]) + signed(`${kind} along`) : ahead;
    return { edge, ahead, back, gap: Math.floor(gapAndEnd / 3), end: gapAndEnd % 3 };
  };
  const stations = [];
  for (let edge = 0; edge < head.edges; edge++) {
    const count = unsigned("stations") + 2;
    const of = [];
    for (let number = 1; number < count; number++) {
      const share = number / count;
      const straight = (axis) => axis[edges.tail[edge]] + rounded((axis[edges.head[edge]] - axis[edges.tail[edge]]) * share);
      const at = [straight(x) + signed("station x"), straight(y) + signed("station y")];
      const known = unsigned("station gap");
      of.push({ at, position: known ? along("station", edge, known - 1, share) : null });
    }
    stations.push(of);
  }
  const attachment = (kind, from) => { const edge = from + signed(`${kind} edge`); return along(kind, edge, unsigned(`${kind} gap`), 0); };
  const beside = (kind, position) => (unsigned(`${kind} edge`) ? attachment(kind, position.edge) : null);
  const homes = [];
  for (let [home, from] = [0, 0]; home < head.homes; home++) {
    const position = attachment("home", from);
    from = position.edge;
    const [area, people] = [unsigned("home area") - 1, unsigned("home people") / head.per_person];
    homes.push({ position, area, people, beside: beside("home beside", position) });
  }
  const places = [];
  for (let [place, from] = [0, 0]; place < head.places; place++) {
    const service = unsigned("place service");
    const position = attachment("place", from);
    from = position.edge;
    places.push({ category: head.services[service][1], service, position, beside: beside("place beside", position) });
  }
  return { head, x, y, edges, spans, stations, homes, places };
}
