"""Planned projects: what their residents would reach, by ruler and on foot, beside the city and published standards."""

from __future__ import annotations

import os
from collections.abc import Sequence

import geopandas
import pandas
import shapely

from commonground._arrow import frame_of, to_batch, to_frame
from commonground._commonground import scenario as _scenario
from commonground._errors import refused
from commonground._progress import Progress, listener
from commonground.scenario import Comparison, Scenario, compare

__all__ = ["SiteCheck", "check", "standards"]


def standards() -> list[str]:
    """Names of the standards that come with the library.

    Examples
    --------
    >>> standards()
    ['five_essentials', 'lihtc_california_2017', 'lihtc_texas_2017', 'leed_v2_connectivity', 'leed_v4_diverse_uses']
    """
    return list(_scenario.shipped_standards())


class SiteCheck:
    """What was found of sites. Made by :func:`check`."""

    def __init__(self, inner: _scenario.SiteCheck, after: Comparison | None) -> None:
        self._inner = inner
        self._after = after

    @property
    def sites(self) -> geopandas.GeoDataFrame:
        """One row per site, by its id: its walks as the study travels, and ``pass``, ``fail`` or ``unknown`` for each standard,
        by ruler and on foot."""
        return to_frame(self._inner.sites())

    @property
    def reach(self) -> pandas.DataFrame:
        """Every measure by site and traveller: ``here``, ``city_median``, ``better_than`` (the share of residents who are worse
        off, 0 to 1) and ``rank`` among the sites. NaN where it is out of reach or not known."""
        return self._table("reach", ["id", "measure", "traveller"])

    @property
    def standards(self) -> pandas.DataFrame:
        """Every rule of every standard by site and traveller: ``by_ruler``, ``on_foot``, ``metres``, ``minutes``, ``reason``."""
        return self._table("standards", ["id", "standard", "rule", "traveller"])

    @property
    def on_paper_only(self) -> pandas.DataFrame:
        """The rules that pass by ruler and fail on foot."""
        rules = self.standards
        return rules[(rules["by_ruler"] == "pass") & (rules["on_foot"] == "fail")]

    @property
    def after(self) -> Comparison | None:
        """The city after people have moved in, beside the city as it is; None without ``dwellings``."""
        return self._after

    @property
    def summary(self) -> str:
        """One page in Markdown."""
        return self._inner.summary()

    def __repr__(self) -> str:
        return f"<SiteCheck: {', '.join(map(str, self.sites.index))}>"

    def _repr_markdown_(self) -> str:
        return self.summary

    def _table(self, name: str, index: list[str]) -> pandas.DataFrame:
        return frame_of(self._inner.table(name)).set_index(index)


def check(
    study: str | os.PathLike[str],
    location: geopandas.GeoDataFrame | shapely.Point | tuple[float, float],
    *,
    dwellings: float | None = None,
    household_size: float = 2.1,
    standards: Sequence[str] = (),
    name: str | None = None,
    group: str | None = None,
    data: str | os.PathLike[str] | None = None,
    progress: Progress = None,
) -> SiteCheck:
    """Check one planned project or several.

    Parameters
    ----------
    study : path
        Folder with a ``study.toml``, or the file itself.
    location : GeoDataFrame, Point or pair
        Sites with their index as ids (areas count at their middle), or one place in longitude and latitude.
    dwellings : float, optional
        New dwellings at each site; then :attr:`SiteCheck.after` says what is left per resident once they are lived in.
    household_size : float
        People per dwelling.
    standards : sequence of str
        Names of standards, or files in TOML. Without any, all that come with the library.
    name, group : str, optional
        Columns of the sites: what people call them, and what sets them apart (planned and built, say).

    Raises
    ------
    CommongroundError
        For a site outside the study; for an unknown standard, with those that there are.

    Examples
    --------
    >>> check("data/millbrook", (2.98, 55.0)).sites.columns[:3].to_list()
    ['name', 'class', 'neighbourhood']
    """
    if not isinstance(location, geopandas.GeoDataFrame):
        place = location if isinstance(location, shapely.Point) else shapely.Point(location)
        location = geopandas.GeoDataFrame({"id": ["site"]}, geometry=[place], crs=4326).set_index("id")
    if location.crs is None:
        raise refused("the sites have no coordinate reference system", hint="set it with `.set_crs(...)`")
    places = location.to_crs(location.estimate_utm_crs()).centroid.to_crs(4326)
    ids = location.index.astype(str)
    batch = to_batch(
        texts={
            "id": ids.to_numpy(),
            "name": (location[name].astype(str) if name else ids).to_numpy(),
            "class": (location[group].astype(str) if group else pandas.Series("", index=location.index)).to_numpy(),
        },
        numbers={"x": places.x.to_numpy(), "y": places.y.to_numpy()},
    )
    root = None if data is None else os.fspath(data)
    with listener(progress) as tell:
        inner = _scenario.check_sites(os.fspath(study), root, batch, list(standards), tell)
    after = None
    if dwellings is not None:
        people = dwellings * household_size
        scenarios = [
            Scenario(f"{dwellings:g} dwellings at {label}").add_homes(place, people) for label, place in zip(ids, places, strict=True)
        ]
        after = compare(study, scenarios, data=data, scores=False, progress=progress)
    return SiteCheck(inner, after)
