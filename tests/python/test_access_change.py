"""Who gained access and who lost it."""

import commonground
import numpy
import pandas
import pytest
from commonground.access_change import access_change


@pytest.fixture
def minutes():
    """A clinic opens by a and closes by c; b is beyond the river, d hardly changes; e is reached at last."""
    before = pandas.Series({"a": 20.0, "b": numpy.nan, "c": 5.0, "d": 8.0, "e": numpy.nan})
    after = pandas.Series({"e": 50.0, "d": 8.4, "c": numpy.nan, "b": numpy.nan, "a": 5.0})
    people = pandas.Series({"a": 100.0, "b": 40.0, "c": 30.0, "d": 60.0, "e": 10.0})
    return before, after, people


def test_places_and_people_that_gain_or_lose(minutes):
    before, after, people = minutes
    groups = pandas.DataFrame({"newcomers": [0.0, 30.0, 20.0, 10.0, 0.0]}, index=list("abcde"))
    classes = pandas.Series({"a": "early", "b": None, "c": "early", "d": "stable", "e": "stable"})
    found = access_change(
        before, after, people=people, better="less", groups=groups, classes=classes, tolerance=1
    )
    assert found.places["outcome"].to_dict() == {"a": "gained", "b": "same", "c": "lost", "d": "same", "e": "gained"}
    assert found.places["change"]["a"] == -15 and found.places["change"].isna().sum() == 3
    summary = found.summary
    assert list(summary.index) == ["everybody", "newcomers", "early", "stable"]
    assert summary.loc["everybody", ["people", "gained", "lost"]].tolist() == [240, 110, 30]
    assert summary.loc["newcomers", ["people", "gained", "lost"]].tolist() == [60, 0, 20]
    assert summary.loc["early", "balance"] == pytest.approx(70 / 130)
    assert summary.loc["everybody", "mean_change"] == pytest.approx((-15 * 100 + 0.4 * 60) / 160)


def test_an_unknown_amount_is_not_nothing(minutes):
    before, after, people = minutes
    found = access_change(before, after, people=people, better="more")
    assert found.summary.loc["everybody", "unknown"] == 80
    assert found.places["outcome"].isna().to_dict() == {"a": False, "b": True, "c": True, "d": False, "e": True}


def test_wrong_input_is_refused(minutes):
    before, after, people = minutes
    with pytest.raises(ValueError, match="same places"):
        access_change(before, after.drop("a"), people=people, better="less")
    with pytest.raises(ValueError, match="better"):
        access_change(before, after, people=people, better="fewer")
    for wrong in ({"people": -people}, {"people": people.drop("a")}, {"tolerance": -1}):
        with pytest.raises(commonground.CommongroundError):
            access_change(before, after, **{"people": people, "better": "less", **wrong})
