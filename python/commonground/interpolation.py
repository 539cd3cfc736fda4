"""From one set of boundaries to another: counts, shares and medians, each carried as it can be."""

from __future__ import annotations

import geopandas
import pandas

from commonground import _commonground
from commonground._arrow import to_batch
from commonground._assess import _FINDING_COLUMNS
from commonground._errors import refused

__all__ = ["Crosswalk"]


class Crosswalk:
    """How much of every old unit belongs to every new one. Made by :meth:`by_area` or :meth:`from_table`.

    Examples
    --------
    >>> old = geopandas.GeoSeries([shapely.box(0, 0, 2, 1)], ["whole"], crs="EPSG:32631")
    >>> new = geopandas.GeoSeries(
    ...     [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], ["west", "east"], crs="EPSG:32631"
    ... )
    >>> Crosswalk.by_area(old, new).counts(pandas.Series({"whole": 100.0})).to_dict()
    {'west': 50.0, 'east': 50.0}
    """

    def __init__(self, inner: _commonground.Crosswalk, old: pandas.Index, new: pandas.Index) -> None:
        self._inner = inner
        self._old = old
        self._new = new

    @classmethod
    def by_area(
        cls, old: geopandas.GeoDataFrame, new: geopandas.GeoDataFrame, *, sliver: float = 0.001
    ) -> Crosswalk:
        """Weigh by the area that units share.

        Parameters
        ----------
        old, new : GeoDataFrame
            Polygons in one metric coordinate reference system.
        sliver : float
            A link that is less than this share of both units is left out; 0 keeps all.

        Raises
        ------
        ValueError
            If the systems differ or are in degrees.
        CommongroundError
            If the boundaries do not overlap at all.
        """
        if old.crs != new.crs or (old.crs is not None and old.crs.is_geographic):
            raise refused("old and new boundaries must be in one metric system", hint="use `.to_crs(...)`")
        inner = _commonground.crosswalk_by_area(
            to_batch(geometry=old.geometry), to_batch(geometry=new.geometry), sliver
        )
        return cls(inner, old.index, new.index)

    @classmethod
    def by_units(
        cls,
        old: geopandas.GeoDataFrame,
        new: geopandas.GeoDataFrame,
        units: geopandas.GeoDataFrame,
        *,
        weight: str,
    ) -> Crosswalk:
        """Weigh by the people or dwellings of smaller units, each counted in the old and the new unit it lies in.

        Parameters
        ----------
        old, new : GeoDataFrame
            Polygons.
        units : GeoDataFrame
            Points, or small polygons such as blocks, which count at a point inside them. All three in one system.
        weight : str
            Column of ``units`` with people or dwellings; finite and not negative.

        Raises
        ------
        ValueError
            If the systems differ.
        CommongroundError
            If no unit lies in an old and a new one.
        """
        if not old.crs == new.crs == units.crs:
            raise refused("old and new boundaries and units must be in one system", hint="use `.to_crs(...)`")
        inner = _commonground.crosswalk_by_points(
            to_batch(geometry=old.geometry),
            to_batch(geometry=new.geometry),
            to_batch(geometry=units.geometry),
            units[weight].astype(float).tolist(),
        )
        return cls(inner, old.index, new.index)

    @classmethod
    def from_table(cls, table: pandas.DataFrame, *, old: str, new: str, weight: str) -> Crosswalk:
        """Take the weights of a table with a row for each pair of units, such as those of LTDB or NHGIS.

        Parameters
        ----------
        table : DataFrame
        old, new, weight : str
            Names of its columns. Weights of an old unit need not add up to 1.
        """
        sources, old_ids = pandas.factorize(table[old])
        targets, new_ids = pandas.factorize(table[new])
        links = list(zip(sources.tolist(), targets.tolist(), table[weight].astype(float).tolist()))
        inner = _commonground.crosswalk_from_links(len(old_ids), len(new_ids), links)
        return cls(inner, pandas.Index(old_ids), pandas.Index(new_ids))

    @property
    def links(self) -> pandas.DataFrame:
        """One row per pair: ``old``, ``new``, ``weight`` (square metres where it comes from polygons)."""
        sources, targets, weights = self._inner.links()
        return pandas.DataFrame({"old": self._old[sources], "new": self._new[targets], "weight": weights})

    @property
    def coverage(self) -> pandas.Series | None:
        """Share of each old unit, by area or by weight, that lies in any new one; None where it comes from a table."""
        coverage = self._inner.coverage()
        return None if coverage is None else pandas.Series(coverage, index=self._old, name="coverage")

    @property
    def findings(self) -> pandas.DataFrame:
        """Slivers that were left out, old units that are lost, and those that reach beyond the new ones."""
        return pandas.DataFrame(self._inner.findings(), columns=_FINDING_COLUMNS)

    @property
    def lost(self) -> pandas.Index:
        """Old units that no new one takes anything of."""
        return self._old[self._inner.lost()]

    def counts(self, counts: pandas.Series) -> pandas.Series:
        """Counts on the new boundaries, each handed out whole: totals are kept. NaN where a part is missing."""
        return self._series(self._inner.counts(self._values(counts)), counts.name)

    def shares(self, parts: pandas.Series, wholes: pandas.Series) -> pandas.Series:
        """Shares on the new boundaries: parts over wholes, both handed out."""
        return self._series(self._inner.shares(self._values(parts), self._values(wholes)), parts.name)

    def medians(self, medians: pandas.Series) -> pandas.DataFrame:
        """``value``, and ``lowest`` and ``highest``, between which the true median lies if parts are like their units."""
        missing = (float("nan"),) * 3
        rows = [missing if row is None else row for row in self._inner.medians(self._values(medians))]
        return pandas.DataFrame(rows, columns=["value", "lowest", "highest"], index=self._new)

    def _values(self, column: pandas.Series) -> list[float | None]:
        values = column.reindex(self._old)
        return [None if pandas.isna(value) else float(value) for value in values]

    def _series(self, values: list[float | None], name: object) -> pandas.Series:
        return pandas.Series(values, index=self._new, name=name, dtype="float64")
