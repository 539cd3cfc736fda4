"""Public transport: a street of 4 km with a bus, checked with a pencil, and real cities where they are at hand."""

import os
import pathlib
import zipfile

import geopandas
import pandas
import pytest
import shapely
from pyproj import Transformer

import commonground
from commonground import CommongroundError, StreetNetwork

UTM = "EPSG:32632"
TO_DEGREES = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True)
X, Y = 500_000.0, 5_540_000.0


def point(metres: float) -> shapely.Point:
    return shapely.Point(X + metres, Y)


def feed(folder: pathlib.Path, **changes: str) -> pathlib.Path:
    """A bus every 10 minutes from 6 to 20 h, 4 km in 8 minutes; on Sundays every hour, 10 to 18 h."""
    stops = [("a", 0.0), ("b", 2_000.0), ("c", 4_000.0)]
    places = {name: TO_DEGREES.transform(X + metres, Y) for name, metres in stops}
    week, sunday = range(6 * 60, 20 * 60, 10), range(10 * 60, 18 * 60, 60)
    trips, times = [], []
    for service, starts in (("week", week), ("sunday", sunday)):
        for start in starts:
            trip = f"{service}{start}"
            trips.append(f"bus,{service},{trip},Centre")
            for order, (stop, minutes) in enumerate([("a", 0), ("b", 4), ("c", 8)]):
                clock = f"{(start + minutes) // 60}:{(start + minutes) % 60:02}:00"
                times.append(f"{trip},{clock},{clock},{stop},{order}")
    days = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
    tables = {
        "agency": ["agency_name,agency_timezone", "City,Europe/Berlin"],
        "stops": ["stop_id,stop_name,stop_lon,stop_lat"]
        + [f"{name},Stop {name},{lon:.9f},{lat:.9f}" for name, (lon, lat) in places.items()],
        "routes": ["route_id,route_short_name,route_type", "bus,7,3"],
        "calendar": [f"service_id,{days},start_date,end_date", "week,1,1,1,1,1,1,0,20240101,20241231"]
        + ["sunday,0,0,0,0,0,0,1,20240101,20241231"],
        "trips": ["route_id,service_id,trip_id,trip_headsign", *trips],
        "stop_times": ["trip_id,arrival_time,departure_time,stop_id,stop_sequence", *times],
    }
    path = folder / "feed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, lines in tables.items():
            archive.writestr(f"{name}.txt", changes.get(name, "\n".join(lines) + "\n"))
    return path


@pytest.fixture
def streets() -> StreetNetwork:
    ends = [(point(m), point(m + 500)) for m in range(-500, 4_500, 500)]
    lines = geopandas.GeoDataFrame(
        {"class": "residential"}, index=range(len(ends)), geometry=[shapely.LineString(p) for p in ends], crs=UTM
    )
    return StreetNetwork.from_lines(lines, street_class="class")


@pytest.fixture
def ends() -> tuple[geopandas.GeoDataFrame, geopandas.GeoDataFrame]:
    homes = geopandas.GeoDataFrame({"people": [10, 20]}, index=["west", "far"], geometry=[point(-80), point(9_999)], crs=UTM)
    places = geopandas.GeoDataFrame({"beds": [1, 2]}, index=["clinic", "corner"], geometry=[point(4_080), point(-400)], crs=UTM)
    return homes, places.to_crs("EPSG:4326")


def test_times_are_walk_wait_ride_and_walk(streets, ends, tmp_path):
    homes, places = ends
    transit = streets.with_transit(feed(tmp_path), date="2024-06-03")
    assert "3 of 3 stops" in repr(transit) and transit.receipts.empty and transit.silent_feeds == []
    found = transit.spreads(homes, places, depart="8:00-9:00", percentiles=[25, 50, 100], within_minutes=[15])
    clinic = found.set_index(["origin", "place"]).loc[("west", "clinic")]
    # 1 min to the stop, 1 min there, up to 10 min of waiting, 8 min ride, 1 min walk: 11 to 21 min.
    assert clinic[["p25", "p50", "p100"]].to_list() == pytest.approx([13.5, 16.0, 21.0], abs=0.05)
    assert clinic["share_within_15"] == pytest.approx(0.4, abs=0.01)
    # 320 m on foot.
    assert found.set_index(["origin", "place"]).loc[("west", "corner"), "p50"] == pytest.approx(4.0, abs=0.01)
    assert set(found["origin"]) == {"west"}


def test_every_measure_of_access_works_by_transit(streets, ends, tmp_path):
    homes, places = ends
    transit = streets.with_transit(feed(tmp_path), date="2024-06-03")
    times = transit.travel_times(homes, places, depart="8:00-9:00", percentile=50)
    assert times.to_frame()["travel_time"].to_list() == pytest.approx([16.0, 4.0], abs=0.05)
    reached = commonground.access.cumulative_cutoff(times, places["beds"], cutoff_minutes=15)
    assert reached["west"] == 2 and pandas.isna(reached["far"])
    worse = transit.travel_times(homes, places, depart="8:00-9:00", percentile=90)
    assert worse.to_frame()["travel_time"].max() == pytest.approx(20.0, abs=0.05)


def test_sundays_and_nights_differ(streets, ends, tmp_path):
    homes, places = ends
    path = feed(tmp_path)
    categories = {"health": places.loc[["clinic"]], "corner": places.loc[["corner"]]}
    week = streets.with_transit(path, date="2024-06-03").closest(homes, categories, depart="8:00-9:00")
    sunday = streets.with_transit(path, date="2024-06-02").closest(homes, categories, depart="9:00-11:00")
    assert week.loc["west", ("health", "p50")] == pytest.approx(16.0, abs=0.05)
    assert week.loc["west", ("health", "share_arriving")] == 1.0 and week.loc["far"].isna().all()
    assert sunday.loc["west", ("health", "p50")] > 40
    night = streets.with_transit(path, date="2024-06-03").closest(homes, categories, depart="21:00-22:00", limit_minutes=45)
    assert pandas.isna(night.loc["west", ("health", "p50")]) and night.loc["west", ("corner", "p50")] < 5


def test_the_journey_is_told_and_adds_up(streets, ends, tmp_path):
    homes, places = ends
    transit = streets.with_transit(feed(tmp_path), date="2024-06-03")
    both = geopandas.GeoSeries([homes.geometry["west"], places.to_crs(UTM).geometry["clinic"]], crs=UTM)
    legs, departs, minutes = transit.journey(both, depart="8:00-9:00")
    assert legs["kind"].to_list() == ["walk", "wait", "ride", "walk"]
    assert minutes == pytest.approx(16.0, abs=0.05) and legs["minutes"].sum() == pytest.approx(minutes, abs=0.02)
    ride = legs.iloc[2]
    assert (ride["route"], ride["from"], ride["to"], ride["headsign"]) == ("7", "Stop a", "Stop c", "Centre")
    assert ride["departs"] == "8:10:00" and ride["arrives"] == "8:18:00" and departs.startswith("8:0")
    assert transit.journey(both, depart="21:00", limit_minutes=30) is None


def test_service_at_stops_and_places(streets, ends, tmp_path):
    homes, _ = ends
    transit = streets.with_transit(feed(tmp_path), date="2024-06-03")
    stops = transit.stops(between=("8:00", "9:00")).set_index("stop_id")
    assert stops["departures"].to_list() == [6, 6, 0] and stops.loc["a", "headway_minutes"] == 10.0
    assert (stops.loc["b", "first"], stops.loc["b", "last"], stops.loc["a", "vehicles"]) == ("8:04:00", "8:54:00", "bus")
    standards = transit.standards(homes, between=("8:00", "9:00"))
    west = standards.loc["west"]
    assert west["convenient"] and west["convenient_and_frequent"] and west["service_class"] == "medium"
    # 80 m: 1 min to walk, 5 min of waiting, 2 min late: 30 / 8.
    assert west["ptal_index"] == pytest.approx(3.75, abs=0.05) and west["ptal_band"] == "1b"
    assert pandas.isna(standards.loc["far", "convenient"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"date": "2025-01-01"}, ["no trip runs", "2024-12-31"]),
        ({"date": "someday"}, ["no date"]),
        ({"date": "2024-06-03", "max_rides": 0}, ["rides"]),
        ({"date": "2024-06-03", "fill_times": "guess"}, ["blank times"]),
    ],
)
def test_what_makes_no_sense_is_refused(streets, ends, tmp_path, options, words):
    homes, places = ends
    with pytest.raises(CommongroundError) as error:
        streets.with_transit(feed(tmp_path), **options).travel_times(homes, places, depart="8:00-9:00")
    assert all(word in str(error.value) for word in words)


def test_windows_and_feeds_of_another_city_are_refused(streets, ends, tmp_path):
    homes, places = ends
    transit = streets.with_transit(feed(tmp_path), date="2024-06-03")
    for depart in ["9:00-8:00", "8", "8:00-20:00"]:
        with pytest.raises(CommongroundError):
            transit.travel_times(homes, places, depart=depart)
    with pytest.raises(CommongroundError):
        transit.travel_times(homes, places, depart="8:00-9:00", percentile=0)
    elsewhere = feed(tmp_path, stops="stop_id,stop_name,stop_lon,stop_lat\na,A,9.5,50.5\nb,B,9.6,50.5\nc,C,9.7,50.5\n")
    with pytest.raises(CommongroundError, match="another city"):
        streets.with_transit(elsewhere, date="2024-06-03")


DATA = pathlib.Path(os.environ.get("COMMONGROUND_DATA", "/nowhere")) / "porto-alegre"


@pytest.mark.skipif(not DATA.is_dir(), reason="needs data")
def test_porto_alegre_agrees_with_r5():
    """Rows that r5r prints (R5 7.5.1): 13 minutes in the median from the market to the bus station, 13/13/14 in half an hour."""
    points = pandas.read_csv(DATA / "poa_points_of_interest.csv").set_index("id")
    places = geopandas.GeoDataFrame(points, geometry=geopandas.points_from_xy(points.lon, points.lat), crs=4326)
    profile = {"profile": "adult", "speed_kmh": 3.6}
    streets = StreetNetwork.from_osm(DATA / "poa_osm.pbf", profile=profile, crs="EPSG:31982")
    transit = streets.with_transit(
        [DATA / "poa_eptc.zip", DATA / "poa_trensurb.zip"],
        date="2019-05-13",
        max_rides=3,
        boarding_slack_seconds=61,
        every_minute=True,
        fill_times="line",
    )
    ends = places.loc[["public_market", "bus_central_station"]]
    found = transit.spreads(ends.iloc[:1], ends.iloc[1:], depart="14:00-14:30", percentiles=[25, 50, 75]).iloc[0]
    for name, minutes in {"p25": 13, "p50": 13, "p75": 14}.items():
        assert minutes - 0.5 <= found[name] < minutes + 1.5, found
