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
  const homes = before[0] ? before[0].length : 0;
  return Array.from({ length: homes }, (_, home) => before.some((times, category) => after[category][home] + ROUNDING < times[home])).filter(Boolean).length;
}

/** Whether a walk became shorter or longer, and by how many minutes; 0 where one of the two is beyond the search. */
function changeOf(before, after) {
  if (before === CLOSED || after === CLOSED) return { gained: after !== CLOSED, lost: before !== CLOSED, minutes: 0, ...(before === after && { gained: false, lost: false }) };
  const gain = before / MILLISECONDS - after / MILLISECONDS;
  return { gained: gain > TOLERANCE_MINUTES, lost: gain < -TOLERANCE_MINUTES, minutes: Math.abs(gain) };
}
