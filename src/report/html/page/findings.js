// What was found, in people and in order: the first thing a reader sees. Each sets the map.

const FINDINGS = 3;

/** "4 in 10"; at the ends in words. */
function inTen(share) {
  const tenths = Math.round(10 * share);
  if (!OF_PEOPLE || tenths === 0 || tenths === 10) return formatted(share, "share");
  return tenths === 5 ? "Half" : `${tenths} in 10`;
}

/** The neighbourhoods with the most, in a sentence. */
function mostIn(values) {
  const order = values.map((value, place) => [value, place]).filter(([value]) => isNumber(value) && value > 0).sort((a, b) => b[0] - a[0]);
  const names = order.slice(0, 3).map(([, place]) => shortName(place));
  if (!names.length) return "";
  if (order.length <= names.length) return `in ${listOf(names)}`;
  const all = order.reduce((sum, [value]) => sum + value, 0);
  const first = order.slice(0, 3).reduce((sum, [value]) => sum + value, 0);
  return `${first > all / 2 ? "most of them" : "more than anywhere else"} in ${listOf(names)}`;
}

const listOf = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`);

/** Everything that may open the page, the most people first; one of a kind. */
function findingsOf() {
  const found = [];
  const essentials = DATA.without.places.map(({ category }) => ({ category, ...cityWithout(category, null, STANDARD) })).filter(({ lacking }) => lacking > 0);
  // What everybody should reach comes before what is good to have.
  const needed = essentials.filter(({ category }) => DATA.columns.some(({ family, of }) => family === "share_lacking_{of}" && of === category));
  const worst = (needed.length ? needed : essentials).sort((a, b) => b.lacking - a.lacking)[0];
  if (worst) {
    const live = OF_PEOPLE ? "live" : "lies";
    const far = worst.category === "work" ? `${OF_PEOPLE ? "have" : "has"} too few jobs within ${STANDARD} minutes' walk` : `${live} more than ${STANDARD} minutes' walk from ${worst.counts.some}`;
    found.push({ people: worst.lacking, layer: withoutName(worst.category, null, STANDARD),
      title: `${inTen(worst.share)} ${OF_PEOPLE ? DATA.weight.noun : `of the ${DATA.weight.noun}`} ${far}`, text: `${amountOf(worst.lacking)}, ${mostIn(worst.counts.lacking)}.` });
  }
  const isolated = COLUMNS.get("service_isolation");
  const isolatedPeople = isolated && peopleBehind(isolated);
  if (isolatedPeople) {
    const people = isolated.values.reduce((all, share, place) => all + (isNumber(share) ? share * (columnValues(`${DATA.weight.column}_on_streets`)[place] ?? RESIDENTS[place]) : 0), 0);
    const share = residentsMean(isolated.values);
    if (people > 0) found.push({ people, layer: "service_isolation",
      title: `${inTen(share)} ${OF_PEOPLE ? DATA.weight.noun : `of the ${DATA.weight.noun}`} ${OF_PEOPLE ? "are" : "is"} without two or more daily needs within ${STANDARD} minutes' walk`,
      text: `${amountOf(people)}, ${mostIn(isolatedPeople)}. Daily needs: ${listOf(DATA.columns.filter(({ family }) => family === "share_lacking_{of}").map(({ of }) => formatted(of, "words")))}.` });
  }
  const gap = widestGap();
  if (gap) found.push(gap);
  const agreement = columnValues("gentrification_agreement");
  const changing = agreement.map((value, place) => (isNumber(value) && value >= 0.5 ? RESIDENTS[place] : null));
  const many = changing.filter(isNumber).length;
  if (many && OF_PEOPLE) found.push({ people: sum(changing.filter(isNumber)), layer: "gentrification_agreement",
    title: `${many} neighbourhood${many === 1 ? "" : "s"} gentrif${many === 1 ? "ies" : "y"} by half or more of the definitions that apply`,
    text: `${amountOf(sum(changing.filter(isNumber)))} live there, ${mostIn(changing)}.` });
  const barrier = DATA.between.barriers.filter(({ affected }) => affected > 0)[0];
  if (barrier && COLUMNS.has("severance")) found.push({ people: barrier.affected, layer: "severance",
    title: `${capital(barrier.name || `a ${formatted(barrier.kind, "words")}`)} cuts off more ${DATA.weight.noun} from ${OF_PEOPLE ? "their neighbours" : "what is near"} than any other barrier`,
    text: `${amountOf(barrier.affected)} ${OF_PEOPLE ? "are" : "is"} more than twice as far on foot as in a straight line from a tenth or more of the ${DATA.weight.noun} within 800 m.` });
  return found.sort((a, b) => b.people - a.people).slice(0, FINDINGS);
}

/** The group that is without something more often than everybody, where that concerns the most people. */
function widestGap() {
  let best = null;
  for (const { group } of DATA.without.by_group.filter((one) => one.group)) {
    for (const { category } of DATA.without.places) {
      const [theirs, all] = [cityWithout(category, group, STANDARD), cityWithout(category, null, STANDARD)];
      if (!theirs || !all || theirs.share - all.share < 0.05) continue;
      const extra = (theirs.share - all.share) * theirs.members;
      if (!best || extra > best.extra) best = { extra, group, category, theirs, all };
    }
  }
  if (!best) return null;
  const { group, category, theirs, all } = best;
  // It concerns those whom the difference makes: without it they would be within reach.
  return { people: best.extra, layer: withoutName(category, group, STANDARD),
    title: `${formatted(theirs.share, "share")} of ${membersOf(group)} are without ${theirs.counts.some} within ${STANDARD} minutes' walk, against ${formatted(all.share, "share")} of everyone`,
    text: `${amountOf(theirs.lacking)}, ${mostIn(theirs.counts.lacking)}. A difference between places, not a reason.` };
}

function drawFindings() {
  const found = findingsOf();
  byId("findings").hidden = !found.length;
  byId("findings-list").replaceChildren(...found.map(({ layer, title, text, people }) => el("li", {},
    el("button", { type: "button", class: "finding", "data-finding": layer, "data-people": Math.round(people), "aria-pressed": "false", onclick: () => { chooseLayer(layer, "people"); openTab("layers"); } },
      el("strong", {}, `${title}.`), el("span", {}, text)))));
}

/** Marks the finding that the map shows. */
function markFindings() {
  for (const button of document.querySelectorAll(".finding")) button.setAttribute("aria-pressed", String(button.dataset.finding === STATE.layer));
}
