"""Who is being priced out? Every published definition that two censuses support: a page to be read aloud.

python examples/who_is_priced_out.py [STUDY FOLDER WITH census_2010.csv AND census_2020.csv]
"""

import sys
from pathlib import Path

import geopandas
import pandas
from commonground import CommongroundError, gentrification

YEARS = [2010, 2020]
# As in study.toml: what cost 100 in 2010 costs 130 in 2020.
PRICES = {2010: 100, 2020: 130}
AT_RISK = ["susceptible", "early", "dynamic", "late"]

study = Path(sys.argv[1] if len(sys.argv) > 1 else "data/millbrook")
panel = pandas.concat([pandas.read_csv(study / f"census_{year}.csv", index_col="id").assign(year=year) for year in YEARS])
places = geopandas.read_file(study / "neighbourhoods.geojson").set_index("id")[["name", "geometry"]]
touching = places[["geometry"]].sjoin(places[["geometry"]], predicate="touches")
options = {"prices": PRICES, "neighbours": touching.groupby(level=0)["id_right"].agg(list).to_dict()}

supported, unsupported = [], {}
for method in gentrification.METHODS:
    try:
        gentrification.classify(panel, method=method, **options)
        supported.append(method)
    except CommongroundError as error:
        unsupported[method] = str(error).splitlines()[0]
# The risk is a score beside the definitions: it flags nothing, so it has no vote.
definitions = [method for method in supported if method != "risk"]
found = gentrification.classify(panel, method=definitions, **options)
risk = gentrification.classify(panel, method="risk", **options)

places = places.join(found.classes)
flagged_by = found.agreement["flagged_by"]
places["flagged_by"] = flagged_by.map(", ".join)
places["judged_by"] = found.agreement["applicable"].map(len)
places["agreement"] = found.agreement["share"]
places["risk"] = risk.scores()["risk"]
places["stage"] = risk.classes["risk"]

flagged = places["flagged_by"] != ""
shown = places[flagged | places["stage"].isin(AT_RISK)].sort_values(["agreement", "judged_by", "risk"], ascending=False)
print(f"Who is being priced out, {YEARS[0]} to {YEARS[1]}: {flagged.sum()} of {len(places)} neighbourhoods are flagged.")
print("Agreement: the share that flags it of the definitions that apply to it. Risk: from 0 to 1, and its stage.")
print("Those not listed are neither flagged nor at risk by what is known; what is unknown stands at the end.\n")
table = shown[["name", "flagged_by", "judged_by", "agreement", "risk", "stage"]]
table.columns = [column.replace("_", " ") for column in table.columns]
print(table.fillna({"stage": "unknown"}).round(2).to_string(index=False))


if flagged.any():
    first = shown.index[0]
    method = flagged_by[first][0]
    why = found.explain(first, method=method)
    title = found.definitions.loc[method, "title"]
    print(f"\nWhy {places.loc[first, 'name']}? By {title} it is {why.attrs['class']}, the narrowest margin first:")
    for words in why.dropna(subset=["value", "threshold"])["in_words"]:
        print(f"- {words}")

print("\nWhat this page cannot say:")
for reason in unsupported.values():
    print(f"- {reason}.")
for method, without in (~found.applies).sum().items():
    title = found.definitions.loc[method, "title"]
    print(f"- {title} does not apply to {without} of {len(places)} neighbourhoods.")
undecided = found.classes.join(risk.classes).isna()
for place in undecided.index[undecided.any(axis="columns")]:
    names = ", ".join(undecided.columns[undecided.loc[place]])
    print(f"- {places.loc[place, 'name']}: a value that decides is missing for {names}.")

places.to_file("who_is_priced_out.gpkg", driver="GPKG")
print("\nmap in who_is_priced_out.gpkg")
