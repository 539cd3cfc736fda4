"""What is each neighbourhood owed by several rules, and which projects does the budget buy: the fair and the efficient choice?

``python examples/what_the_budget_buys.py [STUDY] [QUESTION] [DATA ROOT]``
"""

import sys
from pathlib import Path

import commonground

study = sys.argv[1] if len(sys.argv) > 1 else "data/millbrook"
question = sys.argv[2] if len(sys.argv) > 2 else Path(__file__).parent / "budget/budget.toml"
data = sys.argv[3] if len(sys.argv) > 3 else None
found = commonground.budget.spend(study, question, data=data)

rules = commonground.budget.RULES
print(f"Rules agree on the order of neighbourhoods by {found.agreement:.2f} (1 is the same order). Owed per person:")
columns = [f"owed_{rule}_per_person" for rule in rules if f"owed_{rule}" in found.owed]
owed = found.owed.dropna(subset=["rank_best"]).sort_values(["rank_best", "rank_worst"])
for place in owed.head(6).to_dict("records"):
    amounts = [place[column] for column in columns]
    print(f"  {place['name']}: {min(amounts):,.0f} to {max(amounts):,.0f}, rank {place['rank_best']} to {place['rank_worst']}")

print("\nProjects, by cost per person-minute:")
for name, project in found.projects.sort_values("cost_per_benefit").iterrows():
    chosen = " and ".join(choice for choice in ("efficient", "fair", "together") if project[choice]) or "not chosen"
    print(f"  {name}: {project.cost:,.0f} for {project.benefit:,.0f} person-minutes, {project.benefit_by_need:,.0f} by need ({chosen})")

print("\nSide by side:")
for name, choice in found.choices.dropna(subset=["cost"]).iterrows():
    print(
        f"  {name}: {choice.cost:,.0f} for {choice.benefit:,.0f} person-minutes ({choice.benefit_together:,.0f} made together); "
        f"concentration by need {choice.concentration_by_need:+.2f}, Gini {choice.gini:.2f}"
    )
