"""Which neighbourhood does the next budget owe most?

python examples/next_budget.py [STUDY] [SPENDING] [DATA ROOT]

SPENDING is a table with the columns id and spending (money a neighbourhood); without it the same is spent on everybody.
"""

import sys

import commonground
import pandas

study = sys.argv[1] if len(sys.argv) > 1 else "data/millbrook"
data = sys.argv[3] if len(sys.argv) > 3 else None
places = commonground.assess(study, data=data).neighbourhoods
if "cohesion_conditions" not in places:
    sys.exit("cohesion conditions are not assessed in this study")
places = places[places["cohesion_conditions"].notna() & (places["residents"] > 0)]

if len(sys.argv) > 2 and sys.argv[2]:
    spending = pandas.read_csv(sys.argv[2], dtype={"id": str}).set_index("id")["spending"]
    a_head = spending.reindex(places.index).fillna(0) / places["residents"]
else:
    print("No spending given: 100 a head everywhere.\n")
    a_head = pandas.Series(100.0, index=places.index)

# Need is what is missing to the full 100 of the index.
need, people = 100 - places["cohesion_conditions"], places["residents"]
before = commonground.cohesion.concentration_index(a_head, need=need, people=people)
print(f"Concentration of spending, ordered by need: {before:+.3f} (above 0: more where more is needed)\n")

owed = commonground.cohesion.budget_owed(a_head, need=need, people=people)
table = places[["name", "residents", "cohesion_rank_low", "cohesion_rank_high", "cohesion_weakest"]].assign(
    owed_a_head=owed / people, owed=owed
)
print(table.sort_values("owed_a_head", ascending=False).head(8).to_string(index=False, float_format="%.1f"))

after = commonground.cohesion.concentration_index(a_head + owed / people, need=need, people=people)
print(f"\nWere the owed money moved, the concentration would be {after:+.3f}.")
