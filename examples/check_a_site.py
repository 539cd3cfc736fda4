"""A planned project asks for public money: what would its residents reach, on paper and on foot?

python examples/check_a_site.py [STUDY] [LONGITUDE LATITUDE [DATA ROOT]]
"""

import sys

from commonground import site

study = sys.argv[1] if len(sys.argv) > 1 else "data/millbrook"
# Beyond Millbrook's motorway: near on the map, far on foot.
place = (float(sys.argv[2]), float(sys.argv[3])) if len(sys.argv) > 3 else (3.0085, 55.0022)
data = sys.argv[4] if len(sys.argv) > 4 else None

found = site.check(study, place, dwellings=120, data=data)

verdicts = found.sites.T
print(verdicts[verdicts.index.str.endswith(("by_ruler", "on_foot"))].to_string(header=False))

print("\npasses on paper, fails on foot:")
for (_, standard, rule, traveller), row in found.on_paper_only.iterrows():
    if traveller == "adult":
        print(f"  {rule} ({standard}): {row['reason']}")

print("\nbeside the city's residents, minutes on foot:")
reach = found.reach.xs("adult", level="traveller").reset_index("id", drop=True)
walks = reach[reach.index.str.endswith("_minutes")]
print(walks[["here", "city_median", "better_than"]].round(2).to_string())

print("\nafter 120 households have moved in, places that have a tenth less for each:")
crowding = found.after.crowding
less = crowding[crowding["share_after"] < 0.9 * crowding["share_before"]]
print(less[["name", "category", "share_before", "share_after"]].round(1).to_string(index=False))
