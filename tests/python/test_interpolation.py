"""Areal interpolation from Python, beside shapely and tobler."""

import commonground
import geopandas
import numpy
import pandas
import pytest
import shapely
from commonground.interpolation import Crosswalk


@pytest.fixture(scope="module")
def washington(real_cities):
    """Tracts of 2000 and of 2010, whose boundaries differ."""
    zones = real_cities / "washington-dc" / "zones"
    tables = []
    for year in (2000, 2010):
        table = geopandas.read_file(zones / f"census-tracts-{year}.geojson").to_crs("EPSG:26985")
        tables.append(table.set_geometry(table.geometry.make_valid()))
    return tables


def squares(*corners):
    shapes = [shapely.box(x, 0, x + width, 10) for x, width in corners]
    return geopandas.GeoDataFrame({"geometry": shapes}, crs="EPSG:32631", index=[f"u{x}" for x, _ in corners])


def shared_areas(old, new):
    """Rows of both sides that meet, and what shapely finds that they share."""
    left, right = new.sindex.query(old.geometry, predicate="intersects")
    pieces = shapely.intersection(old.geometry.to_numpy()[left], new.geometry.to_numpy()[right])
    return left, right, shapely.area(pieces)


def test_areas_are_those_of_shapely(washington):
    old, new = washington
    left, right, areas = shared_areas(old, new)
    theirs = numpy.zeros((len(old), len(new)))
    theirs[left, right] = areas
    links = Crosswalk.by_area(old, new, sliver=0).links
    ours = numpy.zeros_like(theirs)
    ours[links["old"], links["new"]] = links["weight"]
    smaller = numpy.minimum.outer(old.area.to_numpy(), new.area.to_numpy())
    numpy.testing.assert_allclose(ours / smaller, theirs / smaller, rtol=0, atol=1e-12)


def test_counts_and_means_are_those_of_tobler(washington):
    """tobler keeps areas as float32 (7 digits); given them in full, it agrees to the last digits."""
    from scipy.sparse import csr_matrix
    from tobler.area_weighted import area_interpolate

    old, new = washington
    old = old.assign(people=old["TOTAL"].astype(float))
    left, right, areas = shared_areas(old, new)
    table = csr_matrix((areas, (left, right)), shape=(len(old), len(new)))
    crosswalk = Crosswalk.by_area(old, new, sliver=0)
    counts, means = crosswalk.counts(old["people"]), crosswalk.medians(old["people"])["value"]
    for in_full, tolerance in ((table, 1e-9), (None, 1e-6)):
        theirs = area_interpolate(old, new, extensive_variables=["people"], table=in_full)["people"]
        numpy.testing.assert_allclose(counts, theirs, rtol=tolerance)
        theirs = area_interpolate(old, new, intensive_variables=["people"], table=in_full)["people"]
        numpy.testing.assert_allclose(means, theirs, rtol=tolerance)
    assert counts.sum() == pytest.approx(old["people"].sum(), rel=1e-12)


def test_slivers_are_the_same_boundary_and_told(washington):
    old, new = washington
    exact, snapped = (Crosswalk.by_area(old, new, sliver=sliver) for sliver in (0, 0.01))
    assert len(snapped.links) < 0.6 * len(exact.links)
    (note,) = [text for text in snapped.findings["message"] if "slivers" in text]
    assert note.startswith(f"{len(exact.links) - len(snapped.links)} slivers")
    assert snapped.counts(old["TOTAL"]).sum() == pytest.approx(old["TOTAL"].sum(), rel=1e-12)
    assert exact.coverage.between(0.9, 1).mean() > 0.95


def test_smaller_units_carry_people_where_they_live():
    old, new = squares((0, 10), (10, 10)), squares((0, 6), (6, 13))
    units = geopandas.GeoDataFrame(
        {"people": [1.0, 3.0, 4.0, 1.0]}, geometry=geopandas.points_from_xy([1, 7, 15, 19.5], [5] * 4), crs=old.crs
    )
    crosswalk = Crosswalk.by_units(old, new, units, weight="people")
    assert crosswalk.counts(pandas.Series({"u0": 8.0, "u10": 5.0})).to_dict() == {"u0": 2.0, "u6": 11.0}
    assert crosswalk.coverage.to_dict() == {"u0": 1.0, "u10": 0.8}
    # Blocks count at a point inside them.
    blocks = units.set_geometry(units.buffer(0.2))
    pandas.testing.assert_frame_equal(Crosswalk.by_units(old, new, blocks, weight="people").links, crosswalk.links)


def test_tables_of_links_hand_out_by_any_weights():
    table = pandas.DataFrame(
        {"trtid00": ["a", "a", "b"], "trtid10": ["x", "y", "y"], "weight": [0.75, 0.25, 1.0]}
    )
    crosswalk = Crosswalk.from_table(table, old="trtid00", new="trtid10", weight="weight")
    people = pandas.Series({"b": 10.0, "a": 1000.0})
    assert crosswalk.counts(people).to_dict() == {"x": 750.0, "y": 260.0}
    assert crosswalk.shares(people / 2, people).to_dict() == {"x": 0.5, "y": 0.5}
    assert crosswalk.medians(pandas.Series({"a": 50.0, "b": 90.0})).loc["y"].tolist() == [82.0, 50.0, 90.0]
    assert crosswalk.coverage is None and crosswalk.counts(people.drop("b")).isna().to_dict() == {"x": False, "y": True}


def test_wrong_boundaries_are_refused():
    old = squares((0, 10))
    with pytest.raises(ValueError, match="metric"):
        Crosswalk.by_area(old, old.to_crs("EPSG:4326"))
    with pytest.raises(commonground.CommongroundError, match="do not overlap at all"):
        Crosswalk.by_area(old, squares((1000, 10)))
    far = geopandas.GeoDataFrame({"people": [1.0]}, geometry=[shapely.Point(500, 5)], crs=old.crs)
    with pytest.raises(commonground.CommongroundError, match="do not overlap at all"):
        Crosswalk.by_units(old, old, far, weight="people")
