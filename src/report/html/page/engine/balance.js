// Before and after in people: who is within a walk, whose walk is shorter, and whose is longer, in all and by neighbourhood.

const MILLISECONDS = 60000;
/** Differences up to a minute are none, as `commonground compare` counts. */
const TOLERANCE_MINUTES = 1;

const nobody = () => ({ people: 0, before: 0, after: 0, gained: 0, lost: 0, won: 0, forgone: 0 });

/**
 * For one category: `people` of homes on a street, those with a place within `standard` minutes `before` and `after`, those who
 * `gained` or `lost` more than a minute, or the place altogether, and the person-minutes `won` and `forgone` by them.
 */
function balanceOf(homes, before, after, standard, areas) {
  const city = nobody();
  const byArea = Array.from({ length: areas }, nobody);
  homes.forEach(({ area, people }, home) => {
    const change = changeOf(before[home], after[home]);
    for (const sum of area < 0 ? [city] : [city, byArea[area]]) {
      sum.people += people;
      if (before[home] / MILLISECONDS <= standard) sum.before += people;
      if (after[home] / MILLISECONDS <= standard) sum.after += people;
      if (change.gained) { sum.gained += people; sum.won += people * change.minutes; }
      if (change.lost) { sum.lost += people; sum.forgone += people * change.minutes; }
    }
  });
  return { city, byArea };
}

/** Rounding of joined streets, in milliseconds: beyond it no closing makes a walk shorter, as `commonground compare` checks. */
const ROUNDING = 60;

/** How many homes have a shorter walk to anything: homes and places of a closed street have joined another one that is nearer. */
function shortened(before, after) {
  const found = new Set();
  before.forEach((times, category) => {
    if (after[category] === times) return;
    times.forEach((time, home) => { if (after[category][home] + ROUNDING < time) found.add(home); });
  });
  return found.size;
}

/** Whether a walk became shorter or longer, and by how many minutes; 0 where one of the two is beyond the search. */
function changeOf(before, after) {
  if (before === CLOSED || after === CLOSED) return { gained: after !== CLOSED, lost: before !== CLOSED, minutes: 0, ...(before === after && { gained: false, lost: false }) };
  const gain = before / MILLISECONDS - after / MILLISECONDS;
  return { gained: gain > TOLERANCE_MINUTES, lost: gain < -TOLERANCE_MINUTES, minutes: Math.abs(gain) };
}

/** Counts of people below this are not shown, unless they are 0; what is left of 0 after sums of fractions. */
const SMALL_COUNT = 10;
const NOTHING = 1e-6;
const isFew = (count) => count > NOTHING && count < SMALL_COUNT;

/**
 * Who gains, loses and keeps their walk, group by group: `{name, gained, lost, same, hidden}`. A group is hidden where a number of it is
 * small, or where a small one would follow from what is left of everybody, as the library hides them.
 */
function balanceByGroup({ homes, groups }, before, after) {
  const kinds = homes.map((_, home) => { const { gained, lost } = changeOf(before[home], after[home]); return gained ? 0 : lost ? 1 : 2; });
  const counted = (members) => { const sums = [0, 0, 0]; kinds.forEach((kind, home) => { sums[kind] += members(home); }); return sums; };
  const everybody = counted((home) => homes[home].people);
  const rows = groups.map(({ members }) => counted((home) => members[home]));
  const hidden = hiddenGroups(everybody, rows, groups.map(({ apart }) => apart));
  return groups.map(({ name }, group) => { const [gained, lost, same] = rows[group]; return { name, gained, lost, same, hidden: hidden[group] }; });
}

/** As `small_counts::hidden_groups` of the library: groups `apart` do not overlap, and what they leave of everybody is not few either. */
function hiddenGroups(everybody, groups, apart) {
  const fewWithout = (shown) => everybody.some((all, kind) => isFew(all - shown.reduce((sum, group) => sum + groups[group][kind], 0)));
  const hidden = groups.map((counts, group) => counts.some(isFew) || (!apart[group] && fewWithout([group])));
  for (;;) {
    const shown = groups.map((_, group) => group).filter((group) => apart[group] && !hidden[group]);
    if (!shown.length || !fewWithout(shown)) return hidden;
    const size = (group) => Math.max(...groups[group]);
    hidden[shown.reduce((least, group) => (size(group) < size(least) ? group : least))] = true;
  }
}

/** The home that loses most to one kind of place, in minutes times people; nothing where nobody loses. */
function worstLoser(homes, before, after, limit) {
  let worst = null;
  before.forEach((time, home) => {
    if (time === CLOSED || !(homes[home].people > 0)) return;
    const lost = ((after[home] === CLOSED ? Math.max(limit, time + 2 * TOLERANCE_MINUTES * MILLISECONDS) : after[home]) - time) / MILLISECONDS;
    if (lost > TOLERANCE_MINUTES && (!worst || lost * homes[home].people > worst.weight)) worst = { home, before: time, after: after[home], weight: lost * homes[home].people };
  });
  return worst;
}
