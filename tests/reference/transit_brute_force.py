"""Earliest arrivals by public transport, departure by departure, from the definition.

Independent of the library: its own reading of the feed, its own filling of blank times, straight-line walks, and one
round-limited search per origin and second. Compares with a table of `origin,stop,second,seconds` that the library wrote:

    python transit_brute_force.py TABLE.csv DATE FROM_SECOND EVERY FEED.zip [FEED.zip ...]
"""

import csv
import datetime
import io
import sys
import zipfile

import numpy as np

SLACK, RIDES, LONGEST, PACE = 60, 4, 7_200, 0.75
TRANSFER_M, ACCESS_M, RADIUS = 1_000.0, 1_600.0, 6_371_000.8
NEVER = 10**9


def rows(feed, name):
    try:
        text = feed.read(name).decode("utf-8-sig")
    except KeyError:
        return []
    return csv.DictReader(io.StringIO(text), skipinitialspace=True)


def seconds(text):
    if not text:
        return None
    hours, minutes, rest = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


def runs_on(feed, date):
    key, weekday = date.strftime("%Y%m%d"), date.strftime("%A").lower()
    running = {
        row["service_id"]
        for row in rows(feed, "calendar.txt")
        if row[weekday] == "1" and row["start_date"] <= key <= row["end_date"]
    }
    for row in rows(feed, "calendar_dates.txt"):
        if row["date"] == key:
            (running.add if row["exception_type"] == "1" else running.discard)(row["service_id"])
    return running


def along(shape, places):
    """Metres of places along a shape, in order, by least squares (dynamic programming over pieces)."""
    middle = shape[len(shape) // 2]
    scale = np.array([RADIUS * np.cos(np.radians(middle[1])), RADIUS])
    line, points = (np.radians(np.asarray(x) - middle) * scale for x in (shape, places))
    a, b = line[:-1], line[1:]
    step = b - a
    squared = (step**2).sum(axis=1)
    length = np.concatenate([[0], np.cumsum(np.hypot(*step.T))])
    numbers = np.arange(len(a))
    cost = at = None
    came = []
    for point in points:
        to = point - a
        share = np.clip(np.where(squared > 0, (to * step).sum(axis=1) / np.where(squared > 0, squared, 1), 0), 0, 1)
        gap = ((to - share[:, None] * step) ** 2).sum(axis=1)
        if cost is None:
            cost, at = gap, share
            came.append(numbers * 0)
            continue
        # From the cheapest piece farther back, or on along the same piece.
        lowest = np.minimum.accumulate(np.concatenate([[np.inf], cost[:-1]]))
        where = np.maximum.accumulate(np.where(cost < np.minimum.accumulate(np.concatenate([[np.inf], cost[:-1]])), numbers, 0))
        where = np.concatenate([[0], where[:-1]])
        stay_at = np.maximum(share, at)
        stay = cost + ((to - stay_at[:, None] * step) ** 2).sum(axis=1)
        is_stay = stay < lowest + gap
        came.append(np.where(is_stay, numbers, where))
        cost, at = np.where(is_stay, stay, lowest + gap), np.where(is_stay, stay_at, share)
    piece, on = int(np.argmin(cost)), []
    for back in reversed(came):
        on.append(piece)
        piece = int(back[piece])
    found = []
    for point, piece in zip(points, reversed(on)):
        share = np.clip(((point - a[piece]) @ step[piece]) / squared[piece], 0, 1) if squared[piece] > 0 else 0.0
        found.append(length[piece] + share * (length[piece + 1] - length[piece]))
    return np.maximum.accumulate(found)


def read(paths, date):
    places, vehicles = [], []
    for path in paths:
        feed = zipfile.ZipFile(path)
        number = {}
        for row in rows(feed, "stops.txt"):
            number[row["stop_id"]] = len(places)
            places.append([float(row["stop_lon"]), float(row["stop_lat"])])
        shapes = {}
        for row in rows(feed, "shapes.txt"):
            point = (int(row["shape_pt_sequence"]), float(row["shape_pt_lon"]), float(row["shape_pt_lat"]))
            shapes.setdefault(row["shape_id"], []).append(point)
        shapes = {name: np.array([point[1:] for point in sorted(points)]) for name, points in shapes.items()}
        trips = {row["trip_id"]: row for row in rows(feed, "trips.txt")}
        calls = {}
        for row in rows(feed, "stop_times.txt"):
            call = (
                int(row["stop_sequence"]),
                number[row["stop_id"]],
                seconds(row["arrival_time"]),
                seconds(row["departure_time"]),
            )
            calls.setdefault(row["trip_id"], []).append(call)
        known = {}
        for day in (-1, 0, 1):
            running = runs_on(feed, date + datetime.timedelta(days=day))
            for trip, of_trip in calls.items():
                if trips[trip]["service_id"] not in running:
                    continue
                of_trip.sort()
                stops = [call[1] for call in of_trip]
                arrivals, departures = ([call[at] for call in of_trip] for at in (2, 3))
                if None in arrivals:
                    key = (trips[trip]["shape_id"], tuple(stops))
                    if key not in known:
                        known[key] = along(shapes[key[0]], [places[stop] for stop in stops])
                    metres = known[key]
                    timed = [at for at, time in enumerate(arrivals) if time is not None]
                    for before, after in zip(timed, timed[1:]):
                        span, time = metres[after] - metres[before], arrivals[after] - departures[before]
                        for at in range(before + 1, after):
                            share = (metres[at] - metres[before]) / span if span > 0 else (at - before) / (after - before)
                            # Half a second is rounded up, as in arithmetic and not as in Python.
                            arrivals[at] = departures[at] = departures[before] + int(np.floor(time * share + 0.5))
                shift = day * 86_400
                vehicles.append((stops, [t + shift for t in arrivals], [t + shift for t in departures]))
    return np.array(places), vehicles


def walks(places, limit):
    """Pairs of stops within a distance, with whole seconds of walking."""
    lon, lat = np.radians(places.T)
    found = []
    for at in range(len(places)):
        near = np.nonzero(np.abs(places[:, 1] - places[at, 1]) <= 0.02)[0]
        middle = np.radians(0.5 * (places[near, 1] + places[at, 1]))
        east, north = (lon[near] - lon[at]) * np.cos(middle), lat[near] - lat[at]
        metres = RADIUS * np.sqrt(east * east + north * north)
        is_near = metres <= limit
        found.append(np.stack([np.full(is_near.sum(), at), near[is_near], np.ceil(metres[is_near] * PACE)]))
    return np.concatenate(found, axis=1).astype(np.int64)


def arrivals(vehicles, access, transfer, egress, origin, start, count):
    """Earliest second at each stop for who leaves `origin` at second `start`, on foot at either end."""
    ready = np.full(count, NEVER)
    near = access[:, access[0] == origin]
    ready[near[1]] = start + near[2] + SLACK
    best = np.full(count, NEVER)
    for _ in range(RIDES):
        at_stop = ready.tolist()
        here = best.copy()
        for stops, arrive, depart in vehicles:
            is_aboard = False
            last = len(stops) - 1
            for position, stop in enumerate(stops):
                if is_aboard and arrive[position] < here[stop]:
                    here[stop] = arrive[position]
                if not is_aboard and position < last and depart[position] >= at_stop[stop]:
                    is_aboard = True
        best = here
        np.minimum.at(ready, transfer[1], best[transfer[0]] + transfer[2] + SLACK)
    there = np.full(count, NEVER)
    np.minimum.at(there, egress[1], best[egress[0]] + egress[2])
    return there


def main(table, date, begin, every, *feeds):
    date, begin = datetime.date.fromisoformat(date), int(begin)
    places, vehicles = read(feeds, date)
    vehicles = [vehicle for vehicle in vehicles if vehicle[1][-1] >= begin and vehicle[2][0] <= begin + 4 * 3_600]
    transfer, access = walks(places, TRANSFER_M), walks(places, ACCESS_M)
    claimed = np.loadtxt(table, delimiter=",", dtype=np.int64)
    origins, moments = range(0, len(places), int(every)), sorted(set(claimed[:, 2]))
    order = np.lexsort((claimed[:, 2], claimed[:, 0]))
    claimed = claimed[order]
    keys = claimed[:, 0] * 100_000 + claimed[:, 2]
    compared = different = 0
    for origin in origins:
        for moment in moments:
            start = begin + int(moment)
            there = arrivals(vehicles, access, transfer, access, origin, start, len(places)) - start
            there[there > LONGEST] = -1
            low, high = np.searchsorted(keys, [origin * 100_000 + moment, origin * 100_000 + moment + 1])
            ours = np.full(len(places), -1)
            ours[claimed[low:high, 1]] = claimed[low:high, 3]
            compared += len(places)
            wrong = np.nonzero(ours != there)[0]
            different += len(wrong)
            for stop in wrong[:3] if different < 30 else ():
                print(f"origin {origin} second {moment} stop {stop}: library {ours[stop]}, here {there[stop]}")
    print(f"{len(vehicles)} vehicles; compared {compared} pairs of stop and second: {different} differences")
    return different


if __name__ == "__main__":
    sys.exit(1 if main(*sys.argv[1:]) else 0)
