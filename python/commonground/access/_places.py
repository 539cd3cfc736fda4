"""Green space by its edge, and services that are listed twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import numpy
import pandas

from commonground._arrow import frame_of, to_batch
from commonground._commonground import access as _access
from commonground._errors import refused
from commonground._progress import Progress, listener
from commonground.access._tables import amounts_of, numbers_of, unique

if TYPE_CHECKING:
    from commonground import StreetNetwork
    from commonground._attached import Places


def green_space(
    network: StreetNetwork,
    homes: Places,
    spaces: geopandas.GeoDataFrame,
    *,
    residents: pandas.Series,
    entrances: geopandas.GeoDataFrame | None = None,
    space_column: str = "space",
    minimum_hectares: float = 0.5,
    within_metres: float | None = None,
    within_minutes: float | None = None,
    max_snap_metres: float = 500.0,
    smallest_component: int = 40,
    progress: Progress = None,
) -> pandas.DataFrame:
    """Green space by its edge: how far, how much, and how much per resident.

    Parameters
    ----------
    network : StreetNetwork
    homes
        Points, or places attached before.
    spaces : GeoDataFrame
        Areas; a space counts once, however many entrances it has.
    residents : Series
        People of each home.
    entrances : GeoDataFrame, optional
        Points with the id of their space in ``space_column``. A space without one is entered where streets meet or pass
        its edge.
    minimum_hectares : float
        Smaller spaces do not count. The default, with 300 m, is the reading of WHO Europe (2016).
    within_metres, within_minutes : float
        Walk to the entrance, inclusive; at most one of them, by default 300 m at the speed of the network's profile.

    Returns
    -------
    DataFrame
        Indexed like the homes: ``minutes`` to the closest space that counts (infinity where none is within the walk),
        ``hectares`` within the walk, and ``hectares_per_resident``, each space shared with all who reach it (2SFCA). NaN where
        the home is on no street.

    Examples
    --------
    >>> network = commonground.StreetNetwork.from_osm("data/monaco/monaco.osm.pbf")
    >>> homes = network.nodes.iloc[[0, 40]]
    >>> square = homes.geometry.iloc[[0]].buffer(100).set_axis(["square"]).to_frame("geometry")
    >>> green_space(network, homes, square, residents=pandas.Series(10, homes.index), smallest_component=1).round(
    ...     1
    ... ).to_numpy().tolist()
    [[1.3, 3.1, 0.3], [inf, 0.0, 0.0]]
    """
    if within_metres is not None and within_minutes is not None:
        raise refused("the walk is given twice", hint="give it as one of `within_metres` and `within_minutes`")
    if within_minutes is None and within_metres is None:
        within_metres = 300.0
    (start,) = network._attached((homes,), max_snap_metres, smallest_component, progress)
    ids = unique(spaces.index, "spaces")
    people = amounts_of("residents", residents, unique(start.index, "homes"))
    doors = geopandas.GeoSeries([], crs=spaces.crs) if entrances is None else entrances.geometry
    numbers = numpy.empty(0, dtype="int64") if entrances is None else numbers_of(entrances[space_column], ids, "a green space")
    tables = (
        to_batch(geometry=network._in_own_crs(spaces.geometry)),
        to_batch(geometry=network._in_own_crs(doors), integers={"space": numbers}),
    )
    asked = (float(minimum_hectares), within_minutes, within_metres, float(max_snap_metres))
    with listener(progress) as tell:
        found = _access.green_space(network._inner, start._inner, people, tables, asked, tell)
    frame = frame_of(found).set_axis(start.index, axis="index")
    is_reached = frame["minutes"].notna() | frame["hectares"].isna()
    return frame.assign(minutes=frame["minutes"].where(is_reached, numpy.inf))


def same_places(services: geopandas.GeoDataFrame, *, name: str, category: str, within_metres: float = 100.0) -> pandas.DataFrame:
    """Pairs of services that look like the same place, to be looked at before anything is counted.

    Parameters
    ----------
    services : GeoDataFrame
        Points, from one source or several.
    name, category : str
        Columns. Two of one category are taken for one where the words of one name all stand in the other.
    within_metres : float
        They may lie so far apart.

    Returns
    -------
    DataFrame
        Columns ``first``, ``second`` (ids) and ``metres``.

    Examples
    --------
    >>> services = geopandas.GeoDataFrame(
    ...     {"name": ["Clinic North", "North Clinic"], "kind": ["clinic", "clinic"]},
    ...     geometry=geopandas.points_from_xy([0, 30], [0, 0]),
    ...     crs="EPSG:32631",
    ... )
    >>> same_places(services, name="name", category="kind")
       first  second  metres
    0      0       1    30.0
    """
    points = services.geometry
    metric = points if points.crs is None or points.crs.is_projected else points.to_crs(points.estimate_utm_crs())
    table = to_batch(geometry=metric, texts={"name": services[name], "category": services[category]})
    frame = frame_of(_access.same_service(table, float(within_metres)))
    ids = services.index
    return frame.assign(first=ids.take(frame["first"].to_numpy()), second=ids.take(frame["second"].to_numpy()))
