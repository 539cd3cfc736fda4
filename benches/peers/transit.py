"""Public transport of Porto Alegre, beside cafein: agreement on the semantics that both have, then CPU seconds.

    python transit.py cafein OUT.csv EVERY        # with an interpreter that has cafein
    python transit.py commonground OUT.csv EVERY  # with one that has commonground; compares with OUT.csv

Every EVERY-th of the 1,227 hexagons is an origin and a destination: Monday 2019-05-13, 14:00 to 15:00, every minute, walking at
3.6 km/h, at most 20 minutes to stops and between them, no time lost at stops, blank times filled evenly. One thread.
"""

import os
import sys
import time

os.environ.setdefault("RAYON_NUM_THREADS", "1")
import geopandas
import pandas

DATA = os.path.join(os.environ["COMMONGROUND_DATA"], "porto-alegre")
FEEDS = [os.path.join(DATA, name) for name in ("poa_eptc.zip", "poa_trensurb.zip")]
STREETS = os.path.join(DATA, "poa_osm.pbf")


def cells(every: int) -> geopandas.GeoDataFrame:
    table = pandas.read_csv(os.path.join(DATA, "poa_hexgrid.csv")).iloc[::every].reset_index(drop=True)
    points = geopandas.points_from_xy(table["lon"], table["lat"])
    return geopandas.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


def timed(what: str, work):
    start = time.process_time()
    done = work()
    print(f"{time.process_time() - start:9.3f} s  {what}")
    return done


def cafein(out: str, every: int) -> None:
    from datetime import datetime, timedelta

    import cafein as peer

    places = cells(every)
    network = timed("cafein: network", lambda: peer.TransportNetwork.from_gtfs(FEEDS, osm_pbf=STREETS))

    def matrix(window):
        asked = {} if window is None else {"departure_time_window": window, "percentiles": [50]}
        return peer.TravelTimeMatrix(
            network, places, places, datetime(2019, 5, 13, 14), **asked,
            max_rides=4, output_time_units="seconds", workers=1,
        )

    timed("cafein: one departure", lambda: matrix(None))
    found = timed("cafein: 60 minutes", lambda: matrix(timedelta(minutes=60)))
    pandas.DataFrame(found).to_csv(out, index=False)


def commonground(out: str, every: int) -> None:
    from commonground import StreetNetwork

    places = cells(every).set_index("id")
    streets = StreetNetwork.from_osm(STREETS, profile={"profile": "adult", "speed_kmh": 3.6}, crs="EPSG:31982")
    transit = timed(
        "commonground: timetables on streets",
        lambda: streets.with_transit(
            FEEDS, date="2019-05-13", boarding_slack_seconds=0, max_transfer_metres=1_200.0, fill_times="even", every_minute=True
        ),
    )
    at = streets.attach(places, max_snap_metres=1_600)
    timed("commonground: one departure", lambda: transit.spreads(at, at, depart="14:00", percentiles=[50]))
    ours = timed("commonground: 60 minutes", lambda: transit.spreads(at, at, depart="14:00-15:00", percentiles=[50]))
    theirs = pandas.read_csv(out)
    column = next(name for name in theirs if name.startswith("travel_time"))
    both = ours.merge(theirs, left_on=["origin", "place"], right_on=["from_id", "to_id"]).dropna(subset=["p50", column])
    gap = both["p50"] - both[column] / 60
    gap = gap[both["origin"] != both["place"]]
    print(f"{len(ours.dropna())} and {len(theirs.dropna())} pairs, {len(gap)} in both; difference in minutes:")
    print(gap.describe(percentiles=[0.05, 0.25, 0.5, 0.75, 0.95]).round(3).to_string())


if __name__ == "__main__":
    {"cafein": cafein, "commonground": commonground}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
