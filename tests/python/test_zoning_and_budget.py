"""Zoning to capacity, budgets, affordability and changes of a mean, through Python's face."""

from pathlib import Path

import geopandas
import numpy
import pandas
import pytest
import shapely

import commonground
from commonground import affordability, budget, scenario, zoning

FOOT = 0.3048


def test_capacity_names_the_binding_rule_and_the_next_one():
    parcels = pandas.DataFrame(
        {"code": ["MX", "R1", "PD", "?"], "m2": numpy.array([10_000, 17_500, 43_560, 5_000]) * FOOT**2, "dua": [0, 0, 12.0, 0]},
        index=["a", "b", "c", "d"],
    )
    rules = {
        "MX": {"open_space": 0.2, "max_storeys": 3, "stalls_per_dwelling": 1},
        "R1": {"first_dwelling": {"square_feet": 5000}, "further_dwelling": {"square_feet": 2500}},
    }
    found = zoning.capacity(parcels, rules, area="m2", columns={"max_density": ("dua", "per_acre")})
    assert found["dwellings"].tolist()[:3] == [12, 6, 12] and found["dwellings"].isna()["d"]
    assert found.loc["a", ["binding", "next_binding", "next_dwellings"]].tolist() == ["parking", "building envelope", 24]
    with pytest.raises(commonground.CommongroundError, match="per_acre"):
        zoning.capacity(parcels, {"R1": {"max_density": 8}}, area="m2")
    with pytest.raises(commonground.CommongroundError, match="percent"):
        zoning.capacity(parcels, "[rules.R1]\nmax_coverage = 60\n", area="m2")


def test_areas_come_from_geometry_in_any_system_and_conditions_from_columns():
    acre = shapely.box(6_150_000, 1_950_000, 6_150_208.71, 1_950_208.71)
    lots = geopandas.GeoDataFrame({"code": ["X", "X"], "corner": [True, False]}, geometry=[acre, acre], crs=2227)
    rules = "[[rules.X.max_density]]\nwhen = { corner = { is = true } }\nper_acre = 20.1\n[[rules.X.max_density]]\nper_acre = 10.1\n"
    assert zoning.capacity(lots, rules, facts=["corner"])["dwellings"].tolist() == [20, 10]
    careful = zoning.capacity(lots, rules)
    assert careful["dwellings"].tolist() == [10, 10] and careful["at_most"].tolist() == [20, 20]


def test_realistic_shares_and_prices():
    allowed = pandas.Series([24.0, 6.0], index=["a", "b"])
    area = pandas.Series(2000.0, index=["a", "b"])
    found = zoning.realistic(allowed, area=area, low=0.3, expected=0.5, high=0.85, existing=pandas.Series({"a": 4.0, "b": 5.0}))
    assert found["net"].tolist() == [20, 1] and found["expected"].tolist() == [10, 0]
    assert found["not_counted"]["b"].startswith("too few")
    price = zoning.affordable_price(100_000)
    assert price.round(2).tolist() == [2225.0, 393_667.0, 388_615.0]
    flats = pandas.Series([4.0, 2.0])
    assert zoning.pupils(flats, per_dwelling=pandas.Series([0.39, 1.05]), public_share=0.92) == pytest.approx(3.3672)
    assert zoning.affordable_rent(100_000, level=0.6, household=4, utilities=150) == 1350


def test_claims_are_divided_as_published():
    claims = pandas.Series([100.0, 200.0, 300.0], index=["a", "b", "c"])
    assert budget.award(claims, estate=200, rule="talmud").tolist() == [50, 75, 75]
    assert budget.award(claims, estate=200, rule="cel").tolist() == [0, 50, 150]
    assert budget.award(claims, estate=300, rule="cea").tolist() == [100, 100, 100]


def test_an_airport_is_owed_nothing_and_a_wrong_name_says_what_would_be_lost():
    need = pandas.Series({"Mill": 3.0, "Airport": 9.0, "Quay": 1.0})
    people = pandas.Series({"Mill": 100.0, "Airport": 0.0, "Quay": 300.0})
    claims = pandas.Series({"Mill": 900.0, "Airport": 418_112.0, "Quay": 700.0})
    table = budget.owed_by_rules(need, people, claims=claims, budget=800)
    assert (table.loc["Airport", list(budget.RULES)] == 0).all() and table.loc["Airport"].isna()["rank_best"]
    assert table[list(budget.RULES)].sum().tolist() == pytest.approx([800] * 6)
    assert table.loc["Mill", "rank_best"] == 1 and 0 <= table.attrs["agreement"] <= 1
    with pytest.raises(commonground.CommongroundError, match="418112.*lost"):
        budget.owed_by_rules(need, people, claims=claims.rename({"Airport": "Airfield"}), budget=800)


def test_published_rules_are_those_of_numpy(tmp_path):
    random = numpy.random.default_rng(15)
    places = [f"t{at}" for at in range(230)]
    people = pandas.Series(random.integers(100, 6000, 230).astype(float), index=places)
    people["t7"] = 0.0
    need = pandas.Series(random.random(230), index=places)
    names = budget.published_rules()["columns"].explode().unique()
    facts = pandas.DataFrame(random.random((230, len(names))), index=places, columns=names).drop(columns="people")
    counts = ["poor", "overcrowded_homes", "people_then", "homes_before_1940"]
    facts[counts] = (facts[counts] * 1000).round()
    facts.loc["t7"] = numpy.nan
    found = budget.owed_by_rules(need, people, budget=1e6, columns=facts)
    assert found.attrs["not_assessed"] == {} and set(budget.PUBLISHED) < set(found.columns)
    lived, facts = people.drop("t7"), facts.drop("t7")
    share = lambda values: values / values.sum()  # noqa: E731
    lag = (facts["people_then"] * (lived.sum() / facts["people_then"].sum()) - lived).clip(lower=0)
    poor = share(facts["poor"])
    a = 0.25 * share(lived) + 0.5 * poor + 0.25 * share(facts["overcrowded_homes"])
    b = 0.2 * share(lag) + 0.3 * poor + 0.5 * share(facts["homes_before_1940"])
    qualify = (facts["below_60_percent_of_median_share"] >= 0.5) | (facts["poverty_share"] >= 0.25)
    left, counted = 0.2 * lived.sum(), {}
    for place in facts[qualify].sort_values("below_60_percent_of_median_share", ascending=False).index:
        if lived[place] <= left:
            left, counted[place] = left - lived[place], 1.3
    points = numpy.select([facts["below_185_percent_of_poverty_share"] < 0.4, facts["people_of_colour_share"] >= 0.5], [0, 5], 3)
    weights = {"people_of_colour_share": 5, "black_indigenous_latino_share": 5, "median_income": 4, "disability_share": 4,
               "food_assistance_share": 2, "rent_over_35_percent_share": 2, "no_broadband_share": 2,
               "fewer_cars_than_workers_share": 1, "over_65_share": 1}
    # 229 places in a hundred parts: 29 of three, 71 of two.
    part = numpy.repeat(numpy.arange(1, 101), [3] * 29 + [2] * 71)
    rank = lambda values: part[values.rank().astype(int) - 1]  # noqa: E731
    index = sum(weight * rank(-facts[name] if name == "median_income" else facts[name]) for name, weight in weights.items())
    without = facts[[name for name in facts if name.startswith("without ")]].sum(axis=1)
    expected = {
        "cdbg_a": a, "cdbg_b": b, "cdbg": numpy.maximum(a, b), "minneapolis_parks": points * lived,
        "austin_equity_zones": (index - index.min()) * lived, "tax_credit_amenities": without * lived,
        "tax_credit_tracts": lived * lived.index.to_series().map(counted).fillna(1),
    }
    for name, weight in expected.items():
        numpy.testing.assert_allclose(found[name].drop("t7"), 1e6 * share(weight), rtol=1e-9, atol=1e-9)
    assert (found.loc["t7", list(budget.PUBLISHED)] == 0).all()
    partly = budget.owed_by_rules(need, people, budget=1e6, columns=facts[["poor", "people_then"]])
    assert partly.attrs["not_assessed"]["cdbg_b"] == "it needs `homes_before_1940`"
    own = tmp_path / "own.toml"
    own.write_text('title = "t"\nsource = "s"\nyear = 2026\n[[formulas]]\nterms = [{ share_of_total = "poor" }]\n')
    assert budget.owed_by_rules(need, people, budget=10, rules=[own], columns=facts)["own"].sum() == pytest.approx(10)
    with pytest.raises(commonground.CommongroundError, match="(?s)not a rule.*cdbg"):
        budget.owed_by_rules(need, people, budget=10, rules=["cdgb"])
    with pytest.raises(ValueError, match="match no place"):
        budget.owed_by_rules(need, people, budget=10, columns=facts.rename({"t1": "x1"}))


def test_a_budget_buys_whole_projects():
    projects = pandas.DataFrame({"cost": [5, 4, 3], "benefit": [60, 40, 20], "district": ["n", "n", "s"]}, index=["p", "q", "r"])
    assert budget.programme(projects, budget=9)["projects"] == ["p", "q"]
    fair = budget.programme(projects, budget=9, floors={"s": 3})
    assert fair["projects"] == ["p", "r"] and fair["bound"] == fair["benefit"]
    with pytest.raises(ValueError, match="west"):
        budget.programme(projects, budget=9, floors={"west": 1})


def test_location_cost_and_the_parts_of_a_mean():
    one = pandas.Index(["here"])
    of = {name: pandas.Series([value], index=one) for name, value in {"rent": 1500, "income": 60_000, "cars": 2, "km": 20_000}.items()}
    cost = affordability.location(**of, per_car=5000, per_km=0.15, fares=pandas.Series([600], index=one))
    assert cost.loc["here", "share"] == pytest.approx(0.52667, abs=1e-5) and cost.loc["here", "residual"] == 28_400
    homes = pandas.Index(range(4))
    before, after = pandas.Series([20.0, 12, 8, 6], index=homes), pandas.Series([15.0, 12, 8, 5], index=homes)
    found = scenario.decompose(
        before,
        after,
        people_before=pandas.Series([10, 10, 4, 0], index=homes),
        people_after=pandas.Series([10, 6, 0, 20], index=homes),
    )
    parts = found[["change_for_stayers", "change_by_newcomers", "change_by_leavers"]].sum()
    assert parts == pytest.approx(found["mean_after"] - found["mean_before"])
    assert found[["stayers", "newcomers", "leavers", "gained", "won"]].tolist() == [16, 20, 8, 10, 50]


def test_a_budget_is_owed_and_spent_on_a_study(tmp_path):
    root = Path(__file__).parents[2]
    found = budget.spend(root / "data/millbrook", root / "examples/budget/budget.toml")
    owed, projects, choices = found.owed, found.projects, found.choices
    rules = [f"owed_{rule}" for rule in budget.RULES]
    assert owed[rules].sum().round(3).tolist() == [1_600_000.0] * 6
    empty = owed[owed["residents"] == 0]
    assert len(empty) > 0 and (empty[rules] == 0).all().all() and empty["rank_best"].isna().all()
    # The efficient choice is that of HiGHS, and so is the fair one with its floor.
    optimize = pytest.importorskip("scipy.optimize")
    cost, places = projects["cost"].to_numpy(), projects.index.str.contains("Farfield")
    within = optimize.LinearConstraint(cost, 0, 1_600_000)
    floor = optimize.LinearConstraint(cost * places, 500_000, numpy.inf)
    for name, benefit, limits in [("efficient", "benefit", [within]), ("fair", "benefit_by_need", [within, floor])]:
        best = optimize.milp(-projects[benefit].to_numpy(), constraints=limits, integrality=numpy.ones(len(cost)), bounds=(0, 1))
        assert projects.loc[projects[name], benefit].sum() == pytest.approx(-best.fun, rel=1e-9)
        assert choices.loc[name, "bound"] == pytest.approx(-best.fun, rel=1e-9)
        assert choices.loc[name, "cost"] == projects.loc[projects[name], "cost"].sum() == pytest.approx(owed[f"gets_{name}"].sum())
        shares = owed[f"gets_{name}"] / owed[f"gets_{name}"].sum()
        assert choices.loc[name, "herfindahl"] == pytest.approx((shares**2).sum())
        lived = owed[owed["residents"] > 0]
        a_person = lived[f"gets_{name}"] / lived["residents"]
        gaps = numpy.abs(a_person.to_numpy()[:, None] - a_person.to_numpy()[None]) * numpy.outer(lived["residents"], lived["residents"])
        mean = lived[f"gets_{name}"].sum() / lived["residents"].sum()
        assert choices.loc[name, "gini"] == pytest.approx(gaps.sum() / (2 * mean * lived["residents"].sum() ** 2))
    plan = choices.loc["together"]
    assert plan["benefit_together"] == plan["bound"] >= choices.loc["fair", "benefit_together"]
    assert 0 <= found.agreement <= 1 and "## What the budget buys" in found.summary
    found.save(tmp_path / "out")
    written = {path.name for path in (tmp_path / "out").iterdir()}
    files = {"owed.gpkg", "owed.csv", "rules.csv", "districts.gpkg", "districts.csv", "projects.csv", "choices.csv", "budget.md"}
    assert files <= written
    # A district is owed the sum of its neighbourhoods, and the rules that lack numbers say which.
    districts, of_rules = found.districts, found.rules
    assert districts[rules].sum().round(3).tolist() == [1_600_000.0] * 6
    assert districts["residents"].sum() == owed["residents"].sum() and districts["lifted_most_by"].notna().any()
    assert of_rules.loc["cdbg", "not_assessed"].startswith("it needs `poor`")
    assert of_rules.loc["tax_credit_amenities", "source"].startswith("California")


def test_a_budget_with_a_name_that_no_place_has_says_what_would_be_lost(tmp_path):
    root = Path(__file__).parents[2]
    (tmp_path / "need.csv").write_text("name,amount\nAirport,418112\n")
    (tmp_path / "budget.toml").write_text('budget = 5\n[need]\ntable = { file = "need.csv" }\n')
    with pytest.raises(commonground.CommongroundError, match="418112 would be lost"):
        budget.spend(root / "data/millbrook", tmp_path / "budget.toml")
