"""Who cannot walk there? The same homes and streets for an adult and for the people that the study compares with.

python examples/who_cannot_walk_there.py [STUDY] [DATA ROOT]
"""

import sys

import commonground

study = sys.argv[1] if len(sys.argv) > 1 else "data/millbrook"
data = sys.argv[2] if len(sys.argv) > 2 else None

result = commonground.assess(study, data=data)
places = result.neighbourhoods.set_index("name")

LOSING = "share_losing_any_"
people = [column.removeprefix(LOSING) for column in places if column.startswith(LOSING)]
if not people:
    print('the study compares nobody: add `compare = ["older_adult", "wheelchair"]` under [travel]')

city = result.city
for index in city.index[city.index.str.contains(" essential")]:
    print(f"{100 * city[index]:5.1f} %  {index}")

for person in people:
    print(f"\n{person.replace('_', ' ')}: share who lose an essential within 15 minutes, and minutes longer for half of them")
    longer = [column for column in places if column.endswith(f"_extra_minutes_{person}")]
    table = places[[LOSING + person, *longer]].sort_values(LOSING + person, ascending=False)
    table.columns = ["lose", *(column.removesuffix(f"_extra_minutes_{person}").replace("_", " ") for column in longer)]
    print(table.head(5).round(2).to_string())
