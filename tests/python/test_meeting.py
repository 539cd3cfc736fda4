"""Where could we meet: a gain against a compared study, and the search against every set, through Python's face."""

import itertools
from pathlib import Path

import geopandas
import numpy
import pandas
import pytest

import commonground
from commonground import siting

MILLBROOK = Path(__file__).parents[2] / "data/millbrook"


@pytest.fixture(scope="module")
def found():
    return siting.meeting_places(MILLBROOK, ["school", "clinic"], category="market", choose=2, within=0.3)


def yards():
    services = pandas.read_csv(MILLBROOK / "services.csv")
    return services[services["category"].isin(["school", "clinic"])]


def test_an_answer_is_a_ranking_with_a_bound_and_what_each_changes(found):
    assert len(found.chosen) == 2 and found.proven and found.value == found.bound > 0
    sites = found.sites
    assert sites["chosen"].sum() == 2 and sites["rank"].min() == 1 and sites.crs is not None
    assert set(sites.index[sites["chosen"]]) == set(found.chosen)
    ranked = sites.sort_values("rank")["encounter_gain"]
    assert ranked.is_monotonic_decreasing
    plans = found.plans
    assert plans["value"].is_monotonic_decreasing and plans["value"].iloc[0] == found.value
    groups = found.groups
    assert numpy.allclose(groups["encounter_after"] - groups["encounter_before"], groups["encounter_gain"])
    assert (found.reach["share_of_neighbourhood"] <= 1).all() and "## Who could meet whom" in found.summary
    assert found._repr_markdown_() == found.summary


def test_what_is_today_is_what_an_assessment_says(found):
    result = commonground.assess(MILLBROOK)
    apart = result.neighbour_pairs
    apart = apart[apart["shared_places"] == 0]
    names = {frozenset(pair) for pair in apart.index}
    assert {frozenset(pair) for pair in found.pairs.index} == names


def test_the_best_two_are_the_best_of_every_two():
    homes = pandas.read_csv(MILLBROOK / "homes.csv")
    points = geopandas.GeoSeries.from_xy(homes["easting"], homes["northing"], crs=32631)
    step = len(homes) // 5
    chosen = points.iloc[[step * number for number in range(5)]]
    places = geopandas.GeoDataFrame({"spot": list("abcde")}, geometry=chosen.to_numpy(), crs=32631).set_index("spot")
    single = siting.meeting_places(MILLBROOK, places, category="market", choose=1, within=0.9)
    double = siting.meeting_places(MILLBROOK, places, category="market", choose=2)
    assert single.sites["encounter_gain"].max() == pytest.approx(single.value, abs=1e-12)
    # Every pair, by the gain of the answer when nothing else may be chosen.
    values = {}
    for pair in itertools.combinations(places.index, 2):
        values[pair] = siting.meeting_places(MILLBROOK, places.loc[list(pair)], category="market", choose=2).value
    assert double.value == pytest.approx(max(values.values()), rel=1e-12)
    assert tuple(sorted(double.chosen)) == max(values, key=values.get)


def test_saved_files_are_those_of_the_program(found, tmp_path):
    found.save(tmp_path / "out")
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"sites.gpkg", "sites.csv", "plans.csv", "groups.csv", "pairs.gpkg", "pairs.csv", "reach.csv", "siting.md"} <= written
    sites = geopandas.read_file(tmp_path / "out/sites.gpkg")
    assert len(sites) == len(found.sites) == len(yards())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"category": "clinic"}, "no category of places to meet"),
        ({"category": "market", "choose": 99}, "99 sites"),
        ({"category": "market", "group": "nobody"}, "newcomers"),
        ({"category": "market", "objective": "encountr"}, "did you mean `encounter`"),
        ({"category": "school"}, "stand already"),
        ({"category": "market", "constraints": [{"name": "x", "near": {"category": "school", "metre": 5}}]}, "metre"),
        ({"category": "market", "objective": "median"}, "no objective of places to meet"),
    ],
)
def test_wrong_questions_are_refused(options, message):
    with pytest.raises(commonground.CommongroundError, match=message):
        siting.meeting_places(MILLBROOK, ["school"], **options)
