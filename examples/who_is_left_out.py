"""Who is left out? Access to a clinic by group and by neighbourhood: a page to be read aloud.

python examples/who_is_left_out.py [STUDY FOLDER]
"""

import sys
from pathlib import Path

import commonground
import pandas
from commonground import access

NEAR = 15

study = Path(sys.argv[1] if len(sys.argv) > 1 else "data/millbrook")
assessment = commonground.assess(study)
homes = assessment.homes[assessment.homes["street_distance_m"].notna()]
residents = homes["residents"]
# The assessment hides small counts; whoever may see them takes them from the study's own table.
counts = pandas.read_csv(study / "homes.csv", index_col="id")
groups = counts.loc[homes.index, ["newcomers", "established", "over_65", "without_car"]]

# A clinic that is farther than the search is too far.
minutes = homes["clinic_minutes"].fillna(float("inf"))
table = access.group_access(minutes, residents, groups, at_most=NEAR)
print(f"Minutes' walk to a clinic; share_below lives farther than {NEAR} minutes away.\n")
print(table.round(2).to_string())

everybody = table.loc["everybody"]
print(f"\n{everybody['people_below']:.0f} of {everybody['people']:.0f} residents live too far from a clinic.")
worst = table.drop("everybody")["gap"].idxmax() if len(table) > 1 else None
if worst is not None:
    print(f"Worst off: {worst}, {100 * table.loc[worst, 'gap']:+.0f} percentage points against everybody.")

schools = homes["school_within_15_min"]
print(f"\nGini index of schools within {NEAR} minutes: {access.gini(schools, residents):.2f}")
shortfall = access.fgt_poverty(schools, residents, line=2)
print(f"{100 * shortfall['FGT0']:.0f} % of residents reach fewer than two schools, {100 * shortfall['FGT1']:.0f} % of two are lacking.")
