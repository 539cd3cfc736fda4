"""Minutes between origins and destinations: a table of any router, or searches on a street network."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Literal

import pandas

from commonground._arrow import frame_of, to_batch
from commonground._attached import Places, places_of
from commonground._commonground import access as _access
from commonground._errors import nearest, refused
from commonground._progress import Progress
from commonground.access._tables import numbers_of, unique

if TYPE_CHECKING:
    from commonground import StreetNetwork


class TravelTimes:
    """A table of travel times between origins and destinations.

    Parameters
    ----------
    table : DataFrame
        One row per pair; a pair that is not in it was not reached.
    origin, destination, minutes : str
        Names of its columns; by default those that r5r and R ``accessibility`` use, or those that
        :meth:`StreetNetwork.travel_times` gives.
    origins, destinations : Index or sequence of ids, optional
        All origins and destinations, so that those in no pair get their result too, in this order. By default the ids of
        the table, sorted.

    Raises
    ------
    CommongroundError
        If an id is listed twice or is not listed, a pair stands twice in the table, or a time is negative or not finite.

    Examples
    --------
    >>> TravelTimes(pandas.DataFrame({"from_id": ["a", "a"], "to_id": ["east", "west"], "travel_time": [5.0, 25.0]}))
    TravelTimes(1 origins, 2 destinations, 2 pairs)
    """

    def __init__(
        self,
        table: pandas.DataFrame,
        *,
        origin: str = "from_id",
        destination: str = "to_id",
        minutes: str = "travel_time",
        origins: Iterable[Hashable] | None = None,
        destinations: Iterable[Hashable] | None = None,
    ) -> None:
        if not {origin, destination, minutes} <= set(table.columns):
            # The columns of our own tables.
            own = {"from_id": "origin", "to_id": "destination", "travel_time": "minutes"}
            origin, destination, minutes = (own.get(column, column) for column in (origin, destination, minutes))
            if "destination" not in table.columns and "place" in table.columns:
                destination = "place" if destination == "destination" else destination
        for column in (origin, destination, minutes):
            if column not in table.columns:
                hint = nearest(column, [str(one) for one in table.columns])
                raise refused("the table of travel times lacks a column", hint=hint, column=column)
        self.origins = _ids(table[origin], origins, "origins")
        self.destinations = _ids(table[destination], destinations, "destinations")
        numbers = {
            "origin": numbers_of(table[origin], self.origins, "an origin"),
            "destination": numbers_of(table[destination], self.destinations, "a destination"),
        }
        batch = to_batch(integers=numbers, numbers={"minutes": table[minutes].to_numpy()})
        self._inner = _access.TravelTimes(len(self.origins), len(self.destinations), batch)

    @classmethod
    def from_matrix(cls, matrix: pandas.DataFrame) -> TravelTimes:
        """Make a table from minutes with origins as the index and destinations as columns; NaN means not reached."""
        long = matrix.rename_axis(index="from_id").reset_index().melt(id_vars="from_id", var_name="to_id", value_name="travel_time")
        return cls(long.dropna(subset=["travel_time"]), origins=matrix.index, destinations=matrix.columns)

    @classmethod
    def from_network(
        cls,
        network: StreetNetwork,
        origins: Places,
        places: Places,
        *,
        limit_minutes: float = 60.0,
        direction: Literal["from", "to"] = "from",
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: Progress = None,
    ) -> TravelTimes:
        """Walk (or ride) every pair within a limit on a street network.

        Parameters
        ----------
        origins, places
            Points with a coordinate reference system, or attached before with :meth:`StreetNetwork.attach`; their indexes
            name the origins and the destinations.
        limit_minutes, direction, max_snap_metres, smallest_component, progress
            As for :meth:`StreetNetwork.travel_times`.

        Returns
        -------
        TravelTimes
            An origin that is on no street has NaN in every measure; :meth:`StreetNetwork.receipts` says why.
        """
        origins, places = places_of(origins), places_of(places)
        unique(origins.index, "origins")
        unique(places.index, "destinations")
        options = (max_snap_metres, smallest_component, progress)
        start, end = network._attached((origins, places), *options)
        inner = network._travel_times(start, end, limit_minutes, direction, progress)
        return cls._of(inner, start.index, end.index)

    @classmethod
    def _of(cls, inner: _access.TravelTimes, origins: pandas.Index, destinations: pandas.Index) -> TravelTimes:
        """A table that the library has made."""
        table = cls.__new__(cls)
        table.origins, table.destinations = unique(origins, "origins"), unique(destinations, "destinations")
        table._inner = inner
        return table

    def to_frame(self) -> pandas.DataFrame:
        """One row per pair: ``from_id``, ``to_id``, ``travel_time`` in minutes."""
        pairs = frame_of(self._inner.pairs())
        return pandas.DataFrame(
            {
                "from_id": self.origins.take(pairs["origin"].to_numpy()),
                "to_id": self.destinations.take(pairs["destination"].to_numpy()),
                "travel_time": pairs["minutes"],
            }
        )

    def __len__(self) -> int:
        return self._inner.pair_count()

    def __repr__(self) -> str:
        return f"TravelTimes({len(self.origins)} origins, {len(self.destinations)} destinations, {len(self)} pairs)"


class Searches:
    """Pairs of origins and places on a street network, searched anew by each measure: no table is ever built.

    Accepted wherever a :class:`TravelTimes` is, with the same numbers. Memory grows with the places, not with their pairs
    (but for :func:`raam`, whose agents keep the places that they may choose).

    Parameters
    ----------
    network : StreetNetwork
    origins, places
        As for :meth:`TravelTimes.from_network`.
    limit_minutes : float
        What is farther is not reached, whatever the decay of a measure.
    direction, max_snap_metres, smallest_component, progress
        As for :meth:`StreetNetwork.travel_times`.

    Examples
    --------
    >>> edges = pandas.DataFrame({"from": [1, 2], "to": [2, 3], "minutes": [4.0, 1.5]})
    >>> network = commonground.StreetNetwork.from_edges(edges, minutes="minutes", simplify=False)
    >>> searches = Searches(network, network.attach_nodes([0, 1]), network.attach_nodes([2]))
    >>> searches
    Searches(2 origins, 1 destinations)
    >>> cost_to_closest(searches, pandas.Series({2: 1})).to_dict()
    {0: 5.5, 1: 1.5}
    """

    def __init__(
        self,
        network: StreetNetwork,
        origins: Places,
        places: Places,
        *,
        limit_minutes: float = 60.0,
        direction: Literal["from", "to"] = "from",
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: Progress = None,
    ) -> None:
        origins, places = places_of(origins), places_of(places)
        self.origins = unique(origins.index, "origins")
        self.destinations = unique(places.index, "destinations")
        if direction not in ("from", "to"):
            raise refused(f"direction must be 'from' or 'to', not {direction!r}")
        start, end = network._attached((origins, places), max_snap_metres, smallest_component, progress)
        self._network, self._crs = network, start.crs
        inner = (start._inner, end._inner, float(limit_minutes), direction == "to")
        self._inner = _access.Searches(network._inner, *inner)

    def __repr__(self) -> str:
        return f"Searches({len(self.origins)} origins, {len(self.destinations)} destinations)"


def _ids(column: pandas.Series, given: Iterable[Hashable] | None, side: str) -> pandas.Index:
    return unique(pandas.Index(given) if given is not None else pandas.Index(column.unique()).sort_values(), side)
