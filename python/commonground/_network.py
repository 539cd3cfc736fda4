"""The street network: streets of OpenStreetMap, of lines or of tables, for one travel mode."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import geopandas
import pandas
import pyproj

from commonground import _commonground
from commonground._arrow import table_of, to_batch, to_frame
from commonground._errors import column_of
from commonground._osmnx import tables_of, to_graph
from commonground._progress import Progress, listener
from commonground._queries import Queries
from commonground._transit import TransitNetwork

if TYPE_CHECKING:
    import networkx

# Arguments that are not named like what they mean to the library.
_ARGUMENTS = {"class": "street_class", "length_m": "length_metres"}


class StreetNetwork(Queries):
    """Streets as a network for one travel mode: built once, then only read.

    Made by :meth:`from_osm`, :meth:`from_lines`, :meth:`from_edges`, :meth:`from_osmnx` and :meth:`load`. Can be pickled, and so
    sent to other processes.
    """

    def __init__(self, inner: _commonground.StreetNetwork) -> None:
        self._inner = inner

    @classmethod
    def from_osm(
        cls,
        path: str | os.PathLike[str],
        *,
        profile: str | Mapping[str, Any] = "adult",
        crs: Any = None,
        elevation: str | os.PathLike[str] | None = None,
        simplify: bool = True,
        smallest_component: int = 0,
        progress: Progress = None,
    ) -> StreetNetwork:
        """Build the network of an OpenStreetMap extract.

        Parameters
        ----------
        path : path
            An extract, ``.osm.pbf``.
        profile : str or mapping
            Who travels: ``adult``, ``older_adult``, ``pram``, ``wheelchair``, ``bicycle`` or ``car``. A mapping may
            change that profile's tables, with the keys of ``[travel]`` in ``study.toml``:
            ``{"profile": "car", "speeds": {"residential": 30}}``.
        crs : any that geopandas knows, optional
            A metric coordinate reference system; by default the local UTM zone.
        elevation : path, optional
            Heights of the ground in metres, a GeoTIFF. People on foot are then slower uphill and a little faster
            downhill (Tobler), and wheelchairs stop where it is steeper than a ramp; ``report`` counts what is taken
            as flat because its height is not known.
        simplify : bool
            Whether to join edges where nothing branches off. Changes no answer; makes searches faster.
        smallest_component : int
            Separate pieces with fewer nodes are left out.
        progress : bool or callable, optional
            Whether to show a bar; by default on a terminal and in a notebook only. A callable gets the step, its total
            and how much of it is done, about twenty times a second; an error that it raises stops the work.

        Returns
        -------
        StreetNetwork

        Raises
        ------
        CommongroundError
            If the file cannot be read, or no street is open to the profile.
        """
        building = (_travel(profile), simplify, smallest_component)
        heights = None if elevation is None else os.fspath(elevation)
        with listener(progress) as tell:
            return cls(_commonground.StreetNetwork.from_osm(os.fspath(path), building, _crs(crs), heights, tell))

    @classmethod
    def from_lines(
        cls,
        lines: geopandas.GeoDataFrame,
        *,
        profile: str | Mapping[str, Any] = "adult",
        street_class: str | None = None,
        classes: Mapping[Any, str] | None = None,
        name: str | None = None,
        oneway: str | None = None,
        speed_limit_kmh: str | None = None,
        speed_limit_mph: str | None = None,
        crs: Any = None,
        simplify: bool = True,
        smallest_component: int = 0,
        progress: Progress = None,
    ) -> StreetNetwork:
        """Build the network of a table of lines, joined where they share a coordinate of any vertex, and only there.

        Parameters
        ----------
        lines : GeoDataFrame, or a table of Arrow with GeoArrow geometries
            Lines with a coordinate reference system.
        street_class, name, oneway, speed_limit_kmh, speed_limit_mph : str, optional
            Names of columns. A direction is ``yes``, ``True``, ``F`` or ``FT`` along the line, ``-1``, ``T`` or ``TF``
            against it, ``no``, ``False``, ``B`` or missing both ways. A limit of 0 or that is missing says nothing.
        classes : mapping, optional
            The value of OpenStreetMap's ``highway`` for each class of the data: ``{"S1100": "motorway"}``. Classes without
            meaning count as ``unclassified``; :attr:`findings` lists them.
        profile, crs, simplify, smallest_component, progress
            As for :meth:`from_osm`; the system is that of the lines if it is metric.

        Returns
        -------
        StreetNetwork
            The ``street`` of an edge is the row of its line, from 1.

        Raises
        ------
        CommongroundError
            If a column is missing or holds what it cannot, a row is no line, or no street is open to the profile.
        """
        lines = table_of(lines)
        texts = {"class": street_class, "name": name, "oneway": oneway}
        numbers = {"speed_limit_kmh": speed_limit_kmh, "speed_limit_mph": speed_limit_mph}
        columns = {meaning: column for meaning, column in {**texts, **numbers}.items() if column is not None}
        table = to_batch(
            texts={column: column_of(lines, column, _ARGUMENTS.get(meaning, meaning)) for meaning, column in texts.items() if column is not None},
            numbers={column: column_of(lines, column, _ARGUMENTS.get(meaning, meaning)) for meaning, column in numbers.items() if column is not None},
            geometry=lines.geometry,
        )
        meanings = {str(value): highway for value, highway in (classes or {}).items()}
        building = (_travel(profile), simplify, smallest_component)
        with listener(progress) as tell:
            placed = (table, _crs(lines.crs))
            return cls(
                _commonground.StreetNetwork.from_lines(placed, (columns, meanings), building, _crs(crs), tell)
            )

    @classmethod
    def from_edges(
        cls,
        edges: pandas.DataFrame,
        nodes: geopandas.GeoDataFrame | geopandas.GeoSeries | None = None,
        *,
        profile: str | Mapping[str, Any] = "adult",
        source: str = "from",
        target: str = "to",
        length_metres: str | None = None,
        minutes: str | None = None,
        oneway: str | None = None,
        crs: Any = None,
        simplify: bool = True,
        smallest_component: int = 0,
        progress: Progress = None,
    ) -> StreetNetwork:
        """Build a network of tables of edges and nodes.

        Parameters
        ----------
        edges : DataFrame, or a table of polars, DuckDB or Arrow
            One row per edge, straight between its nodes; parallel edges and loops are kept.
        nodes : GeoDataFrame or GeoSeries, optional
            Points, indexed by the whole numbers that the edges name. Without a coordinate reference system they are taken
            as metres. Without nodes there are no places, and edges need a length or minutes: then ask with
            :meth:`attach_nodes`; the ``vertex`` of a node is the number that the edges name.
        source, target : str
            Columns with the number of the node that an edge leaves, and reaches.
        length_metres, minutes, oneway : str, optional
            Columns. A missing length is the straight one, missing minutes are the length at the speed of the profile; an
            edge that is one-way is used from its source to its target only.
        profile, crs, simplify, smallest_component, progress
            As for :meth:`from_osm`; the system is that of the nodes if it is metric.

        Returns
        -------
        StreetNetwork
            The ``street`` of an edge is its row in the table, from 0.

        Raises
        ------
        CommongroundError
            With the row, if an edge names a node that is not there or a number is missing, negative or not finite.

        Examples
        --------
        >>> edges = pandas.DataFrame({"from": [1, 2], "to": [2, 3], "minutes": [4.0, 1.5]})
        >>> StreetNetwork.from_edges(edges, minutes="minutes", simplify=False)
        <StreetNetwork for an adult on foot at 4.8 km/h on a good flat street: 3 nodes, 2 edges>
        """
        edges, nodes = table_of(edges), table_of(nodes)
        optional = {"length_m": length_metres, "minutes": minutes}
        amounts = {name: column_of(edges, column, _ARGUMENTS.get(name, name)) for name, column in optional.items() if column is not None}
        if oneway is not None:
            amounts["oneway"] = column_of(edges, oneway, "oneway").fillna(False).astype(bool)
        table = to_batch(integers={"from": column_of(edges, source, "source"), "to": column_of(edges, target, "target")}, numbers=amounts)
        places = None
        if nodes is not None:
            geometry = nodes.geometry
            places = (to_batch(integers={"id": geometry.index}, geometry=geometry), _crs(geometry.crs))
        building = (_travel(profile), simplify, smallest_component)
        with listener(progress) as tell:
            return cls(_commonground.StreetNetwork.from_edges(places, table, building, _crs(crs), tell))

    @classmethod
    def from_osmnx(
        cls,
        graph: networkx.MultiDiGraph[int] | tuple[geopandas.GeoDataFrame, geopandas.GeoDataFrame],
        *,
        profile: str | Mapping[str, Any] = "adult",
        seconds: str | None = None,
        directed: bool | None = None,
        crs: Any = None,
        smallest_component: int = 0,
        progress: Progress = None,
    ) -> StreetNetwork:
        """Build a network of a graph of OSMnx, or of its tables, as they are: same nodes, same edges, same lines.

        Places are attached to the lines of the edges, not to nodes, and the way along the line counts. The two directions of a
        street become one edge that is open both ways.

        Parameters
        ----------
        graph : networkx.MultiDiGraph, or tuple of nodes and edges
            Of ``osmnx.graph_from_place`` and its like, simplified or not, projected or not; or what
            ``osmnx.graph_to_gdfs(graph)`` makes of it. Any graph of networkx with numbers as nodes, ``x`` and ``y`` at them and
            ``graph["crs"]`` does as well.
        seconds : str, optional
            Attribute of the edges with their travel time in seconds: ``"travel_time"`` of ``osmnx.add_edge_travel_times``. By
            default an edge takes its ``length`` in metres, or that of its line, at the speed of the profile on a good flat street.
        directed : bool, optional
            Whether an edge is open from ``u`` to ``v`` only; by default as the graph says, and true of tables.
        profile, crs, smallest_component, progress
            As for :meth:`from_osm`; the system is that of the graph if it is metric. What the profile may not enter is not
            known here: download the graph of the travel mode (``network_type="walk"``).

        Returns
        -------
        StreetNetwork
            The ``vertex`` of a node is the number that the graph has for it.

        Raises
        ------
        CommongroundError
            If this is no graph, a node has no place, an edge names a node that is not there, or its line does not lead from one
            to the other within a metre.

        Examples
        --------
        >>> import networkx
        >>> graph = networkx.MultiDiGraph(crs="EPSG:32631")
        >>> graph.add_nodes_from([(1, {"x": 500000, "y": 4800000}), (2, {"x": 500080, "y": 4800000})])
        >>> graph.add_edges_from([(1, 2, {"length": 80}), (2, 1, {"length": 80})])
        [0, 0]
        >>> StreetNetwork.from_osmnx(graph)
        <StreetNetwork for an adult on foot at 4.8 km/h on a good flat street: 2 nodes, 1 edges>
        """
        points, edges = tables_of(graph, seconds, directed)
        amounts = {"oneway": edges["oneway"]}
        if "length" in edges:
            amounts["length_m"] = edges["length"]
        if "seconds" in edges:
            amounts["minutes"] = edges["seconds"] / 60.0
        lines = geopandas.GeoSeries(edges["line"], crs=points.crs)
        table = to_batch(integers={"from": edges["from"], "to": edges["to"]}, numbers=amounts, geometry=lines)
        places = (to_batch(integers={"id": points.index}, geometry=points), _crs(points.crs))
        building = (_travel(profile), False, smallest_component)
        with listener(progress) as tell:
            return cls(_commonground.StreetNetwork.from_edges(places, table, building, _crs(crs), tell))

    def to_networkx(self) -> networkx.MultiDiGraph[int]:
        """The network as a graph with the names that OSMnx gives, for its functions and those of networkx.

        Returns
        -------
        networkx.MultiDiGraph
            Nodes by their number in :attr:`nodes`, with ``x``, ``y``, ``osmid`` and ``component``; an edge for each direction that
            is open, with ``length`` in metres, ``travel_time`` in seconds, ``osmid`` of the street, ``oneway``, ``reversed`` and
            ``geometry``. ``graph["crs"]`` is the coordinate reference system.

        Raises
        ------
        ImportError
            If networkx is not installed.
        """
        return to_graph(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return _opened, self._inner.to_bytes()

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> StreetNetwork:
        """Open a network that :meth:`save` wrote.

        Raises
        ------
        CommongroundError
            If the file cannot be read, was written by another version, or is cut off or damaged.
        """
        return cls(_commonground.StreetNetwork.load(os.fspath(path)))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the network to a file, whole or not at all, to open it at once with :meth:`load`."""
        self._inner.save(os.fspath(path))

    def with_transit(
        self,
        feeds: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
        *,
        date: str | datetime.date,
        max_rides: int = 4,
        boarding_slack_seconds: int = 60,
        max_access_minutes: float = 20.0,
        max_transfer_metres: float = 1_000.0,
        fill_times: Literal["shape", "line", "even"] = "shape",
        every_minute: bool = False,
        wheelchair: bool = False,
        stay_seated_in_blocks: bool = False,
        draws: int = 20,
        progress: Progress = None,
    ) -> TransitNetwork:
        """Put timetables on the streets, for a day.

        Parameters
        ----------
        feeds : path or sequence of paths
            Timetables in the General Transit Feed Specification (GTFS): zip files or folders.
        date : str or date
            The day: ``"2024-06-03"``. Trips of the nights before and after count where they belong.
        max_rides : int
            Most vehicles of a journey.
        boarding_slack_seconds : int
            How long before its departure passengers are at the stop, at every boarding.
        max_access_minutes, max_transfer_metres : float
            Longest walk to the first stop and from the last, and between two stops, along streets.
        fill_times : str
            How calls without a time get one: ``shape`` by distance along the shape of the trip, ``line`` by straight lines
            from stop to stop (as R5 does), ``even`` (as OpenTripPlanner does).
        every_minute : bool
            Count one departure a minute, as R5 does, instead of every second.
        wheelchair : bool
            Leave out trips and stops that the feed says cannot be used with a wheelchair.
        stay_seated_in_blocks : bool
            Whether passengers stay seated where a vehicle goes on within its block at the same stop, not only where
            ``transfers.txt`` says so.
        draws : int
            Timetables that are drawn where headways are not exact.

        Returns
        -------
        TransitNetwork

        Raises
        ------
        CommongroundError
            If a feed cannot be read, no trip runs on the date (the error names the range of each feed and the nearest days
            with service), or no stop lies near a street.
        """
        options = {
            "max_rides": max_rides,
            "boarding_slack_seconds": boarding_slack_seconds,
            "max_access_minutes": max_access_minutes,
            "max_transfer_metres": max_transfer_metres,
            "fill_times": fill_times,
            "every_minute": every_minute,
            "wheelchair": wheelchair,
            "stay_seated_in_blocks": stay_seated_in_blocks,
            "draws": draws,
        }
        return TransitNetwork._on(self, feeds, date, options, progress)

    @property
    def nodes(self) -> geopandas.GeoDataFrame:
        """Junctions, indexed by their number.

        ``vertex`` is their id in the data (the OpenStreetMap node), ``component`` the piece of network that they belong
        to, 0 being the largest, ``component_nodes`` its size. ``is_cut`` is true where a street ends, or leaves
        the others, because the data does.
        """
        return to_frame(self._inner.nodes())

    @property
    def edges(self) -> geopandas.GeoDataFrame:
        """Street edges between junctions, indexed by their number.

        ``from`` and ``to`` are nodes, ``street`` is the id in the data, ``minutes_forward`` and ``minutes_backward`` are
        NaN where that direction is closed, ``off_ground`` is true on bridges and in tunnels.
        """
        return to_frame(self._inner.edges())

    @property
    def profile(self) -> str:
        """Who travels, and how fast."""
        return self._inner.profile()

    @property
    def report(self) -> pandas.Series:
        """What happened to the streets on the way into the network, by name."""
        return pandas.Series(dict(self._inner.report()), dtype="float64")

    @property
    def findings(self) -> list[str]:
        """What was cut, assumed and left out while the streets were read."""
        return self._inner.findings()

    def __repr__(self) -> str:
        nodes, edges = self._inner.node_count(), self._inner.edge_count()
        return f"<StreetNetwork for {self.profile}: {nodes} nodes, {edges} edges>"


def _opened(content: bytes, findings: list[str]) -> StreetNetwork:
    """A network that was pickled."""
    return StreetNetwork(_commonground.StreetNetwork.from_bytes(content, findings))


def _travel(profile: str | Mapping[str, Any]) -> str:
    return json.dumps({"profile": profile} if isinstance(profile, str) else dict(profile))


def _crs(crs: Any) -> str | None:
    if crs is None:
        return None
    known = pyproj.CRS.from_user_input(crs)
    authority = known.to_authority()
    return ":".join(authority) if authority else known.to_wkt()
