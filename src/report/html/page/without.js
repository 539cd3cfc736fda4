// Who is without what within a walk: layers that are made of counts of people, in shares and in numbers.

/** Whether homes count by people, so that sentences may speak of them. */
const OF_PEOPLE = DATA.weight.column === "residents";
const STANDARD = DATA.reach.standard_minutes;

/** The name of a layer: `without:clinic:over_65:15`; everybody is the empty group. */
const withoutName = (category, group, walk) => ["without", category, group || "", walk].join(":");

function withoutParts(name) {
  const [kind, category, ...rest] = String(name).split(":");
  if (kind !== "without" || rest.length < 2) return null;
  return { category, walk: Number(rest.pop()), group: rest.join(":") || null };
}

/** Members of a group, everybody without one, as they stand in a sentence. */
const membersOf = (group) => (group ? `${DATA.weight.noun} counted as ${formatted(group, "words")}` : DATA.weight.noun);

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Counts of one question, `null` where the file has none: `lacking` and `members`, one a neighbourhood. */
function countsOf(category, group, walk) {
  const { walks, places, by_group: people } = DATA.without;
  const [place, number] = [places.findIndex((one) => one.category === category), walks.indexOf(walk)];
  const who = people.find((one) => (one.group || null) === (group || null));
  if (place < 0 || number < 0 || !who) return null;
  const lacking = who.lacking[place][number];
  const all = { lackingInAll: who.all_lacking[place][number], membersInAll: who.all_members };
  return lacking.some(isNumber) ? { lacking, members: who.members, some: places[place].some, ...all } : null;
}

/** The layer of a question; made once, since what is known of its values depends on the list. */
function withoutLayer(name) {
  if (withoutLayer.made.has(name)) return withoutLayer.made.get(name);
  const parts = withoutParts(name);
  const counts = parts && countsOf(parts.category, parts.group, parts.walk);
  if (!counts) return null;
  const { category, group, walk } = parts;
  const values = counts.lacking.map((lacking, place) => (isNumber(lacking) && counts.members[place] > 0 ? lacking / counts.members[place] : null));
  const label = `${capital(membersOf(group))} without ${counts.some} within ${walk} minutes' walk`;
  const layer = {
    name, label, measure: label, subject: null, unit: "share", scale: { kind: "more_is_worse" }, theme: "isolation",
    meaning: category === "work"
      ? `Share of ${membersOf(group)} with too few jobs within ${walk} minutes' walk, by the study's standard.`
      : `Share of ${membersOf(group)} whose walk to the closest ${formatted(category, "words")} takes more than ${walk} minutes, or who have no way there.`,
    not_meaning: `Not quality, opening hours, price or welcome; and not who goes there by bus, bicycle or car.${group ? " Empty where so few would show that a person could be known." : ""}`,
    // Where nobody is counted there is no number either.
    values, people: counts.lacking.map((lacking, place) => (isNumber(values[place]) ? lacking : null)), of: counts.members,
  };
  withoutLayer.made.set(name, layer);
  return layer;
}
withoutLayer.made = new Map();

/** The numbers of people behind a column of shares, where they are known. */
function peopleBehind(layer) {
  if (layer.people) return layer.people;
  if (layer.name === "service_isolation") return (COLUMNS.get(`${DATA.weight.column}_isolated`) || {}).values || null;
  if (layer.of_measure === "service_isolation" && layer.family === "share_lacking_{of}") return (withoutLayer(withoutName(layer.of, null, STANDARD)) || {}).people || null;
  return null;
}

/** The same layer in numbers of people. */
function inPeople(layer) {
  const people = peopleBehind(layer);
  if (!people) return layer;
  if (!inPeople.made.has(layer)) {
    inPeople.made.set(layer, { ...layer, unit: "count", values: people, label: `Number of ${layer.label.charAt(0).toLowerCase()}${layer.label.slice(1)}`,
      meaning: layer.meaning.replace(/^Share of/, "Number of") });
  }
  return inPeople.made.get(layer);
}
inPeople.made = new WeakMap();

/** Members without it over those who are counted, in the whole city; `null` where nobody is counted. */
function cityWithout(category, group, walk) {
  const counts = countsOf(category, group, walk);
  if (!counts) return null;
  const { lackingInAll: lacking, membersInAll: members } = counts;
  return members > 0 && isNumber(lacking) ? { lacking, members, share: lacking / members, counts } : null;
}

/** "20,780 residents"; of floor area its unit. */
const amountOf = (count) => `${grouped(Math.round(count), 0)} ${DATA.weight.units}`;
