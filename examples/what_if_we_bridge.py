"""What if we build a footbridge? Who is nearer to what, by group and by traveller, and does anybody lose?

python examples/what_if_we_bridge.py [STUDY] [SCENARIO [DATA ROOT]]
"""

import sys
from pathlib import Path

import commonground

study = sys.argv[1] if len(sys.argv) > 1 else "data/millbrook"
scenario = sys.argv[2] if len(sys.argv) > 2 else Path(study) / "scenarios" / "footbridge.toml"
data = sys.argv[3] if len(sys.argv) > 3 else None

found = commonground.compare(study, scenario, data=data, scores=False)

people = found.people.reset_index("scenario", drop=True)
walks = people[people["unit"] == "minutes"]
print("people who are nearer, people who reach one for the first time, people who are farther:")
everybody = walks.xs("everybody", level="group")
print(everybody.loc[everybody["gained"] > 0, ["gained", "first_reached", "lost"]].round(0).to_string())

print("\nhours a day that a walk there and back saves, by group:")
adults = walks.xs("adult", level="traveller")
hours = (2 * (adults["won"] - adults["forgone"]) / 60).unstack("group")
print(hours[hours.abs().max(axis=1) > 0].round(0).to_string())

print("\nworst losers:")
losers = found.losers(5)
print(losers.drop(columns="geometry").to_string() if len(losers) else "nobody")
