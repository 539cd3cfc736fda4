"""Who reaches what, ward by ward and group by group: two tables and a map.

python examples/access_by_ward.py [STUDY] [DATA ROOT] [WARDS FILE] [NAME COLUMN]

Without a file of wards the study's own neighbourhoods stand in. For Washington, DC, with the wards of 2012:

python examples/access_by_ward.py examples/studies/washington-dc.toml $COMMONGROUND_DATA \
    $COMMONGROUND_DATA/washington-dc/zones/ward-2012.geojson NAME
"""

import sys

import commonground
import geopandas
import pandas
from commonground import access

study, data, file, column = (sys.argv[1:] + [None] * 4)[:4]
result = commonground.assess(study or "data/millbrook", data=data)
wards = geopandas.read_file(file) if file else result.neighbourhoods.reset_index()
name = column or "name"

# Each home in its ward; a home on a border belongs to the first.
homes = result.homes[result.homes["street_distance_m"].notna()]
inside = geopandas.sjoin(homes[["geometry"]], wards[[name, "geometry"]].to_crs(homes.crs))
ward = inside.loc[~inside.index.duplicated(), name].reindex(homes.index)
residents = homes["residents"]


def by_ward(column, **standard):
    """Summaries of a column of the homes; a service beyond the search is infinitely far."""
    values = homes[column].fillna(float("inf")) if column.endswith("_minutes") else homes[column]
    return access.by_neighbourhood(values, residents, ward, **standard)


table = by_ward("clinic_minutes", at_most=15)[["people"]].round()
for service in ["clinic", "grocery", "school"]:
    if f"{service}_minutes" in homes:
        table[f"{service} within 15 min, %"] = 100 * by_ward(f"{service}_minutes", at_most=15)["share_enough"]
if "green_hectares_within_300_m" in homes:
    table["half a hectare of green within 300 m, %"] = 100 * by_ward("green_hectares_within_300_m", at_least=0.5)["share_enough"]
for jobs in ["jobs_within_30_min", "jobs_by_bicycle_within_30_min", "jobs_per_worker_within_30_min"]:
    if jobs in homes:
        table[jobs.replace("_", " ")] = by_ward(jobs, at_least=0)["mean"]
share = "jobs_share_without_car_within_30_min"
if share in homes:
    table["of a driver's jobs without a car, %"] = 100 * by_ward(share, at_least=0)["mean"]
print("By ward, weighted by residents:\n")
print(table.round(1).to_string())

groups = result.equity.reset_index()
wanted = groups["measure"].isin(["clinic_minutes", "grocery_minutes", "jobs_within_30_min", share])
shares = groups[wanted].pivot(index="measure", columns="group", values="share_below")
standards = groups.drop_duplicates("measure").set_index("measure")["standard"]
print("\nBy group, percent of whom have less than is enough (minutes: live farther away):\n")
print(pandas.concat([standards.reindex(shares.index), (100 * shares).round(0)], axis=1).to_string())

curves = result.equity_curves
if ("jobs_within_30_min", "lorenz") in curves:
    half = curves["jobs_within_30_min", "lorenz"].loc[0.5]
    print(f"\nThe half of the residents with the fewest jobs in reach on foot have {100 * half:.0f} % of all that are in reach.")

map_of = wards.merge(table, left_on=name, right_index=True).to_crs(homes.crs)
map_of.to_file("access_by_ward.gpkg", driver="GPKG")
print("\nmap in access_by_ward.gpkg")
