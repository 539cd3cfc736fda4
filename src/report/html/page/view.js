// What is seen, as one list of words: read from the page, written to the page, and nothing of it known elsewhere.
//
// A view has only what differs from how the page opens, so that a short address means a plain page.

/** One word of a view: `read` gives its text, or nothing where it is as at first; `write` sets it, or sets it back. */
const VIEW = [
  { key: "plan", read: planWord, write: writePlan },
  { key: "index", read: () => (DATA.indices.indexOf(STATE.index) > 0 ? DATA.indices.indexOf(STATE.index) : null),
    write: (text) => { const at = DATA.indices[text] ? Number(text) : 0; if (DATA.indices.length && STATE.index !== DATA.indices[at]) chooseIndex(at); } },
  { key: "weights", read: () => (STATE.choices && STATE.choices.own ? `${STATE.choices.weights.map((weights) => weights.join(",")).join(";")};${STATE.choices.methods.join(",")}` : null), write: writeWeights },
  { key: "layer", always: true, read: () => STATE.layer, write: (text) => { STATE.layer = layerNamed(text) ? text : STATE.firstLayer; } },
  { key: "as", read: () => STATE.amount, write: (text) => { STATE.amount = ["share", "people"].includes(text) ? text : location.hash ? "share" : STATE.firstAmount; } },
  { key: "place", read: () => (STATE.selected === null ? null : DATA.ids[STATE.selected]), write: (text) => { STATE.selected = placeOf(text); } },
  { key: "with", read: () => (STATE.compared === null ? null : DATA.ids[STATE.compared]), write: (text) => { STATE.compared = placeOf(text) === STATE.selected ? null : placeOf(text); } },
  { key: "show", read: () => { const shown = SHOWN.filter((name) => STATE.overlays[name]).join(","); return shown === "streets" ? null : shown || "nothing"; },
    write: (text) => { const shown = (text ?? "streets").split(","); for (const name of SHOWN) STATE.overlays[name] = shown.includes(name); } },
  { key: "places", read: () => STATE.overlays.category || null, write: (text) => { STATE.overlays.category = text && Object.hasOwn(DATA.ground.services, text) ? text : ""; } },
  { key: "classes", read: () => (STATE.method === METHOD_AT_FIRST ? null : STATE.method), write: (text) => { STATE.method = ["counts", "steps"].includes(text) ? text : METHOD_AT_FIRST; } },
  { key: "order", read: () => (STATE.descending === firstOrder() ? null : "reversed"), write: (text) => { STATE.descending = firstOrder() !== Boolean(text); } },
  { key: "tab", read: () => (tabOpen() === "layers" ? null : tabOpen()), write: (text) => { STATE.tab = ["priorities", "profile", "try"].includes(text) && !byId(`tab-${text}`).hidden ? text : null; } },
  { key: "theme", read: () => document.documentElement.dataset.theme || null, write: (text) => { if (text === "light" || text === "dark") document.documentElement.dataset.theme = text; else delete document.documentElement.dataset.theme; } },
  { key: "across", read: () => STATE.scatterX, write: (text) => { STATE.scatterX = layerNamed(text) ? text : null; } },
  { key: "up", read: () => STATE.scatterY, write: (text) => { STATE.scatterY = layerNamed(text) ? text : null; } },
  ...["theme", "sort", "descending", "filter", "column", "least", "most"].map((name) => ({ key: `table-${name}`, read: () => tableView()[name] ?? null, write: (text) => { STATE.table[name] = text; } })),
];
const SHOWN = ["streets", "parks", "barriers"];
const METHOD_AT_FIRST = COUNT < 20 ? "steps" : "counts";

const placeOf = (id) => { const at = id ? DATA.ids.indexOf(id) : -1; return at < 0 ? null : at; };
const tabOpen = () => document.querySelector("[role=tab][aria-selected=true]").id.slice(4);
const firstOrder = () => { const layer = layerNamed(STATE.layer); return !layer || layer.scale.kind !== "classes"; };

function writeWeights(text) {
  if (!STATE.index) return;
  const lists = (text || "").split(";");
  const given = givenChoices(STATE.index);
  let choices = given;
  if (lists.length === STATE.index.parts.length + 1) {
    const methods = lists.pop().split(",");
    const weights = lists.map((list) => list.split(",").map(Number));
    const fits = weights.every((list, at) => list.length === STATE.index.parts[at].children.length && list.every((value) => value >= 0)) && methods.length === weights.length && methods.every(isMethod);
    if (fits) choices = { own: true, weights, methods };
  }
  if (choices === given && !STATE.choices.own) return;
  STATE.choices = choices;
  evaluateIndex();
  drawPriorities();
}

/** The view as the words of an address, without the camera. */
function viewWords() {
  const words = new URLSearchParams();
  for (const { key, read } of VIEW) {
    const text = read();
    if (!isMissing(text)) words.set(key, text);
  }
  return words;
}

let written = { words: "", hash: "" };

/** Keeps the view in the address: a choice is a step that Back undoes, a move of the map is not. */
const remember = afterRest(keepView);

function keepView() {
  // Somebody else has changed the address, and it is about to be shown.
  if (location.hash !== written.hash) return;
  const words = viewWords();
  const key = String(words);
  words.set("view", MAP.view().map((value) => value.toFixed(5)).join(","));
  const hash = `#${words}`;
  if (hash === written.hash) return;
  const isStep = written.hash && key !== written.words;
  history[isStep ? "pushState" : "replaceState"](null, "", hash);
  written = { words: key, hash: location.hash };
}

/** Shows the view of the address, whatever was seen before. */
function restore() {
  if (location.hash === written.hash) return;
  const words = new URLSearchParams(location.hash.slice(1));
  STATE.table = {};
  STATE.tab = null;
  Object.assign(STATE.overlays, { barrier: null, meeting: null });
  for (const { key, write } of VIEW) write(words.get(key));
  showView();
  const camera = (words.get("view") || "").split(",").map(Number);
  if (camera.length === 3 && camera.every(Number.isFinite)) MAP.go(camera);
  // The steps before and after stay where they are: this one is as the address has it.
  const now = viewWords();
  written = { words: String(now), hash: location.hash };
  if (!location.hash) written.hash = "";
}

/** Everything that depends on the view. */
function showView() {
  const layer = layerNamed(STATE.layer);
  STATE.question = questionOf(layer);
  if (layer.subject) STATE.subjects[STATE.question] = layer.subject;
  MAP.theme();
  MAP.select(STATE.selected, STATE.compared);
  MAP.overlays(STATE.overlays);
  drawOverlays();
  drawThemes();
  drawLayers();
  openTab(STATE.tab || (STATE.selected === null ? "layers" : "profile"));
  layerChanged();
  drawProfile();
  showTableView(STATE.table);
  stale.add("patterns");
  drawPatterns();
}
