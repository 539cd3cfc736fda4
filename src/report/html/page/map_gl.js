// The map with WebGL. `glMap(handlers)` gives the same face as `svgMap`: see `main.js`.

const STREET_WIDTHS = [1.3, 0.7, 0.4];
/** A line that divides stands out from every scale, by light and by dark. */
const BARRIER = "#e0218a";
/** What a plan adds, closes and is about to add; on every ground. */
const PLAN = { add: "#0b7a4b", homes: "#0b7a4b", spot: "#6a3d9a", close: "#b3261e", pin: "#f2b705", street: "#b3261e", path: "#0b7a4b", before: "#1f6fb2", after: "#b3261e" };
/** Dashes of its lines, in widths of the line: what closes and the way before are broken. */
const PLAN_DASHES = { street: [1.2, 1.4], path: null, before: [0.4, 1.6], after: null };

/** Most neighbourhoods that a WebGL without a graphics card draws well; lines of SVG are faster beyond. */
const SOFTWARE_PLACES = 1500;

/** The WebGL of this browser: `none`, `software` (drawn by the processor) or `hardware`. */
const WEBGL = (() => {
  if (new URLSearchParams(location.search).has("svg")) return "none";
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    if (!context) return "none";
    const names = context.getExtension("WEBGL_debug_renderer_info");
    const renderer = String(context.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : context.RENDERER));
    return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer) ? "software" : "hardware";
  } catch {
    return "none";
  }
})();

const hasWebGl = () => WEBGL === "hardware" || (WEBGL === "software" && COUNT <= SOFTWARE_PLACES);

/** Grey hatching for places without a value, as pixels. */
function hatch(colour) {
  const size = 8;
  const canvas = el("canvas", { width: size, height: size });
  const pen = canvas.getContext("2d");
  pen.strokeStyle = colour;
  pen.lineWidth = 1.2;
  for (const shift of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
    pen.stroke();
  }
  return pen.getImageData(0, 0, size, size);
}

const linesFeature = (lines) => ({ type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } });

function areasFeature(areas) {
  return { type: "Feature", properties: {}, geometry: { type: "MultiPolygon", coordinates: areas.map((rings) => rings.map(degrees)) } };
}

const parksFeature = () => areasFeature(DATA.ground.parks);

/** The places of one category as points. */
function servicePoints(category) {
  const services = DATA.ground.services[category];
  const { origin, step } = DATA.ground;
  return services.names.map((name, at) => ({
    name,
    at: [origin[0] + services.at[2 * at] * step, origin[1] + services.at[2 * at + 1] * step],
  }));
}

/** Unpacks the library of the map and runs it: half of the file, which nothing else needs. */
async function loadMapLibre() {
  if (window.maplibregl) return;
  const bytes = await unpacked(byId("maplibre").textContent);
  const address = URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
  await new Promise((done, failed) => document.head.append(el("script", { src: address, onload: done, onerror: () => failed(new Error("its library cannot be read")) })));
  URL.revokeObjectURL(address);
}

function glMap(handlers) {
  const [west, south, east, north] = DATA.ground.bounds;
  const home = [[west, south], [east, north]];
  /** Room for the legend, where there is some. */
  const padding = () => ({ top: 52, right: 52, bottom: 36, left: byId("map").clientWidth > 760 ? 300 : 36 });
  const map = new maplibregl.Map({
    container: byId("map"),
    style: { version: 8, sources: {}, layers: [{ id: "background", type: "background", paint: { "background-color": ramp().background } }] },
    bounds: home,
    fitBoundsOptions: { padding: padding() },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    // Prints, screenshots and copies would be blank otherwise.
    canvasContextAttributes: { preserveDrawingBuffer: true, antialias: WEBGL === "hardware" },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 120 }), "bottom-right");
  map.getCanvas().setAttribute("aria-label", "Map of the neighbourhoods. Arrow keys move it, plus and minus zoom. The list beside it holds the same.");

  let colours = [];
  let ready = false;
  let hovered = null;
  let selected = null;
  let compared = null;
  const waiting = [];
  const whenReady = (act) => (ready ? act() : waiting.push(act));
  // What few places need is drawn from sources of its own: with thousands of places every layer over all of them is slow
  // where a browser draws without a graphics card.
  const placesOf = (list) => ({ type: "FeatureCollection", features: list.map(([place, properties]) => ({ ...placeFeature(place), properties })) });
  const drawMarks = () => map.getSource("marked").setData(placesOf([[hovered, { width: 2, opacity: 0.85 }], [compared, { width: 2, opacity: 1 }], [selected, { width: 3, opacity: 1 }]].filter(([place]) => place !== null)));
  let withoutValue = "";

  map.on("load", () => {
    const source = (id, data) => map.addSource(id, { type: "geojson", data, tolerance: 0.2, buffer: 32 });
    source("places", geojson(() => ({})));
    streetLines().forEach((lines, at) => source(`streets-${at}`, linesFeature(lines)));
    source("parks", parksFeature());
    source("waters", areasFeature(DATA.ground.waters));
    source("rivers", linesFeature(DATA.ground.rivers.map(degrees)));
    source("railways", linesFeature(DATA.ground.railways.map(degrees)));
    for (const id of ["services", "barriers", "marked", "places-without", "plan-lines", "plan-places"]) source(id, { type: "FeatureCollection", features: [] });
    map.addImage("hatch", hatch(ramp().hatch));
    map.addLayer({ id: "parks", type: "fill", source: "parks", paint: { "fill-color": ramp().park } });
    map.addLayer({ id: "places", type: "fill", source: "places", paint: { "fill-opacity": 0.92, "fill-antialias": false } });
    map.addLayer({ id: "places-without", type: "fill", source: "places-without", paint: { "fill-pattern": "hatch", "fill-opacity": 0.9, "fill-antialias": false } });
    STREET_WIDTHS.forEach((width, at) => {
      const zoomed = ["interpolate", ["exponential", 1.5], ["zoom"], 10, width * 0.45, 13, width, 17, width * 5];
      map.addLayer({
        id: `streets-${at}`, type: "line", source: `streets-${at}`, minzoom: at === 2 ? 13 : 0,
        // Round ends of short pieces would show through each other.
        layout: { "line-cap": "butt", "line-join": "round" },
        paint: { "line-color": ramp().street, "line-opacity": [0.34, 0.2, 0.16][at], "line-width": zoomed },
      });
    });
    map.addLayer({ id: "waters", type: "fill", source: "waters", paint: { "fill-color": ground().water } });
    map.addLayer({ id: "rivers", type: "line", source: "rivers", paint: { "line-color": ground().water, "line-width": ["interpolate", ["linear"], ["zoom"], 10, 1.5, 15, 5] } });
    map.addLayer({ id: "railways", type: "line", source: "railways", paint: { "line-color": ground().railway, "line-width": 1.1, "line-dasharray": [4, 2], "line-opacity": 0.8 } });
    map.addLayer({ id: "parks-edge", type: "line", source: "parks", layout: { visibility: "none" }, paint: { "line-color": "#3f7d4e", "line-width": 1.4, "line-opacity": 0.9 } });
    map.addLayer({ id: "borders", type: "line", source: "places", paint: { "line-color": ramp().border, "line-width": 1.1, "line-opacity": 0.9 } });
    map.addLayer({
      id: "marked", type: "line", source: "marked", layout: { "line-join": "round" },
      paint: { "line-color": ramp().ink, "line-width": ["get", "width"], "line-opacity": ["get", "opacity"] },
    });
    map.addLayer({
      id: "barriers", type: "line", source: "barriers", layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": BARRIER, "line-width": ["interpolate", ["linear"], ["zoom"], 10, 2.5, 15, 6], "line-opacity": 0.9 },
    });
    map.addLayer({
      id: "services", type: "circle", source: "services",
      paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 10, 2, 15, 5], "circle-color": "#ffffff", "circle-stroke-color": "#17212b", "circle-stroke-width": 1.4 },
    });
    map.addLayer({ id: "plan-casing", type: "line", source: "plan-lines", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": "#ffffff", "line-width": ["interpolate", ["linear"], ["zoom"], 10, 6, 15, 11] } });
    for (const [kind, dashes] of Object.entries(PLAN_DASHES)) {
      map.addLayer({
        id: `plan-${kind}`, type: "line", source: "plan-lines", filter: ["==", ["get", "kind"], kind], layout: { "line-cap": dashes ? "butt" : "round", "line-join": "round" },
        paint: { "line-color": PLAN[kind], "line-width": ["interpolate", ["linear"], ["zoom"], 10, 3, 15, 7], ...(dashes && { "line-dasharray": dashes }) },
      });
    }
    map.addLayer({
      id: "plan-places", type: "circle", source: "plan-places",
      paint: { "circle-radius": 8, "circle-color": ["match", ["get", "kind"], ...["add", "homes", "spot", "close"].flatMap((kind) => [kind, PLAN[kind]]), PLAN.pin], "circle-stroke-color": "#ffffff", "circle-stroke-width": 2.5 },
    });
    ready = true;
    waiting.splice(0).forEach((act) => act());
    paint();
    handlers.moved();
  });

  map.on("mousemove", (event) => {
    if (!ready) return;
    const service = map.queryRenderedFeatures(event.point, { layers: ["services"] })[0];
    const place = map.queryRenderedFeatures(event.point, { layers: ["places"] })[0];
    map.getCanvas().style.cursor = place ? "pointer" : "";
    handlers.hover(place ? place.id : null, event.point, service ? service.properties.name || "" : null);
  });
  map.on("mouseout", () => handlers.hover(null));
  map.on("click", (event) => {
    const place = ready && map.queryRenderedFeatures(event.point, { layers: ["places"] })[0];
    if (ready) handlers.click(place ? place.id : null, [event.lngLat.lng, event.lngLat.lat]);
  });
  map.on("move", handlers.moved);
  map.on("moveend", handlers.rested);

  function paint() {
    if (!ready) return;
    const { classes, of } = colours;
    const steps = classes.flatMap(({ colour }, at) => [at, colour]);
    const colour = steps.length ? ["match", ["coalesce", ["feature-state", "class"], -1], ...steps, ramp().missing] : ramp().missing;
    map.setPaintProperty("places", "fill-color", colour);
    of.forEach((number, place) => map.setFeatureState({ source: "places", id: place }, { class: number }));
    const without = of.map((number, place) => [place, {}]).filter(([place]) => of[place] < 0);
    const key = without.map(([place]) => place).join();
    if (key !== withoutValue) map.getSource("places-without").setData(placesOf(without));
    withoutValue = key;
  }

  return {
    kind: "webgl",
    colour(colouring) {
      colours = colouring;
      paint();
    },
    theme() {
      whenReady(() => {
        map.setPaintProperty("background", "background-color", ramp().background);
        map.setPaintProperty("parks", "fill-color", ramp().park);
        map.setPaintProperty("borders", "line-color", ramp().border);
        map.setPaintProperty("marked", "line-color", ramp().ink);
        map.setPaintProperty("waters", "fill-color", ground().water);
        map.setPaintProperty("rivers", "line-color", ground().water);
        map.setPaintProperty("railways", "line-color", ground().railway);
        STREET_WIDTHS.forEach((_, at) => map.setPaintProperty(`streets-${at}`, "line-color", ramp().street));
        map.updateImage("hatch", hatch(ramp().hatch));
      });
    },
    hover(place) {
      hovered = place;
      whenReady(drawMarks);
    },
    select(place, other) {
      [selected, compared] = [place, other];
      whenReady(drawMarks);
    },
    show(place) {
      const [west, south, east, north] = boxOf(place);
      const seen = map.getBounds();
      const inside = seen.contains([west, south]) && seen.contains([east, north]);
      const size = Math.max((east - west) / (seen.getEast() - seen.getWest()), (north - south) / (seen.getNorth() - seen.getSouth()));
      if (inside && size > 0.04) return;
      map.fitBounds([[west, south], [east, north]], { padding: 120, maxZoom: 15, animate: !window.matchMedia("(prefers-reduced-motion: reduce)").matches });
    },
    home() { map.fitBounds(home, { padding: padding() }); },
    view() {
      const { lng, lat } = map.getCenter();
      return [lng, lat, map.getZoom()];
    },
    go([lng, lat, zoom]) { map.jumpTo({ center: [lng, lat], zoom }); },
    project(at) { return map.project(at); },
    overlays(overlays) {
      const { streets, parks } = overlays;
      whenReady(() => {
        const visible = (shown) => (shown ? "visible" : "none");
        STREET_WIDTHS.forEach((_, at) => map.setLayoutProperty(`streets-${at}`, "visibility", visible(streets)));
        map.setLayoutProperty("parks-edge", "visibility", visible(parks));
        map.getSource("barriers").setData({ type: "FeatureCollection", features: shownBarriers(overlays).map(({ lines }) => linesFeature(lines.map(degrees))) });
        const features = shownPlaces(overlays).map(({ name, at }) => ({ type: "Feature", properties: { name: name || "" }, geometry: { type: "Point", coordinates: at } }));
        map.getSource("services").setData({ type: "FeatureCollection", features });
      });
    },
    plan({ points, lines }) {
      whenReady(() => {
        map.getSource("plan-lines").setData({ type: "FeatureCollection", features: lines.map(({ kind, line }) => ({ type: "Feature", properties: { kind }, geometry: { type: "LineString", coordinates: line } })) });
        map.getSource("plan-places").setData({ type: "FeatureCollection", features: points.map(({ kind, at }) => ({ type: "Feature", properties: { kind }, geometry: { type: "Point", coordinates: at } })) });
      });
    },
    streets() {
      whenReady(() => streetLines().forEach((lines, at) => map.getSource(`streets-${at}`).setData(linesFeature(lines))));
    },
    resize() { map.resize(); },
  };
}
