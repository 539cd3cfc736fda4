"""Sites from Python: verdicts by ruler and on foot, beside the city."""

import geopandas
import pytest
import shapely

import commonground
from commonground import site


def test_a_site_beyond_the_motorway_passes_on_paper_and_fails_on_foot(shipped):
    places = geopandas.GeoDataFrame(
        {"title": ["Millrace", "Market"], "state": ["planned", "built"]},
        geometry=[shapely.Point(3.0085, 55.0022), shapely.Point(2.9951, 55.0036)],
        crs=4326,
        index=["a", "b"],
    )
    found = site.check(shipped / "millbrook", places, name="title", group="state")
    assert "five_essentials_on_foot" in found.sites and list(found.sites.index) == ["a", "b"]
    assert (found.on_paper_only.loc["a", "by_ruler"] == "pass").all() and len(found.on_paper_only.loc["a"])
    clinic = found.reach.loc[(slice(None), "clinic_minutes", "adult"), :]
    a, b = (clinic.xs(one, level="id").iloc[0] for one in "ab")
    assert a["here"] > b["here"] and (a["rank"], b["rank"]) == (2, 1) and a["better_than"] < b["better_than"]
    assert a["city_median"] == b["city_median"] > 0
    assert "on paper only" in found.summary and "unknown" in set(found.standards["on_foot"])


def test_after_they_move_in_each_has_less(shipped):
    found = site.check(shipped / "millbrook", (2.9951, 55.0036), dwellings=100, household_size=2, standards=["five_essentials"])
    assert set(found.standards.index.get_level_values("standard")) == {"five_essentials"}
    crowding = found.after.crowding
    assert (crowding["people_after"] - crowding["people_before"]).max() == pytest.approx(200)
    assert (crowding["share_after"] <= crowding["share_before"]).all()


def test_wrong_sites_and_standards_say_so(shipped):
    with pytest.raises(commonground.CommongroundError, match="lihtc_texas_2017"):
        site.check(shipped / "millbrook", (2.9951, 55.0036), standards=["lihtc"])
    with pytest.raises(commonground.CommongroundError, match="none of the neighbourhoods"):
        site.check(shipped / "millbrook", (3.9, 55.0036))
    assert "five_essentials" in site.standards()
