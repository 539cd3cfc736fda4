"""Scenarios from Python: who gains, who loses, and the pages that say so."""

import pytest
import shapely

import commonground
from commonground import Scenario

BRIDGE = "scenarios/footbridge.toml"


@pytest.fixture(scope="module")
def compared(shipped):
    study = shipped / "millbrook"
    closed = Scenario("Closed school").close_service("p01").add_homes((2.985, 55.005), 120, groups={"over_65": 60})
    return commonground.compare(study, [closed, study / BRIDGE], scores=False)


def test_those_who_stay_stand_apart_and_the_parts_add_up(compared):
    people = compared.people
    school = people.loc[("Closed school", "school_minutes", "adult")]
    assert school.loc["everybody", "lost"] > 0 and school.loc["everybody", "gained"] == 0
    assert school.loc["over_65", "newcomers"] == 60 and school.loc["everybody", "newcomers"] == 120
    parts = people[["change_for_stayers", "change_by_newcomers", "change_by_leavers"]].sum(axis=1)
    assert (parts - (people["mean_after"] - people["mean_before"])).abs().max() < 1e-6
    bridge = people.loc["Millrace Footbridge"]
    walks = bridge[bridge["unit"] == "minutes"]
    assert walks["lost"].max() == 0 and {"adult", "older_adult", "wheelchair"} <= set(walks.index.get_level_values("traveller"))
    counted = people[["gained", "lost", "same", "unknown"]].sum(axis=1)
    stayers = people.xs("everybody", level="group")["stayers"]
    assert (counted.xs("everybody", level="group") >= stayers - 1e-6).all()


def test_losers_have_ways_and_everything_a_receipt(compared, tmp_path):
    losers = compared.losers(3)
    assert set(losers.index.get_level_values("scenario")) == {"Closed school"} and len(losers) == 6
    worst = losers.loc["Closed school"].iloc[:2]
    assert worst["minutes"].iloc[1] > worst["minutes"].iloc[0] and worst.geometry.notna().all()
    assert compared.receipts.loc["Closed school", "people"].sum() == 120
    assert list(compared.scenarios.index) == ["Closed school", "Millrace Footbridge"]
    assert "Station Road School" in compared.summary and "What is not modelled" in compared.summary
    compared.save(tmp_path / "out")
    assert (tmp_path / "out" / "Closed school" / "losers.gpkg").exists()
    compared.to_html(tmp_path / "council.html")
    page = (tmp_path / "council.html").read_text()
    assert "<svg" in page and "http" not in page.replace("http://www.w3.org", "")


def test_scores_say_what_is_not_modelled(shipped):
    found = commonground.compare(shipped / "millbrook", shipped / "millbrook" / BRIDGE)
    states = found.scores["state"].value_counts()
    assert {"changed", "same", "not modelled"} <= set(states.index)
    census = found.scores[found.scores["state"] == "not modelled"]
    assert census["after"].isna().all() and census["before"].notna().any()
    assert found.neighbourhoods.filter(like="school_minutes_median").shape[1] == 3


def test_a_wrong_change_names_itself(shipped):
    wrong = Scenario("Wrong").close_service("p001").add_homes((2.985, 55.005), -1)
    with pytest.raises(commonground.CommongroundError, match=r"(?s)2 problems.*row 1.*did you mean `p01`.*row 2"):
        commonground.compare(shipped / "millbrook", wrong)


def test_what_living_costs_those_who_stay(shipped):
    households = "prices = { per_car = 5000, per_km = 0.2 }\n[[households]]\nname = 'two work'\nincome = 60000\nrent = 1200\nworkers = 2"
    closed = Scenario("Closed school").close_service("p01")
    found = commonground.compare(shipped / "millbrook", closed, scores=False, households=households)
    row = found.affordability.loc[("Closed school", "two work")]
    # Who has no school on foot needs a car; nobody needs fewer.
    assert 0 < row["cars_before"] < row["cars_after"] < 2
    assert row["share_before"] == pytest.approx((12 * 1200 + 5000 * row["cars_before"]) / 60000)
    assert row["cheaper"] == 0 and row["dearer"] > 0
    assert "What living here costs" in found.summary
    with pytest.raises(commonground.CommongroundError, match="no type of household"):
        commonground.compare(shipped / "millbrook", Scenario("Nothing"), scores=False, households="prices = { per_car = 1, per_km = 1 }\nhouseholds = []")


def test_an_area_is_rezoned_and_one_with_holes_is_refused():
    ring = [(2.98, 55.0), (2.99, 55.0), (2.99, 55.01)]
    area = shapely.Polygon(ring)
    change = Scenario("Rezoned").rezone("R3", inside=area).changes[0]
    assert change["where"]["ring"] == [list(at) for at in area.exterior.coords]
    with pytest.raises(commonground.CommongroundError, match="holes"):
        Scenario("Rezoned").rezone("R3", inside=area.union(shapely.Point(3, 54).buffer(0.01)))
