"""Two published pipelines as TOML, each beside the same steps written anew with pandas and scipy, on made tables."""

import tomllib
from pathlib import Path

import numpy
import pandas
import pytest
from commonground import cohesion
from scipy import stats

FOLDER = Path(__file__).parent / "indices"


# Connectivity: fifty-one countries, two continents.


@pytest.fixture(scope="module")
def countries():
    random = numpy.random.default_rng(51)
    n = 51
    population = random.lognormal(3, 1.2, n)
    frame = pandas.DataFrame(
        {
            "country": [f"c{i:02}" for i in range(n)],
            "continent": ["europe"] * 30 + ["asia"] * 21,
            "population": population,
            "gdp": population * random.lognormal(2.5, 0.8, n),
            "area": random.lognormal(5, 1, n),
            "flights": population * random.lognormal(0, 1.6, n),
            "ships": numpy.r_[random.normal(40, 9, n - 3), 160, 210, 300],
            "border": random.uniform(1, 9, n),
            "goods": random.lognormal(6, 0.5, n),
            "services": random.lognormal(5, 0.4, n),
            "investment": numpy.r_[random.normal(20, 4, n - 1), 300],
            "students": population * random.uniform(1, 3, n),
            "visas": random.integers(2, 160, n).astype(float),
            "research": random.normal(300, 60, n),
            "carbon": population * random.gamma(3, 2, n),
            "forest": random.permutation(20.0 ** numpy.arange(n)),
            "renewables": random.uniform(0, 80, n),
            "poverty": random.exponential(8, n),
            "palma": random.normal(1.4, 0.3, n),
            "literacy": 100 - random.exponential(4, n),
        }
    )
    for row, column in [(3, "visas"), (3, "ships"), (8, "flights"), (33, "palma"), (34, "palma"), (50, "literacy"), (12, "gdp")]:
        frame.loc[row, column] = numpy.nan
    # Of no group, so that its gaps stay: too little is left, though what it has is counted for no group.
    frame.loc[20, "continent"] = None
    frame.loc[20, ["ships", "border", "visas"]] = numpy.nan
    return frame


def is_wild(x):
    return abs(stats.skew(x, bias=False)) >= 2 and stats.kurtosis(x, bias=False) >= 3.5


def drawn_in(column):
    """Up to five points to the next value; if that is not enough, the logarithm of the untreated values."""
    x = column.dropna().to_numpy()
    tamed, points = x.copy(), 0
    while is_wild(tamed) and points < 5:
        end = min if stats.skew(tamed, bias=False) < 0 else max
        at_end = tamed == end(tamed)
        tamed[at_end] = end(tamed[~at_end])
        points = at_end.sum()
    if is_wild(tamed):
        tamed = numpy.log(x - x.min() + 0.01 * (x.max() - x.min()))
    return column.copy().where(column.isna(), pandas.Series(tamed, column.dropna().index).reindex(column.index))


def prepared(frame, definition):
    """Divided, filled, screened, treated, still in the direction of the table; and what happened to each."""
    table = pandas.DataFrame(
        {
            one["column"]: frame[one["column"]] / (frame[one["denominator"]] if "denominator" in one else 1) * one.get("per", 1)
            for one in definition["indicators"]
        }
    )
    for _, members in frame.groupby("continent").groups.items():
        table.loc[members] = table.loc[members].fillna(table.loc[members].mean())
    table = table[table.notna().mean(axis=1) >= 0.9]
    treated = {
        one["column"]: table[one["column"]] if one.get("treat") == "none" else drawn_in(table[one["column"]])
        for one in definition["indicators"]
    }
    return pandas.DataFrame(treated)


NORMALISED = {
    "min_max": lambda x: 100 * (x - x.min()) / (x.max() - x.min()),
    "z": lambda x: stats.zscore(x, ddof=1),
    "rank": lambda x: stats.rankdata(x, method="min"),
    "borda": lambda x: stats.rankdata(x, method="min") - 1,
    "percentile": lambda x: (stats.rankdata(x, method="min") - 1) / (len(x) - 1),
}

MEANS = {
    "arithmetic": lambda x, w: numpy.average(x, axis=1, weights=w),
    "geometric": lambda x, w: stats.gmean(x, axis=1, weights=w),
    "harmonic": lambda x, w: stats.hmean(x, axis=1, weights=w),
    "generalised": lambda x, w: stats.pmean(x, 0.5, axis=1, weights=w),
    "sum": lambda x, w: x @ numpy.asarray(w),
}


def copeland(x, w):
    """Row sums of the outranking matrix."""
    w = numpy.asarray(w) / numpy.sum(w)
    wins = (x[:, None, :] > x[None, :, :]) + 0.5 * (x[:, None, :] == x[None, :, :])
    matrix = wins @ w
    numpy.fill_diagonal(matrix, 0)
    return matrix.sum(axis=1)


def majority(x, w):
    """Comparisons won less those lost."""
    w = numpy.asarray(w) / numpy.sum(w)
    ahead = (x[:, None, :] > x[None, :, :]) @ w
    return numpy.sign(numpy.round(ahead - ahead.T, 12)).sum(axis=1)


COMPARISONS = {"copeland": copeland, "copeland_majority": majority}


def assembled(scaled, definition, inside, across, floor):
    """Indicators to pillars to sub-indices to the index."""
    columns = {name: values for name, values in scaled.items()}
    needed = lambda method: MEANS.get(method) or COMPARISONS[method]

    def part(name):
        members = [(one["column"], one.get("weight", 1)) for one in definition["indicators"] if one.get("pillar") == name]
        below = [(one["name"], one.get("weight", 1)) for one in definition["pillars"] if one.get("parent", "index") == name]
        for child, _ in below:
            part(child)
        names, weights = zip(*(members or below))
        method = across if below else inside
        x = numpy.column_stack([columns[child] for child in names])
        if method in ("geometric", "harmonic", "generalised"):
            x = numpy.maximum(x, floor)
        columns[name] = needed(method)(x, weights)

    part("index")
    return columns


def test_the_connectivity_index_is_made_as_published(countries):
    definition = tomllib.loads((FOLDER / "connectivity.toml").read_text())
    found = cohesion.index(countries.set_index("country"), FOLDER / "connectivity.toml")
    treated = prepared(countries, definition)
    methods = found.treatments["method"]
    assert {"none", "winsorised", "log"} == set(methods), "the table has all three kinds"
    assert methods["investment"] == "none" and is_wild(treated["investment"])
    down = {one["column"] for one in definition["indicators"] if one["direction"] == "down"}
    scaled = {name: NORMALISED["min_max"](-treated[name] if name in down else treated[name]) for name in treated}
    expected = assembled(scaled, definition, "arithmetic", "arithmetic", 1)
    scores = found.scores.set_index(countries.index)
    assert scores["score"].isna().to_numpy().nonzero()[0].tolist() == [20]
    kept = treated.index
    for name in ("connectivity", "sustainability", "physical", "economic", "people to people", "environment", "social"):
        assert numpy.allclose(scores.loc[kept, name], expected[name], atol=1e-9), name
    assert numpy.allclose(scores.loc[kept, "score"], expected["index"], atol=1e-9)
    percentiles = (stats.rankdata(expected["index"], method="min") - 1) / (len(kept) - 1)
    assert numpy.allclose(scores.loc[kept, "percentile"], percentiles)


@pytest.mark.parametrize("scale", NORMALISED)
@pytest.mark.parametrize("across", [*MEANS, *COMPARISONS])
def test_every_scale_and_way_to_put_together_is_reached_from_the_definition(countries, scale, across):
    definition = tomllib.loads((FOLDER / "connectivity.toml").read_text())
    definition["normalise"] = {"method": scale}
    # Deviations run below 0, where a geometric mean ends: 50 ± 10 does not.
    if scale == "z":
        definition["normalise"]["range"] = [50, 10]
    definition["aggregate"] = {"indicators": "geometric", "pillars": across, "floor": 0.01, "power": 0.5}
    found = cohesion.index(countries.set_index("country"), definition)
    treated = prepared(countries, definition)
    down = {one["column"] for one in definition["indicators"] if one["direction"] == "down"}
    scaled = {name: NORMALISED[scale](-treated[name] if name in down else treated[name]) for name in treated}
    if scale == "percentile":  # of equal values the lowest, then 1 less it where low is better
        others = len(treated) - 1
        scaled |= {name: (others - NORMALISED["borda"](treated[name])) / others for name in down}
    if scale == "z":
        scaled = {name: 50 + 10 * values for name, values in scaled.items()}
    expected = assembled(scaled, definition, "geometric", across, 0.01)["index"]
    assert numpy.allclose(found.scores["score"].dropna(), expected, rtol=1e-9, atol=1e-9)


def test_targets_and_goalposts_are_linear_between_their_ends(countries):
    frame = countries.set_index("country")
    definition = {
        "name": "fixed",
        "normalise": {"method": "goalposts", "range": [0, 100]},
        "indicators": [
            {"column": "renewables", "direction": "up", "goalposts": [10, 60]},
            {"column": "poverty", "direction": "down", "goalposts": [0, 20]},
            {"column": "research", "direction": "up", "normalise": "distance_to_target", "target": 350, "cap": True},
            {"column": "carbon", "direction": "down", "denominator": "population", "normalise": "distance_to_target", "target": 4},
        ],
    }
    scaled = cohesion.index(frame, definition).normalised
    per_head = frame["carbon"] / frame["population"]
    expected = {
        "renewables": 100 * ((frame["renewables"] - 10) / 50).clip(0, 1),
        "poverty": 100 * (1 - frame["poverty"] / 20).clip(0, 1),
        "research": 100 * ((frame["research"] - frame["research"].min()) / (350 - frame["research"].min())).clip(upper=1),
        "carbon": 100 * (per_head.max() - per_head) / (per_head.max() - 4),
    }
    for name, values in expected.items():
        assert numpy.allclose(scaled[name], values, atol=1e-9), name
    assert scaled["carbon"].max() > 100, "beyond the target counts, unless it is capped"


# Vulnerability: tracts, of which some are empty and some lack a number.


@pytest.fixture(scope="module")
def tracts():
    random = numpy.random.default_rng(9)
    n = 200
    people = random.integers(800, 6000, n)
    households = (people / 2.4).astype(int)
    frame = pandas.DataFrame({"tract": [f"t{i:03}" for i in range(n)], "people": people, "households": households})
    for name, low, high, of in [
        ("poor", 0.02, 0.5, people), ("unemployed", 0.01, 0.2, people), ("aged", 0.05, 0.3, people), ("young", 0.1, 0.3, people),
        ("minority_people", 0.0, 1.0, people), ("crowded", 0, 0.1, households), ("carless", 0, 0.4, households), ("mobile", 0, 0.02, households),
    ]:
        frame[name] = (of * random.uniform(low, high, n)).astype(int)
    frame["income"] = random.integers(12, 90, n) * 1000
    frame.loc[[7, 70], "income"] = -999
    empty = [11, 111]
    frame.loc[empty, frame.columns.drop("tract")] = 0
    frame.loc[empty, "income"] = -999
    return frame


def percentile_rank(column):
    return ((column.rank(method="min") - 1) / (column.count() - 1)).round(4)


def test_the_vulnerability_index_is_made_as_published(tracts):
    found = cohesion.index(tracts.set_index("tract"), FOLDER / "vulnerability.toml")
    definition = tomllib.loads((FOLDER / "vulnerability.toml").read_text())
    frame = tracts[tracts["people"] > 0].replace(-999, numpy.nan)
    sums = {pillar["name"]: 0 for pillar in definition["pillars"]}
    for one in definition["indicators"]:
        column = frame[one["column"]]
        if "denominator" in one:
            # Halves away from 0, as R and SAS round; floor, for all are positive.
            column = numpy.floor(100 * column / frame[one["denominator"]] * 10 + 0.5) / 10
        sums[one["pillar"]] = sums[one["pillar"]] + (1 - percentile_rank(column) if one["direction"] == "down" else percentile_rank(column))
    themes = pandas.DataFrame(sums).round(4)
    overall = themes.sum(axis=1, skipna=False).round(4)
    scores = found.scores.set_index(tracts.index)
    for name in themes:
        assert numpy.allclose(scores.loc[frame.index, name], themes[name], atol=1e-12, equal_nan=True), name
    assert numpy.allclose(scores.loc[frame.index, "score"], overall, atol=1e-12, equal_nan=True)
    expected = (overall.rank(method="min") - 1) / (overall.count() - 1)
    assert numpy.allclose(scores.loc[frame.index, "percentile"], expected, atol=1e-12, equal_nan=True)
    unscored = scores["score"].isna()
    assert sorted(tracts.index[unscored]) == [7, 11, 70, 111]
    assert overall.round(4).duplicated().any(), "the table has ties that only rounding finds"
