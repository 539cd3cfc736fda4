"""What if we allow apartments beside the park? Who comes, who stays, who has to move, and who has less of what.

python examples/what_if_we_rezone.py [STUDY] [NEIGHBOURHOOD CODE [DATA ROOT]]
"""

import sys

import commonground
from commonground import Scenario

study = sys.argv[1] if len(sys.argv) > 1 else "data/millbrook"
place, code = (sys.argv[2], sys.argv[3]) if len(sys.argv) > 3 else ("Westfield", "R3")
data = sys.argv[4] if len(sys.argv) > 4 else None

upzoned = Scenario(f"{place} becomes {code}").rezone(code, neighbourhoods=[place], never_lower=True)
scenarios = [
    Scenario(f"{upzoned.name}, a quarter is built", upzoned.changes).build_out(
        neighbourhoods=[place], share=0.25, household_size=2.1, affordable=0.2
    ),
    Scenario(f"{upzoned.name}, a quarter is built and what stands makes way", upzoned.changes).build_out(
        neighbourhoods=[place], share=0.25, household_size=2.1, affordable=0.2, clears=True
    ),
]
found = commonground.compare(study, scenarios, data=data, scores=False)

print(found.receipts[["what", "people"]].to_string())
print("\nwho would have to move, and room to stay:")
print(found.displacement.round(0).to_string())

print("\ngreen space for each, m²: a mean is never shown without its parts")
green = found.people.xs("green_m2_per_resident_within_15_min", level="measure").xs("adult", level="traveller")
parts = ["mean_before", "mean_after", "change_for_stayers", "change_by_newcomers", "change_by_leavers", "lost"]
print(green[parts].round(2).to_string())

print("\nwhat more people share:")
crowding = found.crowding
less = crowding[crowding["share_after"] < 0.95 * crowding["share_before"]]
print(less[["name", "category", "people_before", "people_after", "share_before", "share_after"]].round(1).to_string())
