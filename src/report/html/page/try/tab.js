// The tab "Try a change": its tools, and what a click on the map does with each.

const TRY_TOOLS = [["add", "Add a place"], ["close", "Close a place"], ["street", "Close a street"], ["path", "Add a path or bridge"], ["homes", "Add homes"]];

function drawTry() {
  const pane = byId("pane-try");
  if (pane.hidden || pane.childElementCount) return;
  if (!DATA.network.block) {
    pane.replaceChildren(el("h2", {}, "Try a change"), el("p", {}, `A change cannot be tried in this file. ${DATA.network.reason}`), tryCommand());
    return;
  }
  pane.replaceChildren(el("p", { id: "try-loading", role: "status" }, "Reading the streets…"));
  loadTry().then(() => {
    pane.replaceChildren(
      el("p", {}, "What if a place opens here, a path there, or a street closes? Every walk is computed anew in this page."),
      el("div", { class: "chips", role: "group", "aria-label": "What to change" }, TRY_TOOLS.map(([name, words]) => el("button", { type: "button", class: "chip", "data-tool": name, "aria-pressed": String(name === TRY.tool), onclick: () => chooseTool(name) }, words))),
      el("div", { id: "try-tool" }), el("p", { class: "hint", id: "try-note", role: "status" }),
      el("div", { id: "try-plans" }), el("ol", { id: "try-changes", class: "try-changes" }),
      el("div", { class: "toolbar" },
        el("button", { type: "button", id: "try-undo", onclick: () => undoChange(TRY.changes.length - 1) }, "Undo"),
        el("button", { type: "button", id: "try-save", onclick: savePlan }, "Save plan"),
        el("label", { class: "button" }, "Load plan", el("input", { type: "file", id: "try-load", accept: ".toml", class: "visually-hidden", onchange: (event) => loadPlan(event.target) }))),
      el("div", { id: "try-both" }), el("div", { id: "try-result", "aria-live": "polite" }));
    drawTool();
    drawPlan();
  }).catch(tryFailed);
}

function tryFailed(error) {
  byId("pane-try").replaceChildren(el("p", { role: "alert" }, `The streets of this file cannot be read: ${error.message}. The rest of the report does not need them.`));
}

function chooseTool(name) {
  Object.assign(TRY, { tool: name, pin: null, draft: [] });
  stopSpots();
  for (const chip of document.querySelectorAll("[data-tool]")) chip.setAttribute("aria-pressed", String(chip.dataset.tool === name));
  say("");
  drawTool();
  drawMarks();
}

function say(text) {
  byId("try-note").textContent = text;
}

/** The controls of the tool that is chosen. */
function drawTool() {
  const kinds = () => el("label", { class: "field" }, el("span", {}, "Kind of place"), el("select", { id: "try-category", onchange: (event) => { TRY.category = event.target.value; stopSpots(); drawTool(); byId("try-category").focus(); } },
    tryCategories().map((name) => el("option", { value: name, selected: name === TRY.category }, capital(formatted(name, "words"))))));
  const hint = (text) => el("p", { class: "hint" }, text);
  const pinFinder = (isWanted) => [byName(streetFinder("Put the pin there", pinStreet, isWanted)), el("div", { id: "try-pin-box" })];
  const parts = {
    add: () => [kinds(), hint("Click on the map: the place is put on the nearest street."), ...pinFinder(streetsWithPositions()), spotsBox()],
    close: () => [kinds(), hint("Click on a place of the map, or choose one:"), placeFinder()],
    street: () => [hint("Click on a street of the map. It closes to people on foot, as far as the data calls it one street."), byName(streetFinder("Close it", (streets) => addChange({ action: "remove_street", street: TRY.block.head.streets[streets[0]][0] })))],
    path: () => (TRY.block.head.paths ? [hint("Click on a street corner where it begins, then on the corner where it ends. A click away from any corner makes a bend. It joins streets at its two ends alone."), pathOptions(), ...pinFinder(streetsWithCorners())]
      : [hint("A path cannot be tried in this file: who travels here may not use one, or the data does not say exactly enough where the corners are."), tryCommand()]),
    homes: () => [el("label", { class: "field" }, el("span", {}, OF_PEOPLE ? "People who move in" : `${capital(DATA.weight.units)} that come`), el("input", { id: "try-people", type: "number", min: 1, max: 1000000, step: 1, value: TRY.people, oninput: (event) => { TRY.people = event.target.value; } })),
      hint("Click on the map: the homes are put on the nearest street."), ...pinFinder(streetsWithPositions())],
  }[TRY.tool]();
  byId("try-tool").replaceChildren(...parts);
  drawPin();
  if (TRY.tool === "close") setOverlays({ category: TRY.category });
}

/** A click on the map while the tab is open; says whether it was for a tool. */
function tryAt(at) {
  if (tabOpen() !== "try" || !TRY.block) return false;
  byId("tooltip").hidden = true;
  if (TRY.tool === "close") {
    const near = TRY.block.places.map(({ service }) => service).filter((service) => TRY.block.head.categories[TRY.block.head.services[service][1]] === TRY.category).map(serviceOf).filter((one) => one.at);
    near.sort((a, b) => tryMetres(at, a.at) - tryMetres(at, b.at));
    if (near.length && isNearOnMap(at, near[0].at)) addChange(closingOf(TRY.block, TRY.ids, near[0].number));
    else say(`No ${formatted(TRY.category, "words")} is near: click on one, or choose it in the list.`);
    return true;
  }
  if (TRY.tool === "path") { drawPathTo(at); return true; }
  const found = stationAt(TRY.block, at);
  if (!found || found.away > 500) { say("No street of the study is near."); return true; }
  if (TRY.tool === "street") addChange({ action: "remove_street", street: TRY.block.head.streets[streetAt(found.edge, found.station.position)][0] });
  else putDown(pinOfStation(found));
  return true;
}

function isNearOnMap(a, b) {
  const [one, other] = [MAP.project(a), MAP.project(b)];
  return Math.hypot(one.x - other.x, one.y - other.y) < 24;
}
