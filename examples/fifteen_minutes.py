"""Who reaches the five essentials on foot within fifteen minutes?

python examples/fifteen_minutes.py [STUDY] [DATA ROOT]
"""

import sys

import commonground

study = sys.argv[1] if len(sys.argv) > 1 else "data/millbrook"
data = sys.argv[2] if len(sys.argv) > 2 else None

result = commonground.assess(study, data=data)
places = result.neighbourhoods

lacking = [column for column in places if column.startswith("share_lacking_")]
table = 100 * (1 - places[lacking])
table.columns = [column.removeprefix("share_lacking_").replace("_", " ") for column in lacking]
table.insert(0, "name", places["name"])
print(table.round(0).to_string(index=False))

places.to_file("fifteen_minutes.gpkg", driver="GPKG")
print("\nshare of residents within 15 minutes' walk, in percent; map in fifteen_minutes.gpkg")
