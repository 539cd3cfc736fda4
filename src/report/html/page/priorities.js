// Weights as sliders: residents and council try their own priorities, and everything follows.

const SLIDER_STEPS = 100;

const SAVED_NOTE = "The saved file is the definition that the command line and Python read; they give the same numbers.";

function drawPriorities() {
  const pane = byId("pane-priorities");
  const index = STATE.index;
  byId("tab-priorities").hidden = !index;
  if (!index) return;
  const choose = DATA.indices.length > 1
    ? el("label", { class: "field" }, el("span", {}, "Index"), el("select", { id: "index", onchange: (event) => chooseIndex(Number(event.target.value)) },
      DATA.indices.map(({ name }, at) => el("option", { value: at, selected: DATA.indices[at] === index }, name))))
    : el("h2", {}, index.name);
  pane.replaceChildren(
    choose,
    el("p", {}, "What matters most here? Move a slider: scores, ranks, map and list follow. Nothing is right or wrong; the choice is political, and it belongs in the open."),
    el("div", { class: "sliders", id: "sliders" }, index.parts.map((_, number) => partSliders(index, index.parts.length - 1 - number))),
    el("div", { class: "toolbar" },
      el("button", { type: "button", id: "weights-equal", onclick: () => setChoices(equalChoices(index)) }, "All equal"),
      el("button", { type: "button", id: "weights-reset", onclick: () => setChoices(givenChoices(index)) }, "As the study"),
      el("button", { type: "button", id: "weights-save", onclick: saveChoices }, "Save as TOML"),
      el("label", { class: "button" }, "Load TOML", el("input", { type: "file", id: "weights-load", accept: ".toml", class: "visually-hidden", onchange: (event) => loadChoices(event.target) }))),
    el("p", { class: "hint", id: "weights-note", role: "status" }, SAVED_NOTE),
    el("div", { class: "list-head" }, el("h2", {}, "Ranks with these priorities")),
    el("ol", { id: "index-list", class: "ranking" }));
  drawShares();
}

function equalChoices(index) {
  return { weights: index.parts.map((part) => part.children.map(() => 1)), methods: STATE.choices.methods.slice() };
}

/** The sliders of a part, and how its children are put together. */
function partSliders(index, number) {
  const part = index.parts[number];
  const top = number === index.parts.length - 1;
  const largest = Math.max(...STATE.choices.weights[number], 1e-9);
  const rows = part.children.map((child, at) => {
    const indicator = child.indicator === undefined ? null : index.indicators[child.indicator];
    const name = indicator ? indicator.name : index.parts[child.part].name;
    const id = `weight-${number}-${at}`;
    const value = Math.round((SLIDER_STEPS * STATE.choices.weights[number][at]) / largest);
    const note = indicator ? `${indicator.direction === "down" ? "less is better" : "more is better"}${indicator.unit ? ` · ${indicator.unit}` : ""}` : "a pillar, see below";
    return el("div", { class: "slider" },
      el("label", { for: id }, formatted(name, "words"), el("small", {}, index.better === "low" ? note.replace("better", "counted as higher") : note)),
      el("output", { for: id, id: `${id}-share` }),
      el("input", { type: "range", id, min: 0, max: SLIDER_STEPS, value, oninput: (event) => slide(number, at, Number(event.target.value)) }));
  });
  const methods = [["arithmetic", "Strong parts make up for weak ones"], ["geometric", "Weak parts weigh more"], ["harmonic", "Weak parts weigh most"],
    ["copeland", "Places compared two by two: nothing is made up for"]];
  const given = STATE.choices.methods[number];
  if (!methods.some(([name]) => name === given)) methods.push([given, formatted(given, "words")]);
  const method = el("label", { class: "field" }, el("span", {}, "Put together"), el("select", { id: `method-${number}`, onchange: (event) => setMethod(number, event.target.value) },
    methods.map(([name, words]) => el("option", { value: name, selected: name === given }, words))));
  return el("fieldset", {}, el("legend", {}, top ? "The index" : formatted(part.name, "words")), rows, method);
}

/** One slider moved: the others of its part keep their weights, the sum need not be anything. */
function slide(number, at, value) {
  const sliders = STATE.index.parts[number].children.map((_, child) => Number(byId(`weight-${number}-${child}`).value));
  sliders[at] = value;
  STATE.choices.weights[number] = sliders;
  STATE.choices.own = true;
  drawShares();
  choicesChanged();
}

function setMethod(number, method) {
  STATE.choices.methods[number] = method;
  STATE.choices.own = true;
  choicesChanged();
}

function setChoices(choices) {
  STATE.choices = choices;
  drawPriorities();
  choicesChanged();
}

/** What share of its part each slider has; a part without any weight has no score, and says so. */
function drawShares() {
  const empty = STATE.choices.weights.some((weights) => !(sum(weights) > 0));
  if (byId("weights-note")) byId("weights-note").textContent = empty ? "All sliders of a group are at 0: there is nothing to score by. Move one up." : SAVED_NOTE;
  STATE.choices.weights.forEach((weights, number) => {
    const all = sum(weights);
    weights.forEach((weight, at) => {
      byId(`weight-${number}-${at}`).setAttribute("aria-valuetext", all > 0 ? `${Math.round((100 * weight) / all)}% of its group` : "no weight");
      byId(`weight-${number}-${at}-share`).textContent = all > 0 ? `${Math.round((100 * weight) / all)}%` : "–";
    });
  });
}

/** The definition with the choices of the page in it. */
function chosenDefinition() {
  const { index, choices } = STATE;
  const definition = structuredClone(index.definition);
  const order = ["name", "better", "id", "label", "population", "include_race"];
  const named = (list, name) => (definition[list] || []).find((item) => (item.name ?? item.column) === name);
  index.parts.forEach((part, number) => {
    part.children.forEach((child, at) => {
      const item = child.indicator === undefined ? named("pillars", index.parts[child.part].name) : named("indicators", index.indicators[child.indicator].name);
      if (item) item.weight = choices.weights[number][at];
    });
    const pillar = named("pillars", part.name);
    if (pillar && choices.methods[number] !== part.method) pillar.aggregate = choices.methods[number];
  });
  const top = index.parts.length - 1;
  const hasPillars = index.parts[top].children.some((child) => child.part !== undefined);
  if (choices.methods[top] !== index.parts[top].method) definition.aggregate[hasPillars ? "pillars" : "indicators"] = choices.methods[top];
  if (choices.own) definition.weights = { indicators: "given", pillars: "given" };
  const first = Object.fromEntries(order.filter((key) => key in definition).map((key) => [key, definition[key]]));
  return { ...first, ...definition };
}

function saveChoices() {
  download(`${fileName(STATE.index.name)}.toml`, "application/toml", toToml(chosenDefinition()));
}

async function loadChoices(input) {
  const [file] = input.files;
  if (!file) return;
  const note = byId("weights-note");
  try {
    useDefinition(fromToml(await file.text()));
    byId("weights-note").textContent = `${file.name} is in use.`;
  } catch (error) {
    note.textContent = `${file.name}: ${error.message}`;
  }
  input.value = "";
}

/** Takes weights and methods from a definition of the same indicators. */
function useDefinition(definition) {
  const { index } = STATE;
  const named = (list) => new Map((definition[list] || []).map((item) => [item.name ?? item.column, item]));
  const [indicators, pillars] = [named("indicators"), named("pillars")];
  const missing = index.indicators.find(({ name }) => !indicators.has(name));
  const unknown = [...indicators.keys()].find((name) => !index.definition.indicators.some((indicator) => (indicator.name ?? indicator.column) === name));
  if (missing || unknown) throw new Error(`it is about other indicators (${missing ? `without ${missing.name}` : `with ${unknown}`}); the command line can assess it`);
  const methods = definition.aggregate || {};
  const choices = { own: true, weights: [], methods: [] };
  index.parts.forEach((part) => {
    const of = (child) => (child.indicator === undefined ? pillars.get(index.parts[child.part].name) : indicators.get(index.indicators[child.indicator].name));
    const weights = part.children.map((child) => { const item = of(child); return item && isNumber(item.weight) ? item.weight : 1; });
    if (weights.some((weight) => weight < 0) || !(sum(weights) > 0)) throw new Error(`the weights of ${part.name} are not all 0 or more with one above 0`);
    const own = pillars.get(part.name);
    const hasPillars = part.children.some((child) => child.part !== undefined);
    const method = (own && own.aggregate) || methods[hasPillars ? "pillars" : "indicators"] || "arithmetic";
    if (!isMethod(method)) throw new Error(`${method} is no way to put parts together`);
    choices.weights.push(weights);
    choices.methods.push(method);
  });
  setChoices(choices);
}
