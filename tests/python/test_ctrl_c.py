"""Ctrl-C ends what takes long, wherever it is."""

import signal
import threading
import time

import commonground as cg
import geopandas
import numpy
import pandas
import pytest
import shapely
from commonground import access, cohesion
from commonground.autocorrelation import Weights

#: Longest from the signal to the exception, in seconds, with other work beside it.
LONGEST = 2.0


def band():
    places = geopandas.GeoSeries.from_xy(*(numpy.indices((150, 150)).reshape(2, -1) * 100.0), crs=32632)
    return lambda: Weights.distance_band(places, bandwidth_metres=4_000.0)


def twins():
    count = 20_000
    places = {"name": [f"Elm {number}" for number in range(count)], "category": "school"}
    places = geopandas.GeoDataFrame(places, geometry=geopandas.points_from_xy([500_000.0] * count, [4e6] * count), crs=32632)
    return lambda: access.same_places(places, name="name", category="category")


def majorities():
    table = pandas.DataFrame(numpy.random.default_rng(1).uniform(size=(60_000, 3)), columns=list("abc"))
    table.index = [f"place {row}" for row in table.index]
    indicators = "".join(f'[[indicators]]\ncolumn = "{column}"\ndirection = "up"\n' for column in table)
    definition = f'name = "x"\naggregate = {{ indicators = "copeland_majority" }}\n{indicators}'
    return lambda: cohesion.index(table, definition)


def agents():
    random = numpy.random.default_rng(1)
    times = access.TravelTimes.from_matrix(pandas.DataFrame(random.uniform(1, 60, (1_500, 120))))
    homes, clinics = (pandas.Series(random.uniform(1, 50, size)) for size in (1_500, 120))
    options = {"demand": homes, "supply": clinics, "tau_minutes": 60.0, "rounds": 1_000_000, "tolerance": 0.0}
    return lambda: access.raam(times, **options)


def lines():
    along = numpy.linspace(0, 20_000, 1_000)
    rows = numpy.arange(2_000)
    coords = numpy.column_stack([numpy.tile(500_000 + along, len(rows)), numpy.repeat(4e6 + rows * 20.0, len(along))])
    parts = shapely.linestrings(coords, indices=numpy.repeat(rows, len(along)))
    frame = geopandas.GeoDataFrame(geometry=parts, crs=32632)
    return lambda: cg.StreetNetwork.from_lines(frame)


@pytest.mark.parametrize("made", [band, twins, majorities, agents, lines], ids=lambda made: made.__name__)
def test_it_stops_soon(made):
    work = made()
    sent = []

    def stop():
        sent.append(time.monotonic())
        signal.raise_signal(signal.SIGINT)

    timer = threading.Timer(0.7, stop)
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            work()
        assert time.monotonic() - sent[0] < LONGEST
    finally:
        timer.cancel()
