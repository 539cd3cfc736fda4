"""Gentrification and areal interpolation from Python."""

import commonground
import geopandas
import numpy
import pandas
import pytest
from commonground import gentrification


@pytest.fixture
def millbrook_panel(shipped):
    years = []
    for year in (2010, 2020):
        table = pandas.read_csv(shipped / "millbrook" / f"census_{year}.csv").set_index("id")
        years.append(table.assign(year=year))
    return pandas.concat(years)


PRICES = {2010: 100.0, 2020: 130.0}


def names(shipped):
    shapes = geopandas.read_file(shipped / "millbrook" / "neighbourhoods.geojson")
    return shapes.set_index("id")["name"]


def test_planted_gentrification_is_found(millbrook_panel, shipped):
    found = gentrification.classify(millbrook_panel, method="freeman", prices=PRICES)
    classes = found.classes["freeman"].rename(names(shipped))
    assert set(classes[classes == "gentrifying"].index) == {"Canal Side", "Brewery", "Lamplight", "Granary"}
    assert set(classes[classes.isna()].index) == {"Cooper's Row", "Docks"}
    assert list(found.classes.index) == list(millbrook_panel.index.unique())


def test_an_explanation_names_the_failing_condition(millbrook_panel, shipped):
    found = gentrification.classify(millbrook_panel, method="freeman", prices=PRICES)
    almshouse = names(shipped)[lambda name: name == "Almshouse"].index[0]
    why = found.explain(almshouse)
    assert why.attrs["class"] == "not gentrifying"
    assert [name for name, holds in why.attrs["conditions"].items() if not holds] == ["education_rose"]
    nearest = why.iloc[0]
    assert "college share in 2020 less college share in 2010 is" in nearest["in_words"]
    assert nearest["would_become"] == "gentrifying" and "college_share" in why.index[0]
    assert nearest["margin"] == pytest.approx(nearest["value"] - nearest["threshold"]) and nearest["margin"] <= 0
    with pytest.raises(commonground.CommongroundError, match="no neighbourhood"):
        found.explain("nowhere")


def test_definitions_agree_or_not_and_thresholds_come_along(millbrook_panel):
    found = gentrification.classify(millbrook_panel, method=["ding", "freeman", "governing"], prices=PRICES)
    assert list(found.classes.columns) == ["ding", "freeman", "governing"]
    agreement = found.agreement
    voted, flagged = agreement["applicable"].map(len), agreement["flagged_by"].map(len)
    pandas.testing.assert_series_equal(agreement["share"], flagged / voted.where(voted > 0), check_names=False)
    # "Not eligible" and "not gentrifiable" are no votes against.
    judged = found.classes["governing"].isin(["eligible", "gentrified"])
    assert (agreement["applicable"].map(lambda names: "governing" in names) == judged).all() and 0 < judged.sum() < 41
    assert (found.applies["ding"].fillna(True) | (voted == 0) | (found.classes["ding"] != "not gentrifiable")).all()
    assert list(found.scores("freeman").index) == list(found.classes.index), "a definition may have no scores"
    thresholds = found.thresholds("freeman")
    incomes = millbrook_panel[millbrook_panel["year"] == 2010]["median_income"]
    assert thresholds["median(median_income@2010)"] == incomes.median()


def test_probabilities_come_from_margins_and_repeat(millbrook_panel):
    panel = millbrook_panel.assign(median_home_value_moe=millbrook_panel["median_home_value"] * 0.1)
    found = gentrification.classify(panel, method="freeman", prices=PRICES)
    once, again = (found.probabilities(draws=300, seed=5) for _ in range(2))
    pandas.testing.assert_frame_equal(once, again)
    shares = once[["gentrifying", "not gentrifying", "unknown"]]
    assert numpy.allclose(shares.sum(axis=1), 1.0)
    assert once["flip_share"].max() > 0 and once["robust"].sum() > 20
    margins = [column for column in millbrook_panel if column.endswith("_moe")]
    without = gentrification.classify(millbrook_panel.drop(columns=margins), method="freeman", prices=PRICES)
    with pytest.raises(commonground.CommongroundError, match="margin of error"):
        without.probabilities()


def test_prices_of_the_united_states_come_along(millbrook_panel):
    prices = gentrification.us_consumer_prices()
    assert prices[2018] / prices[1999] == pytest.approx(1.5072, abs=1e-4)
    found = gentrification.classify(millbrook_panel, method="freeman", prices=prices)
    assert (found.classes["freeman"] == "gentrifying").sum() >= 4


def test_a_definition_of_ones_own(millbrook_panel):
    toml = """
    name = "dear"
    title = "Dear now"
    source = "ours"
    dates = ["start", "end"]
    [[classes]]
    code = "dear"
    label = "Rent in the top tenth"
    when = "median_rent@end >= quantile(median_rent@end, 0.9)"
    """
    found = gentrification.classify(millbrook_panel, method=toml)
    rents = millbrook_panel[millbrook_panel["year"] == 2020]["median_rent"]
    assert set(found.classes.index[found.classes["dear"] == "dear"]) == set(rents.index[rents >= rents.quantile(0.9)])


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        (lambda panel: panel[panel["year"] == 2010], {}, "one date only"),
        (lambda panel: panel, {"years": [2020, 2010]}, "not before"),
        (lambda panel: panel, {"years": [2010, 2030]}, "nothing is known of 2030"),
        (lambda panel: panel, {"prices": None}, "no price index"),
        (lambda panel: panel.assign(college_share=panel["college_share"] * 100), {}, "percent"),
        (lambda panel: panel.drop(columns="median_income"), {}, "median_income"),
        (lambda panel: panel.assign(median_income_moe=-1.0), {}, "negative"),
        (lambda panel: panel, {"method": "freemann"}, "freemann"),
    ],
)
def test_wrong_input_is_refused_in_words(millbrook_panel, change, options, words):
    with pytest.raises(commonground.CommongroundError, match=words):
        gentrification.classify(change(millbrook_panel), **{"method": "freeman", "prices": PRICES, **options})


def test_doubtful_input_is_computed_and_flagged(millbrook_panel):
    few = millbrook_panel[millbrook_panel.index.isin(millbrook_panel.index.unique()[:12])].copy()
    few["median_income_moe"] = few["median_income"] * 1.5
    few.iloc[0, few.columns.get_loc("median_income")] = 0
    found = gentrification.classify(few, method="freeman", prices=PRICES)
    messages = " ".join(found.findings["message"])
    for words in ("medians of 0", "margin of error larger", "12 neighbourhoods say little"):
        assert words in messages
    assert len(found.classes) == 12


def test_seattle_has_its_published_classes(real_cities):
    table = pandas.read_csv(
        real_cities / "udp-tract-panels" / "Seattle_typology_output.csv.gz", dtype={"GEOID": str}, low_memory=False
    ).set_index("GEOID")
    columns = {}
    stems = {
        "pop": "population", "white": "white", "hh": "households", "hinc": "median_income", "mrent": "median_rent",
        "mhval": "median_home_value", "ohu": "owner_homes", "rhu": "renter_homes", "inc80": "low_income_share",
        "inc120": "up_to_moderate_income_share", "per_limove": "low_income_mover_share", "per_col": "college_share",
    }  # fmt: skip
    for ending, year in {"90": 1990, "00": 2000, "12": 2012, "18": 2018}.items():
        for theirs, ours in stems.items():
            if f"{theirs}_{ending}" in table:
                columns[f"{ours}_{year}"] = table[f"{theirs}_{ending}"]
    columns |= {
        "housing_affordability_code_2018": table["lmh_flag_encoded"],
        "market_index_change_2012_2018": table["per_ch_zillow_12_18"],
        "nearby_rent_rise_code_2018": table["dp_PChRent"],
        "nearby_rent_gap_code_2018": table["dp_RentGap"],
        "dense_2018": table["dense"],
    }
    prices = {1990: 1 / 2.08, 2000: 1 / 1.53, 2012: 1 / 1.11, 2018: 1.0}
    found = gentrification.classify(pandas.DataFrame(columns), method=["udp_2018_compat", "udp"], prices=prices)
    published = table["typ_cat"].str.replace("', '", "+").str.strip("[]'").replace("", "none")
    assert (found.classes["udp_2018_compat"] == published).all()
    assert 650 < (found.classes["udp"] == published).sum() < 718


def test_shares_of_low_incomes_come_from_bins(real_cities):
    """Shares of low-income movers as published for every tract of Atlanta, from the same bins."""
    table = pandas.read_csv(real_cities / "udp-tract-panels" / "Atlanta_database_2018.csv.gz", low_memory=False)
    bounds = [9000, 15000, 25000, 35000, 50000, 65000, 75000]
    kinds = ["wc", "oc", "os", "fa"]
    for year in ("12", "18"):
        bins = {
            name: table[[f"mov_{kind}_{name}_{year}" for kind in kinds]].sum(axis=1)
            for name in [*map(str, bounds), "76000_more"]
        }
        cutoff = 0.8 * table[f"iinc_{year}"].median()
        shares = gentrification.share_below(pandas.DataFrame(bins), upper_bounds=bounds, cutoff=cutoff)
        numpy.testing.assert_allclose(shares, table[f"per_limove_{year}"], rtol=0, atol=1e-12)
    with pytest.raises(commonground.CommongroundError, match="bins end at"):
        gentrification.share_below(pandas.DataFrame(bins), upper_bounds=bounds, cutoff=80_000)
