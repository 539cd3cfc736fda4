// The map as SVG: for browsers without WebGL, and for print. The same face as `glMap`.

/** Mercator's height of a latitude, in degrees of longitude. */
const mercator = (latitude) => (Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) * 180) / Math.PI;

const WIDTH = 1000;

/** Degrees to the units of the drawing, fitted to the neighbourhoods. */
function drawing() {
  const [west, south, east, north] = DATA.ground.bounds;
  const scale = WIDTH / Math.max(east - west, 1e-9);
  const height = (mercator(north) - mercator(south)) * scale;
  const point = ([x, y]) => [(x - west) * scale, (mercator(north) - mercator(y)) * scale];
  return { point, height, scale };
}

function pathOf(lines, point, closed) {
  const text = (line) => line.map((at) => point(at).map((value) => value.toFixed(1)).join(" ")).join("L");
  return lines.map((line) => `M${text(line)}${closed ? "Z" : ""}`).join("");
}

/** The map of one colouring as an element, without any handlers. */
function drawnMap(colouring, options = {}) {
  const { point, height } = drawing();
  const margin = WIDTH * 0.03;
  const colours = ramp();
  const places = AREAS.map((polygons, place) => svg("path", { d: pathOf(polygons.flat(), point, true), "data-place": place, "fill-rule": "evenodd" }));
  const pattern = svg("pattern", { id: "hatched", width: 8, height: 8, patternUnits: "userSpaceOnUse" },
    svg("rect", { width: 8, height: 8, fill: colours.missing }), svg("path", { d: "M0 8L8 0M-2 2L2 -2M6 10L10 6", stroke: colours.hatch }));
  const streets = svg("g", { fill: "none", stroke: colours.street, "stroke-linecap": "round", "pointer-events": "none" },
    streetLines().slice(0, options.paths ? 3 : 2).map((lines, at) => svg("path", {
      d: pathOf(lines, point, false), "stroke-width": STREET_WIDTHS[at], opacity: [0.34, 0.2, 0.16][at], "vector-effect": "non-scaling-stroke",
    })));
  const parks = svg("path", { d: pathOf(DATA.ground.parks.flat().map(degrees), point, true), fill: colours.park, "fill-rule": "evenodd" });
  const waters = svg("g", { "pointer-events": "none", fill: ground().water, stroke: ground().water }, svg("path", { d: pathOf(DATA.ground.waters.flat().map(degrees), point, true), "fill-rule": "evenodd", stroke: "none" }),
    svg("path", { d: pathOf(DATA.ground.rivers.map(degrees), point, false), fill: "none", "stroke-width": 2, "vector-effect": "non-scaling-stroke" }));
  const railways = svg("path", { class: "railways", d: pathOf(DATA.ground.railways.map(degrees), point, false), fill: "none", stroke: ground().railway, "stroke-width": 1.1, "stroke-dasharray": "5 3", "vector-effect": "non-scaling-stroke", "pointer-events": "none" });
  const areas = svg("g", { stroke: colours.border, "stroke-width": 1, "stroke-linejoin": "round" }, places);
  const frame = svg("svg", {
    viewBox: `${-margin} ${-margin} ${WIDTH + 2 * margin} ${height + 2 * margin}`, class: "drawn", role: "img",
    "aria-label": "Map of the neighbourhoods; the list beside it holds the same.",
  }, svg("defs", {}, pattern), parks, areas, waters, streets, railways);
  const paint = ({ classes, of }) => places.forEach((path, place) => path.setAttribute("fill", of[place] >= 0 ? classes[of[place]].colour : "url(#hatched)"));
  paint(colouring);
  return { frame, places, streets, areas, waters, railways, parks, pattern, paint, point, margin, height };
}

function svgMap(handlers) {
  const map = drawnMap({ classes: [], of: AREAS.map(() => -1) }, { paths: true });
  const marks = svg("g", { fill: "none", stroke: ramp().ink, "pointer-events": "none" });
  const points = svg("g", { fill: "#fff", stroke: "#17212b" });
  const parksEdge = svg("path", { d: map.parks.getAttribute("d"), fill: "none", stroke: "#3f7d4e", "stroke-width": 1.4, "vector-effect": "non-scaling-stroke", "pointer-events": "none" });
  const barriers = svg("path", { class: "barriers", fill: "none", stroke: BARRIER, "stroke-width": 3, "stroke-linecap": "round", opacity: 0.9, "vector-effect": "non-scaling-stroke", "pointer-events": "none" });
  const planLines = svg("g", { class: "plan-lines", fill: "none", "stroke-width": 5, "stroke-linejoin": "round", "pointer-events": "none" });
  const planPlaces = svg("g", { class: "plan-places", stroke: "#fff", "stroke-width": 2, "pointer-events": "none" });
  map.frame.append(barriers, marks, points, planLines, planPlaces);
  const box = byId("map");
  box.append(map.frame);
  const zoomButtons = el("div", { class: "svg-zoom" },
    el("button", { type: "button", "aria-label": "Zoom in", onclick: () => zoom(0.7) }, "+"),
    el("button", { type: "button", "aria-label": "Zoom out", onclick: () => zoom(1 / 0.7) }, "−"));
  box.append(zoomButtons);

  const full = map.frame.getAttribute("viewBox").split(" ").map(Number);
  let view = full.slice();
  const [marked, state] = [new Map(), { hovered: null, selected: null, compared: null }];

  function show() {
    map.frame.setAttribute("viewBox", view.join(" "));
    handlers.moved();
  }
  function zoom(by, at = [view[0] + view[2] / 2, view[1] + view[3] / 2]) {
    const width = Math.min(full[2] * 1.5, Math.max(full[2] / 60, view[2] * by));
    const ratio = width / view[2];
    view = [at[0] - (at[0] - view[0]) * ratio, at[1] - (at[1] - view[1]) * ratio, width, view[3] * ratio];
    show();
    handlers.rested();
  }
  /** Where the pointer is, in the units of the drawing. */
  function under(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.frame.getScreenCTM().inverse());
    return [at.x, at.y];
  }
  /** Degrees of a point of the drawing. */
  function placeUnder([x, y]) {
    const height = mercator(DATA.ground.bounds[3]) - y / drawing().scale;
    return [DATA.ground.bounds[0] + x / drawing().scale, (Math.atan(Math.exp((height * Math.PI) / 180)) * 360) / Math.PI - 90];
  }
  function outline() {
    marks.replaceChildren(...Object.entries(state).filter(([, place]) => place !== null).map(([name, place]) =>
      svg("path", { d: map.places[place].getAttribute("d"), class: name, "stroke-width": name === "selected" ? 3 : 2, "vector-effect": "non-scaling-stroke" })));
  }

  map.frame.addEventListener("wheel", (event) => { event.preventDefault(); zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, under(event)); }, { passive: false });
  let drag = null;
  map.frame.addEventListener("pointerdown", (event) => { drag = { from: under(event), moved: false }; });
  map.frame.addEventListener("pointermove", (event) => {
    if (drag && event.buttons) {
      const at = under(event);
      const step = [at[0] - drag.from[0], at[1] - drag.from[1]];
      if (Math.hypot(...step) > view[2] / 200) drag.moved = true;
      view = [view[0] - step[0], view[1] - step[1], view[2], view[3]];
      show();
      return;
    }
    const frame = box.getBoundingClientRect();
    const place = event.target.dataset ? event.target.dataset.place : undefined;
    const name = event.target.getAttribute("data-name");
    handlers.hover(place === undefined ? null : Number(place), { x: event.clientX - frame.left, y: event.clientY - frame.top }, name);
  });
  map.frame.addEventListener("pointerleave", () => handlers.hover(null));
  map.frame.addEventListener("click", (event) => {
    const dragged = drag && drag.moved;
    drag = null;
    const place = event.target.dataset ? event.target.dataset.place : undefined;
    if (!dragged) handlers.click(place === undefined ? null : Number(place), placeUnder(under(event)));
  });

  const { scale } = drawing();
  const [west, , , north] = DATA.ground.bounds;
  return {
    kind: "svg",
    colour(colouring) { map.paint(colouring); },
    theme() {
      const colours = ramp();
      map.areas.setAttribute("stroke", colours.border);
      map.streets.setAttribute("stroke", colours.street);
      map.parks.setAttribute("fill", colours.park);
      map.waters.setAttribute("fill", ground().water);
      map.waters.setAttribute("stroke", ground().water);
      map.railways.setAttribute("stroke", ground().railway);
      map.pattern.children[0].setAttribute("fill", colours.missing);
      map.pattern.children[1].setAttribute("stroke", colours.hatch);
      marks.setAttribute("stroke", colours.ink);
    },
    hover(place) { state.hovered = place; outline(); },
    select(place, other) { [state.selected, state.compared] = [place, other]; outline(); },
    show() {},
    home() { view = full.slice(); show(); },
    view() { return [west + (view[0] + view[2] / 2) / scale, north - (view[1] + view[3] / 2) / scale, Math.log2(full[2] / view[2])]; },
    go([lng, lat, level]) {
      const width = full[2] / 2 ** Math.min(6, Math.max(-1, level));
      const height = (width * full[3]) / full[2];
      view = [(lng - west) * scale - width / 2, (north - lat) * scale - height / 2, width, height];
      show();
    },
    project(at) {
      const [x, y] = map.point(at);
      const matrix = map.frame.getScreenCTM();
      const frame = box.getBoundingClientRect();
      const screen = new DOMPoint(x, y).matrixTransform(matrix);
      return { x: screen.x - frame.left, y: screen.y - frame.top };
    },
    overlays(overlays) {
      const { streets, parks } = overlays;
      barriers.setAttribute("d", pathOf(shownBarriers(overlays).flatMap(({ lines }) => lines.map(degrees)), map.point, false));
      map.streets.style.display = streets ? "" : "none";
      if (parks) map.frame.insertBefore(parksEdge, marks);
      else parksEdge.remove();
      points.replaceChildren(...shownPlaces(overlays).map(({ name, at }) => {
        const [x, y] = map.point(at);
        return svg("circle", { cx: x, cy: y, r: 4, "data-name": name || "" });
      }));
    },
    plan({ points: places, lines }) {
      const casing = svg("path", { stroke: "#fff", "stroke-width": 9, "vector-effect": "non-scaling-stroke", d: pathOf(lines.map(({ line }) => line), map.point, false) });
      planLines.replaceChildren(casing, ...Object.entries(PLAN_DASHES).map(([kind, dashes]) => svg("path", { class: kind, stroke: PLAN[kind], "stroke-dasharray": dashes && dashes.map((widths) => 5 * widths).join(" "), "vector-effect": "non-scaling-stroke",
        d: pathOf(lines.filter((one) => one.kind === kind).map(({ line }) => line), map.point, false) })));
      planPlaces.replaceChildren(...places.map(({ kind, at }) => { const [cx, cy] = map.point(at); return svg("circle", { cx, cy, r: 7, fill: PLAN[kind] }); }));
    },
    streets() { streetLines().forEach((lines, at) => map.streets.children[at].setAttribute("d", pathOf(lines, map.point, false))); },
    resize() { show(); },
  };
}
