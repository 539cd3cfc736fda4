// The walking network as `network.rs` packs it: unpacked once, when a change is first tried. Nothing here knows of the page.

/** Marks a direction in which an edge may not be used, and a node or home that nothing reaches. */
const CLOSED = 0xffffffff;

/** Rounds halves away from zero, as the library does. */
const rounded = (value) => Math.sign(value) * Math.round(Math.abs(value));

/** The bytes of a text of the page, which is packed with gzip. */
async function unpacked(base64) {
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = letters.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Unpacks the streets of the page. */
const readBlock = async (base64) => unpackBlock(await unpacked(base64));

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
  // What a path may join: 0 nothing, 1 a corner, 2 the end of a street; and where exactly, in finer steps than a junction.
  const corners = { kind: new Uint8Array(head.nodes), x: new Float64Array(head.nodes), y: new Float64Array(head.nodes) };
  for (let node = 0; head.paths && node < head.nodes; node++) {
    corners.kind[node] = unsigned("corner");
    if (!corners.kind[node]) continue;
    corners.x[node] = x[node] * head.paths.finer + signed("corner x");
    corners.y[node] = y[node] * head.paths.finer + signed("corner y");
  }
  const groups = head.groups.map(({ name, apart, lots }) => ({ name, apart, members: groupMembersOf(homes, lots, () => [unsigned("group homes"), unsigned("group members")]) }));
  return { head, x, y, edges, spans, stations, homes, places, corners, groups };
}

/** Members of a group in each home: those of a lot are shared out over its homes by their people. */
function groupMembersOf(homes, lots, next) {
  const order = Array.from(homes, (_, home) => home).sort((a, b) => homes[a].area - homes[b].area || homes[a].position.edge - homes[b].position.edge || a - b);
  const members = new Float64Array(homes.length);
  for (let [lot, from] = [0, 0]; lot < lots; lot++) {
    const [count, all] = next();
    const these = order.slice(from, from + count);
    const people = these.reduce((sum, home) => sum + homes[home].people, 0);
    for (const home of these) members[home] = people > 0 ? (all * homes[home].people) / people : 0;
    from += count;
  }
  return members;
}
