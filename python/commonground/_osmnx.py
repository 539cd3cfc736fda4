"""Graphs of OSMnx and networkx on their way in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas
import pandas
import shapely

from commonground._errors import column_of, refused

if TYPE_CHECKING:
    import networkx

    from commonground._network import StreetNetwork

_HINT = "a graph of OSMnx, or its `osmnx.graph_to_gdfs(graph)`: nodes, then edges"


def tables_of(graph: Any, seconds: str | None, directed: bool | None) -> tuple[geopandas.GeoSeries, pandas.DataFrame]:
    """Points by the number of their node; edges as ``from``, ``to``, ``line``, ``oneway`` and what there is of ``length`` and ``seconds``.

    The two directions of a two-way street are one edge: a place in its middle may then leave it at either end.
    """
    if isinstance(graph, tuple) and len(graph) == 2:
        nodes, edges = graph
        points, edges = _points(nodes), _named_ends(edges)
    elif hasattr(graph, "nodes") and hasattr(graph, "edges") and hasattr(graph, "graph"):
        points, edges = _tables_of_graph(graph)
        directed = graph.is_directed() if directed is None else directed
    else:
        raise refused(f"`graph` is {type(graph).__name__}", hint=_HINT)
    if not pandas.api.types.is_integer_dtype(points.index):
        raise refused("the nodes are not numbered", hint="`networkx.convert_node_labels_to_integers(graph)` numbers them")
    known = {"from": edges["u"], "to": edges["v"], "line": _lines(edges, points), "oneway": directed is not False}
    table = pandas.DataFrame(known)
    if "length" in edges:
        table["length"] = edges["length"]
    if seconds is not None:
        table["seconds"] = column_of(edges, seconds, "seconds")
    return points, (_joined(table) if directed is not False else table)


def _points(nodes: Any) -> geopandas.GeoSeries:
    if not isinstance(nodes, (geopandas.GeoDataFrame, geopandas.GeoSeries)):
        raise refused(f"the nodes are {type(nodes).__name__}", hint=_HINT)
    return nodes.geometry


def _named_ends(edges: Any) -> pandas.DataFrame:
    if not isinstance(edges, pandas.DataFrame):
        raise refused(f"the edges are {type(edges).__name__}", hint=_HINT)
    if {"u", "v"} <= set(edges.columns):
        return edges.reset_index(drop=True)
    if edges.index.nlevels < 2:
        raise refused("the edges name no nodes", hint="their index is `u`, `v`, `key`, or they have columns `u` and `v`")
    ends = [edges.index.get_level_values(level) for level in (0, 1)]
    return edges.reset_index(drop=True).assign(u=ends[0], v=ends[1])


def _tables_of_graph(graph: Any) -> tuple[geopandas.GeoSeries, pandas.DataFrame]:
    places = {node: (data.get("x"), data.get("y")) for node, data in graph.nodes(data=True)}
    lacking = next((node for node, place in places.items() if None in place), None)
    if lacking is not None:
        raise refused("a node has no `x` and `y`", id=str(lacking))
    numbers, coordinates = list(places), list(places.values())
    points = geopandas.GeoSeries(shapely.points(coordinates) if coordinates else [], index=numbers, crs=graph.graph.get("crs"))
    rows = [{**data, "u": source, "v": target} for source, target, data in graph.edges(data=True)]
    return points, pandas.DataFrame(rows, columns=None if rows else ["u", "v"])


def _lines(edges: pandas.DataFrame, points: geopandas.GeoSeries) -> list[Any]:
    """The way of every edge; straight where none is drawn."""
    for column in ("u", "v"):
        strange = ~edges[column].isin(points.index)
        if strange.any():
            row = int(strange.to_numpy().argmax())
            raise refused("an edge names a node that is not there", row=row + 1, id=str(edges[column].iloc[row]))
    drawn = edges["geometry"].tolist() if "geometry" in edges else [None] * len(edges)
    ends = zip(points.loc[edges["u"]].array, points.loc[edges["v"]].array, strict=True)
    return [
        line if isinstance(line, shapely.LineString) else shapely.LineString([(start.x, start.y), (end.x, end.y)])
        for line, (start, end) in zip(drawn, ends, strict=True)
    ]


def _joined(table: pandas.DataFrame) -> pandas.DataFrame:
    """One row for the two directions of a street: the same nodes, line, length and seconds, one against the other."""
    same = pandas.DataFrame(
        {
            "low": table[["from", "to"]].min(axis=1),
            "high": table[["from", "to"]].max(axis=1),
            "line": [line.normalize().wkb for line in table["line"]],
        }
    )
    for amount in ("length", "seconds"):
        if amount in table:
            same[amount] = table[amount].astype("float64").round(6)
    against = table["from"] > table["to"]
    is_loop = table["from"] == table["to"]
    # A loop is there once for each of its directions; parallel streets are paired off one by one.
    count = same.groupby(list(same.columns), dropna=False).cumcount()
    against = against.where(~is_loop, count % 2 == 1)
    same["number"] = same.assign(against=against).groupby([*same.columns, "against"], dropna=False).cumcount()
    groups = same.groupby(list(same.columns), dropna=False)
    return table.assign(oneway=groups["low"].transform("size") == 1)[groups.cumcount() == 0].reset_index(drop=True)


def to_graph(network: StreetNetwork) -> networkx.MultiDiGraph[int]:
    """A network as a graph of networkx, with the names that OSMnx gives."""
    try:
        import networkx
    except ImportError as error:
        raise ImportError("a graph needs networkx: pip install networkx") from error
    nodes, edges = network.nodes, network.edges
    graph: networkx.MultiDiGraph[int] = networkx.MultiDiGraph(crs=nodes.crs)
    for node, x, y, vertex, component in zip(nodes.index, nodes.geometry.x, nodes.geometry.y, nodes["vertex"], nodes["component"], strict=True):
        graph.add_node(node, x=x, y=y, osmid=vertex, component=component)
    rows = zip(edges["from"], edges["to"], edges["street"], edges["length_m"], edges["minutes_forward"], edges["minutes_backward"], edges.geometry, strict=True)
    for source, target, street, metres, forward, backward, line in rows:
        ways = [(source, target, forward, line, False), (target, source, backward, line.reverse(), True)]
        is_oneway = pandas.isna(forward) or pandas.isna(backward)
        for start, end, minutes, way, is_reversed in ways:
            if not pandas.isna(minutes):
                known = {"osmid": street, "length": metres, "travel_time": 60.0 * minutes, "oneway": is_oneway, "reversed": is_reversed}
                graph.add_edge(start, end, **known, geometry=way)
    return graph
