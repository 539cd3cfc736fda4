"""Which neighbourhoods gentrify between two censuses, and by which of Freeman's conditions?

python examples/two_censuses.py [STUDY] [DATA ROOT]
"""

import sys

import commonground

study = sys.argv[1] if len(sys.argv) > 1 else "data/millbrook"
data = sys.argv[2] if len(sys.argv) > 2 else None
result = commonground.assess(study, data=data)
places = result.neighbourhoods

conditions = [column for column in places if column.startswith("freeman_")]
if not conditions:
    print(result.not_assessed.to_string())
else:
    table = places[["name", *conditions, "gentrification_freeman"]]
    table.columns = [column.removeprefix("freeman_").replace("_", " ") for column in table.columns]
    print(table.to_string(index=False))
    places.to_file("two_censuses.gpkg", driver="GPKG")
    print("\nmap in two_censuses.gpkg")
