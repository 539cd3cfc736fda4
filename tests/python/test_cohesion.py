"""The cohesion index from Python, beside scipy, numpy and pandas."""

import json
import math

import commonground
import geopandas
import numpy
import pandas
import pytest
from commonground import cohesion
from scipy import stats


@pytest.fixture(scope="module")
def places():
    """Sixty places with four indicators: one skewed by outliers, one with gaps, all in two regions."""
    random = numpy.random.default_rng(4)
    frame = pandas.DataFrame(
        {
            "minutes": random.gamma(2, 8, 60),
            "rent": numpy.r_[random.normal(900, 120, 57), 5200, 6100, 9000],
            "trees": random.uniform(0, 1, 60),
            "crime": random.poisson(12, 60).astype(float),
            "people": random.integers(500, 4000, 60),
            "region": ["north"] * 25 + ["south"] * 35,
        },
        index=[f"p{i:02}" for i in range(60)],
    )
    frame.loc[["p03", "p30", "p31"], "trees"] = numpy.nan
    return frame


def definition(columns, **more):
    indicators = [{"column": column, "direction": "up"} for column in columns]
    return {"name": "test", "indicators": indicators, "uncertainty": {"draws": 50, "samples": 16}, **more}


def test_scores_keep_the_index_and_add_up(places):
    found = cohesion.index(places, definition(["minutes", "trees", "crime"]))
    assert found.scores.index.equals(places.index)
    scores = found.scores["score"]
    # Without the third of the weight, the place has less than the 67 % that a score needs.
    assert scores[["p03", "p30", "p31"]].isna().all() and scores.notna().sum() == 57
    sums = found.contributions.sum(axis=1)[scores.notna()]
    assert numpy.allclose(sums, scores.dropna() - found.reference_score, atol=1e-10)
    assert (found.scores["coverage"][["p03"]] == 2 / 3).all()


@pytest.mark.parametrize(
    ("method", "independent"),
    [
        ("z", lambda x: stats.zscore(x, ddof=1)),
        ("rank", lambda x: stats.rankdata(x, method="min")),
        ("borda", lambda x: stats.rankdata(x, method="min") - 1),
        ("percentile", lambda x: (stats.rankdata(x, method="min") - 1) / (len(x) - 1)),
        ("min_max", lambda x: 100 * (x - x.min()) / (x.max() - x.min())),
    ],
)
def test_normalisation_is_that_of_scipy(places, method, independent):
    up = cohesion.index(places, definition(["crime"], normalise={"method": method})).normalised["crime"]
    assert numpy.allclose(up, independent(places["crime"].to_numpy()), atol=1e-12)
    down = {"name": "x", "normalise": {"method": method}, "indicators": [{"column": "crime", "direction": "down"}]}
    crime = places["crime"].to_numpy()
    expected = 1 - independent(crime) if method == "percentile" else independent(-crime)
    assert numpy.allclose(cohesion.index(places, down).normalised["crime"], expected, atol=1e-12)


def test_gaps_are_filled_by_group_as_pandas_does(places):
    own = definition(["trees"], impute={"method": "group_mean", "group": "region"}, normalise={"method": "raw"})
    filled = cohesion.index(places, own).normalised["trees"]
    expected = places["trees"].fillna(places.groupby("region")["trees"].transform("mean"))
    assert numpy.allclose(filled, expected, atol=1e-12)


def treated(x):
    """Winsorise up to five points by sample skewness and kurtosis, else the logarithm: written anew with scipy."""
    fails = lambda v: abs(stats.skew(v, bias=False)) >= 2 and stats.kurtosis(v, bias=False) >= 3.5
    if not fails(x):
        return x
    tamed, points = x.copy(), 0
    while fails(tamed) and points < 5:
        high = stats.skew(tamed, bias=False) >= 0
        end = tamed.max() if high else tamed.min()
        at_end = tamed == end
        rest = tamed[~at_end]
        tamed[at_end] = rest.max() if high else rest.min()
        points = at_end.sum()
    return tamed if not fails(tamed) else numpy.log(x - x.min() + 0.01 * (x.max() - x.min()))


@pytest.mark.parametrize("heavy", [0, 3, 12])
def test_outliers_are_treated_as_written_anew(heavy):
    random = numpy.random.default_rng(heavy)
    x = numpy.r_[random.normal(100, 10, 80), random.pareto(0.6, heavy) * 400 + 300]
    frame = pandas.DataFrame({"x": x})
    found = cohesion.index(frame, definition(["x"], treat={"method": "winsorise_or_log"}, normalise={"method": "raw"}))
    assert numpy.allclose(found.normalised["x"], treated(x), atol=1e-9)
    assert found.treatments.loc["x", "method"] == {0: "none", 3: "winsorised", 12: "log"}[heavy]


def test_data_driven_weights_are_those_of_numpy(places):
    columns = ["minutes", "rent", "crime"]
    scaled = (places[columns] - places[columns].min()) / (places[columns].max() - places[columns].min())
    values, vectors = numpy.linalg.eigh(scaled.corr().to_numpy())
    own = {"weights": {"indicators": "principal_components"}}
    found = cohesion.index(places, definition(columns, **own)).weights
    assert numpy.allclose(found, vectors[:, -1] ** 2, atol=1e-10)
    told = 1 - numpy.array([stats.entropy(scaled[column]) for column in columns]) / math.log(60)
    own = {"weights": {"indicators": "entropy"}}
    assert numpy.allclose(cohesion.index(places, definition(columns, **own)).weights, told / told.sum(), atol=1e-10)


def test_an_audit_is_that_of_pandas(places):
    columns = ["minutes", "rent", "trees", "crime"]
    frame = places.assign(rent_again=places["rent"] * 2 + 5)
    audit = cohesion.index(frame, definition([*columns, "rent_again"])).audit()
    expected = frame[[*columns, "rent_again"]].corr(method="spearman")
    assert numpy.allclose(audit.correlations, expected, atol=1e-12)
    assert audit.double_counted.to_numpy().tolist() == [["rent", "rent_again", 1.0]]
    assert math.isclose(audit.importance["effective_weight"].sum(), 1)


def test_the_cdc_index_written_in_pandas_agrees(places):
    themes = {"first": {"minutes": "up", "trees": "down"}, "second": {"crime": "up", "rent": "up"}}
    own = {
        "name": "vulnerability",
        "better": "low",
        "missing": {"threshold": 1},
        "normalise": {"method": "percentile", "round": 4},
        "aggregate": {"indicators": "sum", "pillars": "sum"},
        "pillars": [{"name": name} for name in themes],
        "indicators": [
            {"column": column, "direction": direction, "pillar": theme}
            for theme, columns in themes.items()
            for column, direction in columns.items()
        ],
    }
    found = cohesion.index(places, own)

    def rank(column):
        return (column.rank(method="min") - 1) / (column.count() - 1)

    sums = {
        theme: sum((rank(places[c]) if d == "up" else 1 - rank(places[c])).round(4) for c, d in columns.items())
        for theme, columns in themes.items()
    }
    overall = rank(sums["first"] + sums["second"])
    assert numpy.allclose(found.scores["first"], sums["first"], atol=1e-12, equal_nan=True)
    assert numpy.allclose(found.scores["percentile"], overall, atol=1e-12, equal_nan=True)


def test_ranges_come_before_ranks_and_are_repeatable(places):
    own = definition(["minutes", "trees", "crime"], missing={"threshold": 0.5})
    found = cohesion.index(places, own)
    ranks = found.ranks
    assert list(ranks.columns)[:2] == ["rank_low", "rank_high"] and list(ranks.columns)[-1] == "rank"
    assert (ranks["rank_low"] <= ranks["rank_high"]).all()
    inside = (ranks["rank_low"] <= ranks["rank"]) & (ranks["rank"] <= ranks["rank_high"])
    assert inside.mean() >= 0.9
    pandas.testing.assert_frame_equal(ranks, cohesion.index(places, own).ranks)
    assert set(found.uncertainty().factors) == {
        "weights", "normalisation", "aggregation", "missing values", "reference set",
    }
    assert list(found.sensitivity().columns) == ["first", "first_error", "total", "total_error"]
    assert {"normalisation", "aggregation", "without"} <= set(found.choices()["choice"].dropna())


def test_a_margin_of_error_widens_the_range(places):
    frame = places.assign(moe=8.0)
    still = {"weights": "none", "normalisations": [], "powers": [], "imputations": [], "reference": False}
    own = definition(["crime"], uncertainty={"draws": 400, **still})
    assert (cohesion.index(frame, own).ranks.eval("rank_high - rank_low") == 0).all()
    own["indicators"][0]["moe"] = "moe"
    found = cohesion.index(frame, own)
    # The width of a place in the middle, drawn again by numpy: the others are drawn too.
    random = numpy.random.default_rng(0)
    drawn = frame["crime"].to_numpy() + random.normal(0, 8 / 1.645, (4000, 60))
    ranks = 61 - stats.rankdata(drawn, axis=1)
    low, high = numpy.quantile(ranks, [0.05, 0.95], axis=0)
    assert numpy.abs(found.ranks["rank_low"] - low).mean() < 1.5
    assert numpy.abs(found.ranks["rank_high"] - high).mean() < 1.5


def test_definitions_come_as_mapping_text_and_file(places, tmp_path):
    first = cohesion.index(places, definition(["minutes", "crime"]))
    text = first.definition
    path = tmp_path / "index.toml"
    path.write_text(text)
    for other in (text, path, str(path)):
        pandas.testing.assert_frame_equal(first.scores, cohesion.index(places, other).scores)
    page = json.loads(first.to_json())
    assert page["definition"] == text and len(page["places"]) == 60
    assert page["indicators"][0]["normalised"] == first.normalised["minutes"].tolist()


def test_objections_and_race_stay_with_the_result(places):
    own = definition(["minutes", "crime"])
    own["indicators"][1]["race"] = True
    objections = pandas.DataFrame({"place": ["p07"], "statement": ["the bus runs again"], "status": ["upheld"]})
    found = cohesion.index(places, own, objections=objections)
    assert found.indicators == ["minutes"]
    assert found.profile.loc["p07", "objections"] == "the bus runs again (upheld)"
    race = found.race()
    assert numpy.allclose(race["difference"], race["with"] - race["without"])
    assert (race["without"] == found.scores["score"]).all()


def test_a_base_year_makes_years_comparable(places):
    later = places.assign(crime=places["crime"] / 2)
    own = {"name": "x", "indicators": [{"column": "crime", "direction": "down"}]}
    before = cohesion.index(places, own).scores["score"]
    after = cohesion.index(later, own, reference=places).scores["score"]
    assert (after >= before).all() and after.max() > 100


def test_errors_name_what_is_wrong(places):
    with pytest.raises(commonground.CommongroundError, match="did you mean `crime`"):
        cohesion.index(places, definition(["crimes"]))
    with pytest.raises(commonground.CommongroundError, match="has no direction"):
        cohesion.index(places, {"name": "x", "indicators": [{"column": "crime"}]})
    with pytest.raises(commonground.CommongroundError, match="did you mean `indicators`"):
        cohesion.index(places, {"name": "x", "indicator": []})
    with pytest.raises(commonground.CommongroundError, match="not numbers"):
        cohesion.index(places, definition(["region"]))
    with pytest.raises(commonground.CommongroundError, match="same value"):
        cohesion.index(places.assign(crime=1), definition(["crime"]))


def test_budgets_are_weighed_as_numpy_does(places):
    need, people = places["crime"], places["people"]
    spending = pandas.Series(numpy.random.default_rng(1).uniform(10, 90, 60), index=places.index)
    found = cohesion.concentration_index(spending, need=need, people=people)
    # Each person as a row: mid-ranks by need, then the covariance.
    rows = numpy.repeat(numpy.arange(60), people)
    rank = (stats.rankdata(need.to_numpy()[rows]) - 0.5) / len(rows)
    money = spending.to_numpy()[rows]
    assert math.isclose(found, 2 * numpy.cov(money, rank, bias=True)[0, 1] / money.mean(), rel_tol=1e-9)
    owed = cohesion.budget_owed(spending, need=need, people=people)
    assert owed.index.equals(places.index) and abs(owed.sum()) < 1e-6


def test_presets_run_on_what_a_study_has(millbrook):
    assert cohesion.presets() == ["five_essentials", "displacement_watch", "bridging"]
    neighbourhoods = millbrook.neighbourhoods
    assert isinstance(neighbourhoods, geopandas.GeoDataFrame)
    found = cohesion.index(neighbourhoods, cohesion.preset("five_essentials"))
    scores = found.scores["score"]
    assert numpy.allclose(scores, neighbourhoods["cohesion_conditions"], equal_nan=True)
    assert scores.dropna().between(1, 100).all()
    few = neighbourhoods["residents"] < 100
    assert scores[few].isna().all()
