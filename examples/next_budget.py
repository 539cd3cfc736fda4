"""What does the next budget owe each neighbourhood, by several rules, and does today's spending follow any of them?

python examples/next_budget.py [STUDY] [SPENDING] [DATA ROOT] [BUDGET]

SPENDING is a table with the columns id and spending (money a neighbourhood); without it the same is spent on everybody.
"""

import sys

import commonground
import pandas
from commonground import budget

study = sys.argv[1] if len(sys.argv) > 1 else "data/millbrook"
data = sys.argv[3] if len(sys.argv) > 3 else None
total = float(sys.argv[4]) if len(sys.argv) > 4 else 1_000_000
found = commonground.assess(study, data=data)
places, homes = found.neighbourhoods, found.homes
people, isolated = places["residents"], places["service_isolation"].fillna(0)

# Need is the share without two or more of the essentials. Suppose that to meet it everywhere would cost twice the budget.
without = people * isolated
claims = 2 * total * without / without.sum()
# Published rules take what they need from the columns; who is without a place within half a mile is counted from the homes.
columns = places.select_dtypes("number").copy()
on_streets = homes[homes["street_distance_m"].notna()]
for category in ["green_space", "library", "grocery", "clinic", "pharmacy"]:
    if f"{category}_minutes" in homes:
        far = on_streets["residents"].where(~(on_streets[f"{category}_minutes"] <= 10.06), 0)
        share = far.groupby(on_streets["neighbourhood"]).sum() / on_streets.groupby("neighbourhood")["residents"].sum()
        columns[f"without {category} within 10.06 minutes"] = share.reindex(places.index)

owed = budget.owed_by_rules(
    isolated, people, claims=claims, budget=total, rules=[*budget.RULES, *budget.PUBLISHED], columns=columns
)
rules = [rule for rule in (*budget.RULES, *budget.PUBLISHED) if rule in owed]
print(f"{total:,.0f} by {len(rules)} rules: {', '.join(rules)}")
print(f"They agree on the order of neighbourhoods by {owed.attrs['agreement']:.2f} (1 is the same order).\n")
for rule, reason in owed.attrs["not_assessed"].items():
    print(f"  not assessed: {rule}: {reason}")

table = places[["name", "residents", "service_isolation"]].join(owed[[f"{rule}_per_head" for rule in rules]])
table = table.join(owed[["rank_best", "rank_worst"]]).dropna(subset=["rank_best"]).sort_values(["rank_best", "rank_worst"])
print(f"\n{table.head(8).to_string(index=False, float_format='%.1f')}\n")

# Where the money goes today: of which rule is it nearest, and does it follow need?
if len(sys.argv) > 2 and sys.argv[2]:
    spent = budget.by_name(places.index, pandas.read_csv(sys.argv[2], dtype={"id": str}).set_index("id")["spending"])
else:
    print("No spending given: the same a head everywhere.")
    spent = total * people / people.sum()
lived = people > 0
for what, money in [("today", spent), *((rule, owed[rule]) for rule in rules)]:
    index = commonground.cohesion.concentration_index((money / people)[lived], need=isolated[lived], people=people[lived])
    elsewhere = (spent / spent.sum() - money / money.sum()).clip(lower=0).sum()
    print(f"  {what}: concentration by need {index:+.3f}; {elsewhere:.0%} of today's money would go elsewhere")
