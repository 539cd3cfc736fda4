"""Tables on their way into the library and back: every column of one promised type, missing values as nulls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import geopandas
import pandas
import pyarrow
import shapely

from commonground._errors import refused


class ArrowBatch(Protocol):
    """One batch of columns, as it crosses between Python and the library."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...


_LONGITUDES, _LATITUDES = ("lon", "lng", "longitude"), ("lat", "latitude")
_TYPES: dict[str, pyarrow.DataType] = {"numbers": pyarrow.float64(), "integers": pyarrow.int64(), "texts": pyarrow.string()}


def to_batch(
    *,
    numbers: Mapping[str, Any] | None = None,
    integers: Mapping[str, Any] | None = None,
    texts: Mapping[str, Any] | None = None,
    geometry: geopandas.GeoSeries | None = None,
) -> pyarrow.RecordBatch:
    """Make a record batch of columns by name; NaN and None become nulls, geometries well-known binary."""
    columns: dict[str, pyarrow.Array[Any]] = {}
    for kind, named in {"numbers": numbers, "integers": integers, "texts": texts}.items():
        for name, values in (named or {}).items():
            columns[name] = _column(name, values, _TYPES[kind])
    if geometry is not None:
        columns["geometry"] = pyarrow.array(shapely.to_wkb(geometry.to_numpy()), type=pyarrow.binary())
    return pyarrow.record_batch(columns)


def table_of(table: Any) -> Any:
    """A table of polars, DuckDB, Arrow or whatever else has ``__arrow_c_stream__`` as one of pandas; others as they are.

    A column ``id`` becomes the index. Geometries are GeoArrow, or else well-known binary in a column ``geometry``, or points
    in columns ``lon`` and ``lat``.
    """
    if isinstance(table, pandas.DataFrame | pandas.Series) or not hasattr(table, "__arrow_c_stream__"):
        return table
    rows = pyarrow.table(table)
    is_tagged = any(b"ARROW:extension:name" in (field.metadata or {}) or hasattr(field.type, "extension_name") for field in rows.schema)
    frame = geopandas.GeoDataFrame.from_arrow(rows) if is_tagged else _with_geometry(rows.to_pandas())
    return frame.set_index("id") if "id" in frame.columns else frame


def _with_geometry(frame: pandas.DataFrame) -> pandas.DataFrame:
    if "geometry" in frame.columns:
        return geopandas.GeoDataFrame(frame, geometry=shapely.from_wkb(frame.pop("geometry").to_numpy()))
    named = {str(column).lower(): column for column in frame.columns}
    lon, lat = (next((named[name] for name in names if name in named), None) for names in (_LONGITUDES, _LATITUDES))
    if lon is None or lat is None:
        return frame
    return geopandas.GeoDataFrame(frame, geometry=geopandas.points_from_xy(frame[lon], frame[lat]), crs="EPSG:4326")


def _column(name: str, values: Any, kind: pyarrow.DataType) -> pyarrow.Array[Any]:
    series = pandas.Series(values)
    if kind == pyarrow.string():
        series = series.astype("string")
    elif kind == pyarrow.float64():
        try:
            series = pandas.to_numeric(series).astype("float64")
        except (TypeError, ValueError) as error:
            raise refused(f"column `{name}` must hold numbers: {error}", kind="column", column=name) from None
    column = pyarrow.array(series, type=kind, from_pandas=True)
    return column.combine_chunks() if isinstance(column, pyarrow.ChunkedArray) else column


def frame_of(batch: ArrowBatch) -> pandas.DataFrame:
    """Make a DataFrame of a record batch."""
    return pyarrow.record_batch(batch).to_pandas()


def to_frame(table: tuple[ArrowBatch, str | None], index: str | None = "id") -> geopandas.GeoDataFrame:
    """Make a GeoDataFrame, indexed by a column, of a record batch and its coordinate reference system."""
    batch, crs = table
    frame = frame_of(batch)
    geometry = shapely.from_wkb(frame.pop("geometry").to_numpy())
    frame = geopandas.GeoDataFrame(frame, geometry=geometry, crs=crs)
    return frame if index is None else frame.set_index(index)
