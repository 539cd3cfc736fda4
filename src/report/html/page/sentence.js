// A layer chosen by a sentence: share or number, of whom, without what, within how long.

/** What the sentence says now: the layer's own words where it is of this kind, or what was chosen last. */
function sentenceNow() {
  const layer = layerNamed(STATE.layer);
  const of = layer && layer.of_measure === "service_isolation" && layer.family === "share_lacking_{of}" ? { category: layer.of, group: null, walk: STANDARD } : null;
  const parts = withoutParts(STATE.layer) || of;
  if (parts) STATE.sentence = parts;
  return STATE.sentence;
}

function drawSentence() {
  const { places, by_group: people, walks } = DATA.without;
  const box = byId("sentence");
  box.hidden = !places.length || !["reach", "left_out"].includes(STATE.question);
  if (box.hidden) return;
  const now = sentenceNow() || { category: places[0].category, group: null, walk: STANDARD };
  const choose = (change) => {
    const next = { ...now, ...change };
    // A question that the file has no answer to: the standard walk has one.
    const known = countsOf(next.category, next.group, next.walk) ? next : { ...next, walk: STANDARD };
    const focused = document.activeElement && document.activeElement.id;
    chooseLayer(withoutName(known.category, known.group, known.walk), STATE.amount);
    if (focused && byId(focused)) byId(focused).focus();
  };
  const select = (id, label, options, value, act) => el("select", { id, "aria-label": label, onchange: (event) => act(event.target.value) },
    options.map(([key, words]) => el("option", { value: key, selected: String(key) === String(value ?? "") }, words)));
  const active = Boolean(withoutParts(STATE.layer)) || Boolean(peopleBehind(layerNamed(STATE.layer) || {}));
  box.classList.toggle("resting", !active);
  box.replaceChildren("Show the ",
    select("say-amount", "Share or number", [["share", "share"], ["people", "number"]], STATE.amount, (value) => { STATE.amount = value; choose({}); }), " of ",
    select("say-group", "Of whom", people.map(({ group }) => [group || "", group ? `${DATA.weight.noun}: ${formatted(group, "words")}` : OF_PEOPLE ? "all residents" : DATA.weight.noun]), now.group, (group) => choose({ group: group || null })), " without ",
    select("say-place", "Without what", places.map(({ category, some }) => [category, some]), now.category, (category) => choose({ category })), " within ",
    select("say-walk", "Within how long a walk", walks.slice().sort((a, b) => a - b).map((walk) => [walk, `${walk} min`]), now.walk, (walk) => choose({ walk: Number(walk) })),
    ` walking as ${DATA.traveller}.`);
}
