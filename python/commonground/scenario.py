"""A changed city beside the one that it came from: who stays, who comes, who leaves, who wins and who loses."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import geopandas
import pandas
import shapely

from commonground._arrow import frame_of, to_batch, to_frame
from commonground._commonground import decide as _decide
from commonground._commonground import scenario as _scenario
from commonground._errors import refused
from commonground._progress import Progress, listener

__all__ = ["Comparison", "Scenario", "compare", "decompose"]


class Scenario:
    """A named, ordered list of changes to a study, which is never changed itself. Every method returns a new scenario.

    Places are longitude and latitude, as pairs or as shapely geometries; the order of the calls is the order of the changes.

    Parameters
    ----------
    name : str
        What it is called.

    Examples
    --------
    >>> Scenario("Bridge").add_street([(2.99, 55.0), (2.99, 55.01)], bridge=True).close_service("p04")
    Scenario('Bridge', 2 changes)
    """

    def __init__(self, name: str, changes: Sequence[Mapping[str, Any]] = ()) -> None:
        self.name = name
        self.changes = tuple(dict(change) for change in changes)

    def __repr__(self) -> str:
        return f"Scenario({self.name!r}, {len(self.changes)} changes)"

    def _with(self, action: str, **of: Any) -> Scenario:
        change = {"action": action, **{key: value for key, value in of.items() if value is not None}}
        return Scenario(self.name, [*self.changes, change])

    def add_service(
        self, category: str, at: Any, *, id: str | None = None, name: str | None = None, capacity: float | None = None
    ) -> Scenario:
        """A service opens: a school, a clinic, or any category that the study knows."""
        return self._with("add_service", category=category, at=_place(at), id=id, name=name, capacity=capacity)

    def close_service(self, service: str, *, category: str | None = None) -> Scenario:
        """A service closes, by its id; and by its category where several services have the id."""
        return self._with("close_service", service=service, category=category)

    def move_service(self, service: str, to: Any, *, category: str | None = None) -> Scenario:
        """A service moves; named as in :meth:`close_service`."""
        return self._with("move_service", service=service, category=category, to=_place(to))

    def set_capacity(self, service: str, capacity: float, *, category: str | None = None) -> Scenario:
        """A service has more or fewer places; named as in :meth:`close_service`."""
        return self._with("set_capacity", service=service, category=category, capacity=capacity)

    def add_homes(
        self, at: Any, residents: float, *, id: str | None = None, groups: Mapping[str, float] | None = None
    ) -> Scenario:
        """Homes are built. A group that is not named has the share that it has in the neighbourhood."""
        return self._with("add_homes", at=_place(at), residents=residents, id=id, groups=groups)

    def remove_homes(self, homes: Iterable[str]) -> Scenario:
        """People leave homes, which are demolished."""
        return self._with("remove_homes", homes=list(homes))

    def add_street(
        self,
        line: Any,
        *,
        street_class: str = "footway",
        bridge: bool = False,
        id: int | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Scenario:
        """A street, path or bridge, of which the two ends join the nearest street within 20 m and nothing between them."""
        return self._with("add_street", line=_places(line), bridge=bridge, id=id, tags=tags, **{"class": street_class})

    def change_street(self, street: int, tags: Mapping[str, str]) -> Scenario:
        """A street has other tags of OpenStreetMap, which say who may use it."""
        return self._with("change_street", street=street, tags=dict(tags))

    def add_crossing(self, at: Any) -> Scenario:
        """The two streets nearest to a place are joined there."""
        return self._with("add_crossing", at=_place(at))

    def remove_street(self, street: int) -> Scenario:
        """A street closes for everybody."""
        return self._with("remove_street", street=street)

    def remove_line(self, line: str) -> Scenario:
        """A line of public transport stops running, by its name for passengers or its id in the timetable."""
        return self._with("remove_line", line=line)

    def double_line(self, line: str) -> Scenario:
        """A line of public transport runs twice as often: one more trip halfway between any two."""
        return self._with("double_line", line=line)

    def add_line(
        self,
        line: str,
        stops: Sequence[Any],
        *,
        headway_minutes: float,
        first: str,
        last: str,
        speed_kmh: float,
        days: Sequence[str] = (),
        one_way: bool = False,
    ) -> Scenario:
        """A new line of public transport runs at a headway.

        ``stops`` are ids of stops of the timetable, or the places of new ones; ``first`` and ``last`` the departures from the
        first of them, ``"5:30"``; ``speed_kmh`` that from stop to stop along straight lines; ``days`` of the week, by default all.
        """
        named = [stop if isinstance(stop, str) else _place(stop) for stop in stops]
        times = {"headway_minutes": headway_minutes, "first": first, "last": last, "speed_kmh": speed_kmh}
        return self._with("add_line", line=line, stops=named, **times, days=list(days), one_way=one_way)

    def move_stop(self, stop: str, to: Any) -> Scenario:
        """A stop of public transport moves, in every timetable that has it; vehicles are there when they were."""
        return self._with("move_stop", stop=stop, to=_place(to))

    def add_green_space(self, shape: Any, *, id: str | None = None, name: str | None = None) -> Scenario:
        """A park is laid out."""
        return self._with("add_green_space", ring=_ring(shape), id=id, name=name)

    def add_jobs(self, at: Any, jobs: float, *, id: str | None = None, classes: Mapping[str, float] | None = None) -> Scenario:
        """Jobs come."""
        return self._with("add_jobs", at=_place(at), jobs=jobs, id=id, classes=classes)

    def set_indicator(self, neighbourhood: str, year: int, column: str, value: float) -> Scenario:
        """An indicator of a neighbourhood has another value."""
        return self._with("set_indicator", neighbourhood=neighbourhood, year=year, column=column, value=value)

    def rezone(
        self,
        to: str,
        *,
        code: Sequence[str] = (),
        neighbourhoods: Sequence[str] = (),
        ids: Sequence[str] = (),
        inside: Any = None,
        never_lower: bool = False,
    ) -> Scenario:
        """Land gets another code, of which the study states rules in ``[zoning.rules.CODE]``.

        ``inside`` is an area, a polygon or its corners in longitude and latitude: parcels of which a middle point lies in it;
        districts are cut along its edge.
        """
        where = _where(code, neighbourhoods, ids, inside)
        return self._with("rezone", where=where, to=to, never_lower=never_lower)

    def build_out(
        self,
        *,
        household_size: float,
        share: float | None = None,
        dwellings: float | None = None,
        code: Sequence[str] = (),
        neighbourhoods: Sequence[str] = (),
        ids: Sequence[str] = (),
        inside: Any = None,
        residents: Mapping[str, Any] | None = None,
        affordable: float = 0.0,
        clears: bool = False,
    ) -> Scenario:
        """Homes are built where zoning leaves room: a ``share`` of it, or so many ``dwellings``.

        ``residents`` is ``{"like": "neighbourhood"}`` (the default), ``{"like": "city"}``, or shares of groups. With
        ``clears`` the homes that stand there make way; else they stay, and what is built is net of them. ``inside`` as
        in :meth:`rezone`.
        """
        where = _where(code, neighbourhoods, ids, inside)
        return self._with(
            "build_out",
            where=where,
            share=share,
            dwellings=dwellings,
            household_size=household_size,
            residents=residents,
            affordable=affordable,
            clears=clears,
        )

    def _to_json(self) -> str:
        return json.dumps({"name": self.name, "changes": self.changes})


class Comparison:
    """Scenarios beside the study that they change. Made by :func:`compare`.

    Every table has the name of the scenario as the first level of its index.
    """

    def __init__(self, inner: list[_scenario.Comparison]) -> None:
        self._inner = inner

    @property
    def scenarios(self) -> pandas.Series:
        """The id of each scenario by its name: the same changes have the same id."""
        return pandas.Series(dict(one.name() for one in self._inner), dtype="object")

    @property
    def people(self) -> pandas.DataFrame:
        """Every measure of access by ``traveller`` and ``group``: who stays, comes and leaves, who gains and who loses.

        ``stayers``, ``newcomers``, ``leavers``; of those who stay ``gained``, ``lost``, ``same``, ``unknown``, ``won`` and
        ``forgone`` (person-minutes, of minutes), ``first_reached`` and ``no_longer_reached``; the means and the parts of which
        the sum is their change. Minutes are the same within 1; all else within 5 per cent.
        """
        return self._table("people", ["measure", "traveller", "group"])

    @property
    def scores(self) -> pandas.DataFrame:
        """Every score of every neighbourhood: ``before``, ``after``, ``change`` and ``state`` (``changed``, ``same``,
        ``unknown``, ``not modelled``). The city has the id ``""``. Empty with ``scores=False``."""
        return self._table("scores", ["id", "score"])

    @property
    def neighbourhoods(self) -> geopandas.GeoDataFrame:
        """Neighbourhoods with the scores that change in any of them, before, after and change."""
        return self._layer("neighbourhoods", ["id"])

    @property
    def homes(self) -> geopandas.GeoDataFrame:
        """Homes with their people and walks before and after; those that are added come last."""
        return self._layer("homes", ["id"])

    @property
    def crowding(self) -> pandas.DataFrame:
        """Parks, and services with a capacity: people within 15 minutes, and square metres for each of them, or places for
        each thousand."""
        return self._table("crowding", ["id"])

    @property
    def affordability(self) -> pandas.DataFrame:
        """Housing and travel by type of household, on average over those who stay, ``_before`` and ``_after``: ``cars`` that are
        needed, ``travel`` and what is left (``residual``) per year, ``share`` of both in the income; residents for whom both take at
        most 45 % (``affordable``); for whom travel becomes ``cheaper`` and ``dearer``. Empty without ``households``."""
        return self._table("affordability", ["household"])

    @property
    def displacement(self) -> pandas.DataFrame:
        """Residents of homes that make way (``direct``), ``new_dwellings`` and how many of them are ``affordable``."""
        return self._table("displacement", ["id"])

    @property
    def receipts(self) -> pandas.DataFrame:
        """What each change touched."""
        return self._table("receipts", ["change"])

    @property
    def assumptions(self) -> pandas.Series:
        """What was assumed on the way, a sentence each."""
        rows = {(one.name()[0], at + 1): words for one in self._inner for at, words in enumerate(one.assumptions())}
        return pandas.Series(rows, dtype="object")

    def losers(self, count: int = 20) -> geopandas.GeoDataFrame:
        """Homes that lose most, by person-minutes, with their ways ``before`` and ``after``; at most 20."""
        frame = self._layer("losers", ["home", "category", "traveller", "when"])
        kept = frame.groupby(level="scenario", sort=False).cumcount() < 2 * count
        return frame[kept]

    @property
    def summary(self) -> str:
        """One page that a council can read aloud, in Markdown."""
        return "\n".join(one.summary() for one in self._inner)

    def to_html(self, path: str | os.PathLike[str]) -> None:
        """Write the page of the first scenario as one HTML file that needs no network; :meth:`save` writes those of all."""
        self._inner[0].to_html(os.fspath(path))

    def save(self, folder: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write tables and pages; of several scenarios each into a folder of its own, by its name."""
        for one in self._inner:
            place = folder if len(self._inner) == 1 else os.path.join(folder, one.name()[0].replace("/", "-"))
            one.save(os.fspath(place), overwrite)

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(one.name()[0] for one in self._inner)}>"

    def _repr_markdown_(self) -> str:
        return self.summary

    def _table(self, name: str, index: list[str]) -> pandas.DataFrame:
        frames = []
        for one in self._inner:
            table = one.table(name)
            if table is not None:
                frames.append(frame_of(table).assign(scenario=one.name()[0]))
        if not frames:
            return pandas.DataFrame()
        return pandas.concat(frames).set_index(["scenario", *index])

    def _layer(self, name: str, index: list[str]) -> geopandas.GeoDataFrame:
        frames = [to_frame(one.layer(name), index=None).assign(scenario=one.name()[0]) for one in self._inner]
        crs = next((frame.crs for frame in frames if frame.crs is not None), None)
        frames = [frame.set_crs(crs, allow_override=True) if crs is not None else frame for frame in frames]
        return pandas.concat(frames).set_index(["scenario", *index])


def compare(
    study: str | os.PathLike[str],
    scenarios: Scenario | str | os.PathLike[str] | Sequence[Scenario | str | os.PathLike[str]],
    *,
    data: str | os.PathLike[str] | None = None,
    scores: bool = True,
    households: str | os.PathLike[str] | None = None,
    progress: Progress = None,
) -> Comparison:
    """Compare scenarios with a study: who gains and who loses, those who stay apart from those who come and leave.

    Parameters
    ----------
    study : path
        Folder with a ``study.toml``, or the file itself.
    scenarios : Scenario, path, or a sequence of them
        Each is set beside the study as it is.
    data : path, optional
        Folder that the study's paths start from.
    scores : bool
        Whether the scores of neighbourhoods are compared too, which takes two whole assessments.
    households : path or str, optional
        A TOML file, or its text, with types of household and the prices of travelling: :attr:`Comparison.affordability` then says
        what housing and travel cost those who stay.
    progress : bool or callable, optional
        Whether to show a bar; by default on a terminal and in a notebook only. A callable gets the step, its total
        and how much of it is done, about twenty times a second; an error that it raises stops the work.

    Returns
    -------
    Comparison

    Raises
    ------
    CommongroundError
        If a change cannot be made: all problems at once, each with its number; or if an added service or street makes a walk
        longer, with the id of the home.

    Examples
    --------
    >>> plan = Scenario("clinic").add_service("clinic", at=(2.98, 55.0))
    >>> compare("data/millbrook", plan, scores=False).scenarios.index.to_list()
    ['clinic']
    """
    several = [scenarios] if isinstance(scenarios, Scenario | str | os.PathLike) else list(scenarios)
    written = [(False, one._to_json()) if isinstance(one, Scenario) else (True, os.fspath(one)) for one in several]
    root = None if data is None else os.fspath(data)
    kinds = None if households is None else _text(households)
    with listener(progress) as tell:
        return Comparison(_scenario.compare(os.fspath(study), root, written, scores, kinds, tell))


def _text(file: str | os.PathLike[str]) -> str:
    """The text of a TOML file, or the text itself."""
    if isinstance(file, str) and "\n" in file:
        return file
    with open(file, encoding="utf-8") as opened:
        return opened.read()


def _place(at: Any) -> list[float]:
    x, y = (at.x, at.y) if isinstance(at, shapely.Point) else at
    return [float(x), float(y)]


def _places(line: Any) -> list[list[float]]:
    return [_place(at[:2]) for at in (line.coords if hasattr(line, "coords") else line)]


def _ring(area: Any) -> list[list[float]]:
    """The corners of an area without holes: a polygon, or the corners themselves."""
    if isinstance(area, shapely.MultiPolygon) and len(area.geoms) == 1:
        area = area.geoms[0]
    if isinstance(area, shapely.MultiPolygon) or (isinstance(area, shapely.Polygon) and area.interiors):
        raise refused("an area of several parts or with holes cannot be written as one ring", hint="make a change for each part, or write a scenario file with `file`")
    return _places(area.exterior if isinstance(area, shapely.Polygon) else area)


def _where(code: Sequence[str], neighbourhoods: Sequence[str], ids: Sequence[str], inside: Any) -> dict[str, Any]:
    where: dict[str, Any] = {"code": list(code), "neighbourhoods": list(neighbourhoods), "ids": list(ids)}
    return where if inside is None else {**where, "ring": _ring(inside)}


def decompose(
    before: pandas.Series,
    after: pandas.Series,
    *,
    people_before: pandas.Series,
    people_after: pandas.Series,
    better: Literal["less", "more"] = "less",
    tolerance: float = 0.0,
) -> pandas.Series:
    """The change of a mean taken apart, exactly: change for those who stay, what newcomers find, what leavers lose.

    Parameters
    ----------
    before, after : Series
        A measure by home; NaN where it is not known.
    people_before, people_after : Series
        Members of a group, or everybody, by home. Of a demolished home there are none after, of a new one none before.
    better : {"less", "more"}
        Whether less is better, as of minutes.
    tolerance : float
        Differences up to it are none.

    Returns
    -------
    Series
        ``stayers``, ``newcomers``, ``leavers``; ``mean_before``, ``mean_after``; the means of each; the parts
        ``change_for_stayers``, ``change_by_newcomers``, ``change_by_leavers``, of which the sum is the change of the mean;
        ``unknown``; and of those who stay ``gained``, ``lost``, ``same``, ``won`` and ``forgone`` (person-minutes, of minutes).

    Examples
    --------
    >>> before, after = pandas.Series({"a": 10.0, "new": 20.0}), pandas.Series({"a": 8.0, "new": 20.0})
    >>> people_before, people_after = pandas.Series({"a": 100.0, "new": 0.0}), pandas.Series({"a": 100.0, "new": 50.0})
    >>> found = decompose(before, after, people_before=people_before, people_after=people_after)
    >>> found[["change_for_stayers", "change_by_newcomers"]].round(3).to_dict()
    {'change_for_stayers': -1.333, 'change_by_newcomers': 3.333}
    """
    if better not in ("less", "more"):
        raise refused(f"better must be 'less' or 'more', not {better!r}")
    index = before.index.union(after.index, sort=False)
    columns = {
        "before": before.reindex(index),
        "after": after.reindex(index),
        "people_before": people_before.reindex(index, fill_value=0),
        "people_after": people_after.reindex(index, fill_value=0),
    }
    batch = to_batch(numbers={name: column.to_numpy() for name, column in columns.items()})
    rows = _decide.decompose_change(batch, better == "less", float(tolerance))
    return pandas.Series(dict(rows), dtype="float64")
