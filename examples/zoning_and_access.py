"""What do the people who live in each zoning district reach?

python examples/zoning_and_access.py [STUDY FOLDER WITH zoning.geojson]
"""

import sys
from pathlib import Path

import commonground
import geopandas

study = Path(sys.argv[1] if len(sys.argv) > 1 else "data/millbrook")
homes = commonground.assess(study).homes
zoning = geopandas.read_file(study / "zoning.geojson").to_crs(homes.crs)

# Which district does every home stand in?
lived_in = homes.sjoin(zoning[["code", "geometry"]], predicate="within")
people = lived_in["residents"]
reached = lived_in["share_of_categories_within_15_min"]
table = geopandas.pd.DataFrame(
    {
        "residents": people.groupby(lived_in["code"]).sum(),
        "share of categories within 15 min": (people * reached).groupby(lived_in["code"]).sum()
        / people.where(reached.notna()).groupby(lived_in["code"]).sum(),
    }
)
print(table.round(2).to_string())

lived_in.drop(columns="index_right").to_file("zoning_and_access.gpkg", driver="GPKG")
print("\nhomes with the code of their district in zoning_and_access.gpkg")
