"""Where would one more place bring together groups, and neighbours who share no place today?

``python examples/where_could_we_meet.py [STUDY] [DATA ROOT]``

Candidates are the schools and clinics of the study: on a Saturday their yards are free for a pop-up market.
"""

import sys

import commonground

study = sys.argv[1] if len(sys.argv) > 1 else "data/millbrook"
data = sys.argv[2] if len(sys.argv) > 2 else None
found = commonground.siting.meeting_places(
    study, ["school", "clinic"], category="market", choose=2, within=0.1, data=data, name="A pop-up market"
)

proof = "no other two would do more" if found.proven else f"no two could do more than {100 * found.bound:+.2f} points"
print(f"Two markets: {' and '.join(found.chosen)} ({100 * found.value:+.2f} points of others met; {proof}).")
print(f"{len(found.plans)} pairs of sites are within a tenth of that.\n")

print("Of the people whom each group could meet, others are:")
for group, row in found.groups.iterrows():
    print(f"  {group}: {row.encounter_before:.1%} today, {row.encounter_after:.1%} with the markets")

sites = found.sites.sort_values("rank")
print("\nEach by itself:")
for name, site in sites.head(5).iterrows():
    print(
        f"  {name}: {100 * site.encounter_gain:+.2f} points, {site.residents_in_reach:,.0f} residents in reach, "
        f"{site.newly_within_15_minutes:,.0f} of them with no market today, {site.neighbours_joined:.0f} pairs of neighbours joined"
    )

apart = found.pairs
print(f"\n{len(apart)} pairs of neighbours share no place today:")
for (one, other), pair in apart.head(6).iterrows():
    print(f"  {one} and {other}: {pair.joined_by or 'none of the candidates would bring them together'}")
