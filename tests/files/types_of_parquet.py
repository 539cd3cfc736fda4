"""Writes types.parquet and covered.parquet, read by tests/formats.rs. (pyarrow 24, geopandas 1.1)"""

import datetime
import decimal

import geopandas
import pyarrow
from pyarrow import parquet
from shapely.geometry import Point

moment = datetime.datetime(2024, 2, 29, 12, 30, 15)
numbers = {kind: pyarrow.array([7, None], type=getattr(pyarrow, kind)()) for kind in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64")}
table = pyarrow.table(
    {
        "id": ["a", "b"],
        **numbers,
        "truth": [True, None],
        "date": pyarrow.array([moment.date(), None]),
        "time": pyarrow.array([moment.time(), None], type=pyarrow.time64("us")),
        "moment": pyarrow.array([moment, None], type=pyarrow.timestamp("ms")),
        "fine_moment": pyarrow.array([moment, None], type=pyarrow.timestamp("ns", tz="UTC")),
        "decimal": pyarrow.array([decimal.Decimal("12.34"), None], type=pyarrow.decimal128(7, 2)),
        "category": pyarrow.array(["x", "y"]).dictionary_encode(),
        "struct": pyarrow.array([{"a": 1}, None]),
        "list": pyarrow.array([[1, 2], None]),
        "map": pyarrow.array([[("a", 1)], None], type=pyarrow.map_(pyarrow.string(), pyarrow.int64())),
        "null": pyarrow.nulls(2),
    }
)
parquet.write_table(table, "types.parquet", store_decimal_as_integer=True)
places = geopandas.GeoDataFrame({"id": ["a", "b"]}, geometry=[Point(7.4, 43.7), Point(7.5, 43.8)], crs="EPSG:4326")
places.to_parquet("covered.parquet", write_covering_bbox=True)
