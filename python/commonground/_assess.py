"""Assess a study: GeoDataFrames out, with the ids of the study as their index."""

from __future__ import annotations

import json
import os
from typing import Any

import geopandas
import pandas

from commonground import _commonground
from commonground._arrow import frame_of, to_frame
from commonground._explore import explore
from commonground._progress import Progress, listener
from commonground._show import in_a_notebook, in_one_line
from commonground.briefing import write_briefing

_FINDING_COLUMNS = ["severity", "message", "layer", "row", "id", "column", "text"]


class Assessment:
    """Everything that was found out about a study area. Made by :func:`assess`."""

    def __init__(self, inner: _commonground.Assessment) -> None:
        self._inner = inner

    @property
    def neighbourhoods(self) -> geopandas.GeoDataFrame:
        """One row per neighbourhood, indexed by its id, in the order of the study.

        Minutes are minutes' walk, shares lie between 0 and 1, and all means are weighted by residents. NaN where
        nobody lives or no home is on a street. In the study's metric coordinate reference system.
        """
        return to_frame(self._inner.neighbourhoods())

    @property
    def homes(self) -> geopandas.GeoDataFrame:
        """One row per home, indexed by its id, in the order of the study.

        Minutes are NaN beyond 60 minutes' walk; a home that is on no street has NaN in ``street_distance_m``.
        """
        return to_frame(self._inner.homes())

    @property
    def barriers(self) -> geopandas.GeoDataFrame:
        """Motorways, railways and waters that cut neighbours off from each other, indexed by rank.

        ``name``, ``kind``, ``residents_affected`` (of whom it puts at least a tenth of the people within 800 m a detour
        away; NaN below 10) and ``pairs_cut_off``. Empty where nothing was found.
        """
        return self._layer("barriers", "rank")

    @property
    def meeting_places(self) -> geopandas.GeoDataFrame:
        """Schools, parks, libraries and other places to meet, indexed by id, those that bridge most first.

        ``residents_in_reach`` within 15 minutes' walk, ``diversity`` of the groups among them, ``bridging``: how much more
        mixed the place is than the neighbourhoods that its people come from, ``share_`` and each group; NaN where they
        would tell a small count. Empty where the study names no groups.
        """
        return self._layer("meeting_places", "id")

    @property
    def neighbour_pairs(self) -> geopandas.GeoDataFrame:
        """Pairs of neighbouring neighbourhoods, ``one`` and ``other``, and how many places to meet they share."""
        return self._layer("neighbour_pairs", ["one", "other"])

    @property
    def service_isolation(self) -> pandas.DataFrame:
        """Which essentials residents lack and how much, by ``group`` and ``essential``, over the whole study area.

        ``share_lacking`` and ``residents_lacking`` beyond the standard, ``depth`` (mean shortfall of all) and ``severity``
        (mean of its square). NaN for small counts, and for the depth of ``two or more``.
        """
        return pandas.DataFrame(self._layer("service_isolation", ["group", "essential"]).drop(columns="geometry"))

    @property
    def ranges(self) -> pandas.DataFrame:
        """Every share of access of the study area as ``share_low``, ``share_expected`` and ``share_high``, by what is ``near``.

        Low and high are the least and the most over all walking speeds, thresholds and ways to join the street that the study
        states; ``by_speed``, ``by_minutes`` and ``by_attachment`` are high less low where one of them alone varies. Empty
        unless ``assess(ranges=True)`` or ``study.toml`` asks for it. By neighbourhood: columns ``*_share_near_low``,
        ``_expected`` and ``_high`` of :attr:`neighbourhoods`.
        """
        return pandas.DataFrame(self._layer("ranges", "near").drop(columns="geometry"))

    @property
    def districts(self) -> geopandas.GeoDataFrame:
        """One row per district of ``[districts]``, indexed by its id: every score that sums up homes, over its homes.

        Each neighbourhood belongs whole to the district that holds the largest part of its area. ``residents_lacking_`` and
        each essential (NaN below 10), ``worst_off_neighbourhoods`` in words, ``worst_off_group`` and
        ``worst_off_group_isolation``. Empty where the study has no districts.
        """
        return self._layer("districts", "id")

    def _layer(self, name: str, index: str | list[str]) -> geopandas.GeoDataFrame:
        layer = self._inner.layer(name)
        frame = geopandas.GeoDataFrame(geometry=[]) if layer is None else to_frame(layer, index=None)
        return frame.set_index(index) if len(frame) else frame

    @property
    def equity(self) -> pandas.DataFrame:
        """Every measure of access by group of residents, everybody first.

        Indexed by ``measure`` (a column of :attr:`homes`) and ``group``. ``share_below`` is the share without enough by the
        ``standard``, ``gap`` that minus everybody's. Of amounts, in the row of everybody: ``gini``, ``palma`` and
        ``concentration`` by the income of the neighbourhood, ``poverty_depth`` and ``poverty_severity``.
        """
        frame = frame_of(self._inner.equity())
        return frame.set_index(["measure", "group"])

    @property
    def equity_curves(self) -> pandas.DataFrame:
        """Lorenz and concentration curves over homes, a column each, of every amount.

        Indexed by the share of residents, 0 to 1. Columns are pairs of measure and ``lorenz`` (those with the least first)
        or ``concentration`` (those of the poorest neighbourhoods first, where incomes are known).
        """
        curves = {}
        for measure, lorenz, concentration in self._inner.equity_curves():
            for kind, curve in [("lorenz", lorenz), ("concentration", concentration)]:
                if curve is not None:
                    curves[measure, kind] = curve
        frame = pandas.DataFrame(curves)
        return frame.set_index(pandas.Index(frame.index / max(len(frame) - 1, 1), name="share_of_residents"))

    @property
    def city(self) -> pandas.Series:
        """Numbers of the study area as a whole, by name; :attr:`columns` says what each is."""
        return pandas.Series({name: value for name, value, _ in self._inner.city()}, dtype="float64")

    @property
    def city_by_chance(self) -> pandas.Series:
        """What chance alone would give, of those numbers of :attr:`city` that were compared with it."""
        return pandas.Series({name: chance for name, _, chance in self._inner.city() if chance is not None}, dtype="float64")

    @property
    def columns(self) -> pandas.DataFrame:
        """What is known of every column of every table, and of every number of the city.

        Indexed by ``table`` (``neighbourhoods``, ``homes``, ``equity``, a layer, ``city``) and ``name``. ``label``, ``unit``,
        ``scale`` (which way is better), ``theme``, ``meaning`` and ``not_meaning``; ``of_measure`` names the measure,
        ``family`` the pattern of its columns and ``of`` the category, group or essential that this one is of.
        """
        rows = [{"table": table, "name": name, **known} for table, name, known in json.loads(self._inner.columns())]
        frame = pandas.DataFrame(rows)
        frame["scale"] = [scale["kind"] for scale in frame["scale"]]
        return frame.set_index(["table", "name"])

    @property
    def findings(self) -> pandas.DataFrame:
        """What was read, repaired, dropped and assumed: severity, message, layer, row, id, column, text."""
        return pandas.DataFrame(self._inner.findings(), columns=_FINDING_COLUMNS)

    @property
    def not_assessed(self) -> pandas.Series:
        """Scores that the data cannot support, each with the reason."""
        return pandas.Series(dict(self._inner.not_assessed()), dtype="object")

    @property
    def summary(self) -> str:
        """The summary in Markdown."""
        return self._inner.summary()

    def to_html(self, path: str | os.PathLike[str]) -> None:
        """Write the report: one HTML file with map, profiles, priorities, charts and table, which needs no network.

        Parameters
        ----------
        path : path
            The file appears whole or not at all.

        Raises
        ------
        CommongroundError
            If the file cannot be written.
        """
        self._inner.to_html(os.fspath(path))

    def to_briefing(
        self,
        path: str | os.PathLike[str],
        *,
        district: str | None = None,
        question: str | None = None,
        template: str | os.PathLike[str] | None = None,
    ) -> None:
        """Write a briefing of two pages for a council; see :func:`commonground.briefing.write_briefing`."""
        write_briefing(self, path, district=district, question=question, template=template)

    def map_svg(self, column: str) -> str:
        """A column of the neighbourhoods as a map for print: SVG with legend and scale bar.

        Raises
        ------
        CommongroundError
            If there is no such column.
        """
        return self._inner.map_svg(column)

    def explore(self, column: str, *, tiles: str | None = "CartoDB positron", names: bool = True) -> Any:
        """A column of the neighbourhoods as a map in the notebook, with the classes and colours of the report.

        Parameters
        ----------
        column : str
            A column of :attr:`neighbourhoods`.
        tiles : str, optional
            The map underneath, by a name that folium knows, which is fetched from the network; None for none.
        names : bool
            Whether the pointer shows names beside the values.

        Returns
        -------
        folium.Map or StillMap
            A map to move and to zoom, which takes further layers of folium. Without folium, mapclassify and matplotlib a still
            one that needs nothing (:meth:`map_svg`) and says what is missing.

        Raises
        ------
        CommongroundError
            If there is no such column.
        """
        return explore(self, column, tiles, names)

    def save(self, folder: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write ``neighbourhoods.geojson``, ``.csv``, ``.parquet``, ``.gpkg``, ``homes.parquet``, ``equity.csv``, ``summary.md``, ``report.html``.

        Also, where assessed: ``barriers.geojson``, ``meeting_places.geojson``, ``neighbour_pairs.geojson``,
        ``service_isolation.csv`` and ``ranges.csv``.

        Parameters
        ----------
        folder : path
            Made if it is not there. Every file appears whole or not at all; ``results.json``, written last, lists them.
        overwrite : bool
            Whether to write into a folder that holds files that are no results. Files of the study are never written over.

        Raises
        ------
        CommongroundError
            If the folder or a file cannot be written, or the folder holds files of the study or of somebody else.
        """
        self._inner.save(os.fspath(folder), overwrite)

    def __repr__(self) -> str:
        return in_one_line(self)

    def _repr_html_(self) -> str:
        return in_a_notebook(self)

    def _repr_markdown_(self) -> str:
        return self.summary


def assess(
    study: str | os.PathLike[str],
    *,
    data: str | os.PathLike[str] | None = None,
    ranges: bool = False,
    progress: Progress = None,
) -> Assessment:
    """Score every neighbourhood of a study.

    Parameters
    ----------
    study : path
        Folder with a ``study.toml``, or the file itself.
    data : path, optional
        Folder that the study's paths start from; by default the folder of ``study.toml``.
    ranges : bool, default False
        Whether to tell every share of access as low, expected and high over walking speeds of 2.7 to 5.1 km/h, 10 to 20
        minutes and three ways to join the street, or over those of ``[ranges]`` in ``study.toml``.
    progress : bool or callable, optional
        Whether to show a bar; by default on a terminal and in a notebook only. A callable gets the step, its total
        and how much of it is done, about twenty times a second; an error that it raises stops the work.

    Returns
    -------
    Assessment

    Raises
    ------
    CommongroundError
        If the study cannot be used; it names every problem with layer, row, id and column.
    KeyboardInterrupt
        On Ctrl-C; nothing has been written then.

    Examples
    --------
    >>> result = assess("data/millbrook")
    >>> result.neighbourhoods[["name", "residents"]].head(2)
                name  residents
    id
    n01  Long Meadow      209.0
    n02      Orchard      153.0
    """
    with listener(progress) as tell:
        return Assessment(_commonground.assess(os.fspath(study), _path(data), ranges, tell))


def check(
    study: str | os.PathLike[str],
    *,
    data: str | os.PathLike[str] | None = None,
    progress: Progress = None,
) -> pandas.DataFrame:
    """Read every layer of a study and list all problems at once.

    Parameters
    ----------
    study, data, progress
        As for :func:`assess`.

    Returns
    -------
    DataFrame
        One row per finding: severity (``error``, ``warning``, ``note``), message, layer, row, id, column, text.

    Raises
    ------
    CommongroundError
        If ``study.toml`` itself cannot be read.

    Examples
    --------
    >>> check("data/millbrook")["severity"].unique().tolist()
    ['warning', 'note']
    """
    with listener(progress) as tell:
        rows = _commonground.check(os.fspath(study), _path(data), tell)
    return pandas.DataFrame(rows, columns=_FINDING_COLUMNS)


def _path(path: str | os.PathLike[str] | None) -> str | None:
    return None if path is None else os.fspath(path)
