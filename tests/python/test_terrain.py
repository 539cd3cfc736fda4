"""Hills, and people who walk them differently."""

import commonground
import geopandas
import numpy
import pytest
from commonground import StreetNetwork


@pytest.fixture(scope="module")
def porto_alegre(real_cities):
    folder = real_cities / "porto-alegre"
    streets, heights = folder / "poa_osm.pbf", folder / "poa_elevation.tif"
    flat = StreetNetwork.from_osm(streets, simplify=False)
    return flat, StreetNetwork.from_osm(streets, simplify=False, elevation=heights)


def test_hills_slow_the_way_up_and_leave_lengths_alone(porto_alegre):
    flat, hills = (network.edges for network in porto_alegre)
    # Escalators lead one way.
    both_ways = flat[["minutes_forward", "minutes_backward"]].notna().all(axis=1)
    flat, hills = flat[both_ways], hills[both_ways]
    assert hills["length_m"].equals(flat["length_m"])
    report = porto_alegre[1].report
    assert report["sloped_edges"] > 20_000
    assert 0 < report["flat_for_want_of_elevation"] < 0.05 * report["sloped_edges"]
    # Tobler: no street is walked faster than 5 % downhill, and there and back on a slope takes longer than on the flat.
    fastest = flat["minutes_forward"] * numpy.exp(-0.175) - 1e-4
    assert (hills["minutes_forward"] >= fastest).all()
    there_and_back = hills["minutes_forward"] + hills["minutes_backward"]
    assert (there_and_back >= 2 * flat["minutes_forward"] - 1e-4).all()
    assert (hills["minutes_forward"] != hills["minutes_backward"]).mean() > 0.5


def test_up_is_slower_than_down_and_both_can_be_asked(porto_alegre):
    _, hills = porto_alegre
    # The cathedral on its hill, and the market below it.
    places = geopandas.GeoSeries.from_xy([-51.2303, -51.2281], [-30.0339, -30.0277], index=["top", "foot"], crs=4326)
    up = hills.travel_times(places[["foot"]], places[["top"]], limit_minutes=60)["minutes"].iloc[0]
    down = hills.travel_times(places[["top"]], places[["foot"]], limit_minutes=60)["minutes"].iloc[0]
    assert down < up < 1.5 * down


def test_a_file_that_is_no_elevation_is_refused(real_cities):
    folder = real_cities / "porto-alegre"
    with pytest.raises(commonground.CommongroundError, match="no whole TIFF"):
        StreetNetwork.from_osm(folder / "poa_osm.pbf", elevation=folder / "poa_hexgrid.csv")


def test_the_gap_between_people_stands_in_the_table_and_in_the_city(monaco):
    places = monaco.neighbourhoods.set_index("name")
    for person in ["older_adult", "pram", "wheelchair"]:
        losing = places[f"share_losing_any_{person}"]
        each = places.filter(regex=f"_share_losing_{person}$")
        assert losing.between(0, 1).all() and (each.le(losing + 1e-12, axis=0)).all().all()
    # The old town stands on a rock, and its clinic lies below.
    extra = places["clinic_extra_minutes_older_adult"]
    assert extra.idxmax() == "Monaco-Ville"
    assert (places.filter(like="share_with_seats_older_adult") <= 1).all().all()
    assert monaco.columns["meaning"].str.contains("older adult on foot at 2.7 km/h").any()
