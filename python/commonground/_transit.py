"""Public transport on a street network, at every second of a departure window."""

from __future__ import annotations

import datetime
import os
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import geopandas
import pandas

from commonground import _commonground
from commonground._arrow import frame_of
from commonground._attached import Places
from commonground._errors import refused
from commonground._progress import Progress, listener
from commonground.access import TravelTimes

if TYPE_CHECKING:
    from commonground._network import StreetNetwork

# As everywhere: the longest way to a street in metres, and the fewest junctions of its piece of network.
_SNAP = (500.0, 40)


class TransitNetwork:
    """Streets with public transport on one day, made by :meth:`StreetNetwork.with_transit`.

    Journeys begin and end on foot, on the streets and at the pace of the network's own profile; passengers change between
    stops on the same streets, and walk all the way where that is faster. ``depart`` is a window such as ``"7:00-9:00"``, whose
    every second is a departure, or one time; times after midnight may go on as ``"24:30"``. A ``percentile`` of 50 is the
    median departure: half of them are at least as fast. What fewer departures reach is absent or NaN.
    """

    def __init__(self, streets: StreetNetwork, inner: _commonground.Transit) -> None:
        self._streets, self._inner = streets, inner

    @classmethod
    def _on(
        cls,
        streets: StreetNetwork,
        feeds: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
        date: str | datetime.date,
        options: Mapping[str, Any],
        progress: Progress,
    ) -> TransitNetwork:
        paths = [feeds] if isinstance(feeds, (str, os.PathLike)) else list(feeds)
        behaviour = (
            (
                int(options["boarding_slack_seconds"]),
                int(options["max_rides"]),
                float(options["max_access_minutes"]),
                float(options["max_transfer_metres"]),
                int(options["draws"]),
            ),
            (options["every_minute"], options["wheelchair"], options["stay_seated_in_blocks"]),
        )
        asked = (str(date), options["fill_times"])
        with listener(progress) as tell:
            inner = _commonground.Transit(
                streets._inner, [os.fspath(path) for path in paths], asked, behaviour, tell
            )
        return cls(streets, inner)

    @property
    def receipts(self) -> pandas.DataFrame:
        """What was dropped, repaired or filled in while the feeds were read.

        Columns ``feed``, ``file``, ``first_line``, ``count``, ``what`` and ``example``.
        """
        columns = ["feed", "file", "first_line", "count", "what", "example"]
        frame = pandas.DataFrame(self._inner.receipts(), columns=columns)
        return frame.astype({"first_line": "Int64"})

    @property
    def silent_feeds(self) -> list[str]:
        """Feeds without a trip on the day, while others have some."""
        return self._inner.silent_feeds()

    def travel_times(
        self,
        origins: Places,
        places: Places,
        *,
        depart: str,
        percentile: float = 50.0,
        limit_minutes: float = 120.0,
        progress: Progress = None,
    ) -> TravelTimes:
        """Travel times of all pairs, for every measure of :mod:`commonground.access`.

        Parameters
        ----------
        limit_minutes : float
            Longest journey, from door to door.

        Returns
        -------
        TravelTimes
            ``to_frame()`` gives a row per pair.
        """
        start, end = self._streets._attached((origins, places), *_SNAP, progress)
        asked = (depart, float(limit_minutes), float(percentile))
        with listener(progress) as tell:
            inner = self._inner.travel_times(start._inner, end._inner, asked, tell)
        return TravelTimes._of(inner, start.index, end.index)

    def spreads(
        self,
        origins: Places,
        places: Places,
        *,
        depart: str,
        percentiles: Sequence[float] = (5, 25, 50, 75, 95),
        within_minutes: Sequence[float] = (),
        limit_minutes: float = 120.0,
        progress: Progress = None,
    ) -> pandas.DataFrame:
        """Percentiles of the travel time of every pair, and the share of departures within some minutes.

        Returns
        -------
        DataFrame
            Columns ``origin`` and ``place`` (ids of the input), ``p50`` and so on in minutes (NaN where fewer departures
            arrive) and ``share_within_30`` and so on, 0 to 1.
        """
        start, end = self._streets._attached((origins, places), *_SNAP, progress)
        percents, cutoffs = [float(value) for value in percentiles], [float(value) for value in within_minutes]
        with listener(progress) as tell:
            asked = (depart, float(limit_minutes), percents, cutoffs)
            batch = self._inner.spreads(start._inner, end._inner, asked, tell)
        frame = frame_of(batch)
        frame["origin"], frame["place"] = start.index.take(frame["origin"].to_numpy()), end.index.take(frame["place"].to_numpy())
        names = [f"p{value:g}" for value in percents] + [f"share_within_{value:g}" for value in cutoffs]
        return frame.rename(columns={str(number): name for number, name in enumerate(names)})

    def closest(
        self,
        origins: Places,
        places: Mapping[Hashable, Places],
        *,
        depart: str,
        percentiles: Sequence[float] = (50,),
        limit_minutes: float = 120.0,
        progress: Progress = None,
    ) -> pandas.DataFrame:
        """Minutes to the closest place of each category, whichever that is at each departure.

        Returns
        -------
        DataFrame
            Indexed like the origins, with columns of two levels: the category, and ``p50`` and so on in minutes or
            ``share_arriving``, the share of departures that reach any place.
        """
        start, *ends = self._streets._attached((origins, *places.values()), *_SNAP, progress)
        percents = [float(value) for value in percentiles]
        with listener(progress) as tell:
            asked = (depart, float(limit_minutes), percents)
            batch = self._inner.closest(start._inner, [end._inner for end in ends], asked, tell)
        frame = frame_of(batch)
        frame.columns = [*(f"p{value:g}" for value in percents), "share_arriving"]
        count = len(start)
        parts = [frame.iloc[n * count : (n + 1) * count].set_index(start.index) for n in range(len(ends))]
        return pandas.concat(parts, axis=1, keys=list(places))

    def journey(
        self,
        ends: Places,
        *,
        depart: str,
        percentile: float = 50.0,
        limit_minutes: float = 120.0,
    ) -> tuple[pandas.DataFrame, str, float] | None:
        """The journey from the first point to the second that takes as long as the percentile.

        Returns
        -------
        tuple of DataFrame, str and float, or None
            Legs with ``kind`` (``walk``, ``wait`` or ``ride``), ``minutes``, ``route``, ``headsign``, ``from`` and ``to`` (stops),
            ``departs`` and ``arrives``; the time of departure; and the minutes in all. None if too few departures arrive.
        """
        (attached,) = self._streets._attached((ends,), *_SNAP, progress=False)
        if len(attached) != 2:
            raise refused(f"a journey has two ends, not {len(attached)}")
        asked = (depart, float(limit_minutes), float(percentile))
        found = self._inner.journey(attached._inner, asked)
        if found is None:
            return None
        batch, departs, minutes = found
        legs = frame_of(batch)
        for column in ["departs", "arrives"]:
            legs[column] = legs.pop(f"{column}_s").map(_clock, na_action="ignore")
        return legs, _clock(departs), minutes

    def stops(self, *, between: tuple[str, str] = ("0:00", "24:00")) -> geopandas.GeoDataFrame:
        """The service at each stop, without routing.

        Returns
        -------
        GeoDataFrame
            Points in WGS 84: ``feed``, ``stop_id``, ``name``, ``on_street``, ``departures`` and ``routes`` in the window,
            ``headway_minutes`` of the route and direction that departs most often, ``first`` and ``last`` departure, and
            ``vehicles``.
        """
        frame = frame_of(self._inner.stops((between[0], between[1])))
        frame["on_street"] = frame["on_street"].astype(bool)
        for column in ["first", "last"]:
            frame[column] = frame.pop(f"{column}_s").map(_clock, na_action="ignore")
        points = geopandas.points_from_xy(frame.pop("lon"), frame.pop("lat"))
        return geopandas.GeoDataFrame(frame, geometry=points, crs="EPSG:4326")

    def standards(
        self,
        places: Places,
        *,
        between: tuple[str, str] = ("8:15", "9:15"),
        progress: Progress = None,
    ) -> pandas.DataFrame:
        """Public transport at places, by the walk to stops and what leaves there.

        Returns
        -------
        DataFrame
            Indexed like the places: ``convenient`` (a stop within 500 m, or a station within 1,000 m, along streets: SDG
            11.2.1), ``convenient_and_frequent`` (with a departure every 20 minutes), ``service_class`` (DG REGIO),
            ``departures_per_hour`` of the best stop within an easy walk, ``ptal_index`` and ``ptal_band``; missing where
            the place is on no street.
        """
        (attached,) = self._streets._attached((places,), *_SNAP, progress)
        with listener(progress) as tell:
            batch = self._inner.standards(attached._inner, (between[0], between[1]), tell)
        frame = frame_of(batch)
        for column in ["convenient", "convenient_and_frequent"]:
            frame[column] = frame[column].astype("boolean")
        return frame.set_index(attached.index)

    def __repr__(self) -> str:
        stops, attached, trips = self._inner.counts()
        return f"<TransitNetwork: {attached} of {stops} stops on streets, {trips} trips>"


def _clock(seconds: float) -> str:
    """Seconds from midnight as a time; hours go on after midnight."""
    total = int(seconds)
    return f"{total // 3600}:{total // 60 % 60:02}:{total % 60:02}"
