"""The report, the figures and the plots from Python."""

import json
import re
import xml.etree.ElementTree

import commonground
import geopandas
import matplotlib
import numpy
import pandas
import pytest

matplotlib.use("Agg")
from commonground import plot  # noqa: E402
from matplotlib import pyplot  # noqa: E402


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    pyplot.close("all")


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL).group(1))


@pytest.fixture(scope="module")
def millbrook_page(millbrook, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "millbrook.html"
    millbrook.to_html(path)
    return path.read_text()


def test_the_page_holds_every_column_to_the_last_bit(millbrook, millbrook_page):
    data = data_of(millbrook_page)
    places = millbrook.neighbourhoods
    assert data["ids"] == list(places.index) and data["names"] == list(places["name"])
    columns = {column["name"]: column for column in data["columns"]}
    assert set(columns) == set(places.columns) - {"name", "geometry"}
    for name, column in columns.items():
        values = [None if pandas.isna(value) else value for value in places[name]]
        assert column["values"] == values, name
        assert column["label"] and column["meaning"]


def test_the_page_asks_nothing_of_the_network(millbrook_page):
    outside = re.sub(r"<script.*?</script>|<style.*?</style>", "", millbrook_page, flags=re.DOTALL)
    assert not re.search(r"(src|href)=\"(?!#)", outside)
    assert "default-src 'none'" in outside


def test_neighbours_in_the_page_share_their_border(millbrook, millbrook_page):
    ground = data_of(millbrook_page)["ground"]

    def line(steps):
        points = numpy.cumsum(numpy.array(steps).reshape(-1, 2), axis=0)
        return points * ground["step"] + ground["origin"]

    arcs = [line(arc) for arc in ground["arcs"]]
    used = [~arc if arc < 0 else arc for area in ground["areas"] for polygon in area for ring in polygon for arc in ring]
    counts = numpy.bincount(used)
    assert counts.max() == 2 and (counts == 2).sum() > 40
    from shapely.geometry import Polygon

    def ring(numbers):
        return numpy.concatenate([arcs[~arc][::-1] if arc < 0 else arcs[arc] for arc in numbers])

    drawn = [Polygon(ring(area[0][0])) for area in ground["areas"]]
    frame = geopandas.GeoSeries(drawn, crs=4326).to_crs(millbrook.neighbourhoods.crs)
    assert numpy.allclose(frame.area, millbrook.neighbourhoods.area, rtol=0.01)


def test_made_data_says_so_in_the_page(millbrook_page):
    assert data_of(millbrook_page)["made_data"] is True


def test_a_map_for_print_has_a_shape_for_every_neighbourhood(millbrook):
    tree = xml.etree.ElementTree.fromstring(millbrook.map_svg("service_isolation"))
    titles = {title.text for title in tree.iter("{http://www.w3.org/2000/svg}title")}
    assert set(millbrook.neighbourhoods["name"]) <= titles
    with pytest.raises(commonground.CommongroundError, match="no column `nonsense`"):
        millbrook.map_svg("nonsense")


def test_curves_of_equity_run_between_homes(millbrook, millbrook_page):
    homes = millbrook.homes
    curves = data_of(millbrook_page)["equity"]
    assert {"school_minutes_median", "jobs_within_30_min_mean", "school_within_15_min_mean"} <= set(curves)
    for name, column in [("jobs_within_30_min_mean", "jobs_within_30_min"), ("clinic_minutes_median", "clinic_minutes")]:
        known = homes[homes[column].notna()].sort_values(column)
        people = numpy.r_[0, known["residents"].cumsum() / known["residents"].sum()]
        held = (known[column] * known["residents"]).cumsum()
        held = numpy.r_[0, held / held.iloc[-1]]
        assert numpy.allclose(curves[name]["held"], numpy.interp(numpy.linspace(0, 1, 101), people, held), atol=6e-5)
        assert curves[name]["gini"] == pytest.approx(1 - 2 * numpy.trapezoid(held, people), abs=1e-12)
        without = homes.loc[homes[column].isna(), "residents"].sum() / homes["residents"].sum()
        assert curves[name]["without"] == pytest.approx(without, abs=1e-12)


def test_a_map_is_saved_in_one_call(millbrook, tmp_path):
    for ending, start in ((".png", b"\x89PNG"), (".pdf", b"%PDF")):
        path = tmp_path / f"map{ending}"
        plot.save_map(millbrook, "service_isolation", path, dots_per_inch=60)
        assert path.read_bytes().startswith(start)
    assert not pyplot.get_fignums()


def test_every_plot_returns_axes(millbrook):
    places = millbrook.neighbourhoods
    assert plot.choropleth(millbrook, "gentrification_freeman", names=True).get_title(loc="left") == "Gentrification (Freeman)"
    assert plot.reach(millbrook).get_xlim() == (0, 40)
    assert len(plot.scatter(millbrook, "service_isolation", "share_newcomers").collections) == 1
    assert plot.distribution(millbrook, "service_isolation").get_ylabel() == "residents"
    own = pyplot.subplots()[1]
    assert plot.choropleth(millbrook, "service_isolation", ax=own) is own
    assert "Gini" in plot.lorenz(places["jobs_within_30_min_mean"], weights=places["residents"]).get_title(loc="left")


def test_the_gini_of_the_lorenz_curve_is_the_published_one():
    # One of four holds everything: 1 - 1/4.
    assert plot.lorenz(pandas.Series([0.0, 0.0, 0.0, 8.0])).get_title(loc="left") == "Gini 0.750"
    # Held by those last in the order: the same; by those first: its negative.
    held, order = pandas.Series([8.0, 0.0, 0.0, 0.0]), pandas.Series([1.0, 2.0, 3.0, 4.0])
    assert plot.lorenz(held, by=order).get_title(loc="left") == "concentration index -0.750"
    with pytest.raises(ValueError, match="0 or more"):
        plot.lorenz(pandas.Series([-1.0, 2.0]))
