// The streets of the map: main streets, others, and paths. Those that people walk are drawn from the walking network.

const STREETS = { block: null, lines: null };

/** The walking network, read once. */
function readStreets() {
  STREETS.block = STREETS.block || readBlock(DATA.network.block);
  return STREETS.block;
}

/** Lines of longitudes and latitudes, class by class: at first those that are in no network. */
function streetLines() {
  STREETS.lines = STREETS.lines || DATA.ground.streets.map((lines) => lines.map(degrees));
  return STREETS.lines;
}

/** Draws those of the network, too. */
async function drawStreets() {
  if (!DATA.network.block) return;
  const block = await readStreets();
  const lines = streetLines();
  block.spans.forEach(([{ street }], edge) => lines[block.head.streets[street][2]].push(lineOfEdge(block, edge)));
  MAP.streets();
}
