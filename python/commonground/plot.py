"""Figures for print and slides: each function draws one chart and returns its matplotlib axes.

Colours are those of the report: safe for colour-blind readers, and never from red to green.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy
import pandas

from commonground._errors import refused

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from commonground._assess import Assessment

_LINE_COLOURS = ["#2d7792", "#c96f62", "#5c629e", "#b8862b", "#3f8f78", "#94465f", "#7a8794", "#a0743d"]
_QUIET = "#5a6672"
_NO_VALUE: dict[str, Any] = {"facecolor": "#f1f0ec", "edgecolor": "#b9b6ad", "hatch": "////", "linewidth": 0.6}


def choropleth(
    assessment: Assessment,
    column: str,
    *,
    ax: Axes | None = None,
    legend: bool = True,
    scale_bar: bool = True,
    names: bool = False,
) -> Axes:
    """A column of the neighbourhoods as a map, with its classes and colours of the report.

    Parameters
    ----------
    assessment : Assessment
    column : str
        A column of ``assessment.neighbourhoods``.
    ax : Axes, optional
        Axes to draw on; new ones otherwise.
    legend, scale_bar : bool
        Whether to draw them.
    names : bool
        Whether to write the neighbourhoods' names.

    Returns
    -------
    Axes

    Raises
    ------
    CommongroundError
        If there is no such column.

    Examples
    --------
    >>> import commonground
    >>> result = commonground.assess("data/millbrook")
    >>> choropleth(result, "grocery_minutes_median").get_title(loc="left")
    'Median walk to grocery'
    """
    from matplotlib.patches import Patch

    label, _, classes, found = assessment._inner.colouring(column)
    places = assessment.neighbourhoods
    ax = ax or _new_axes(figsize=(8, 8))
    of = numpy.array([-1 if number is None else number for number in found])
    without = places[of < 0]
    if len(without):
        without.plot(ax=ax, **_NO_VALUE)
    for number, (_, colour) in enumerate(classes):
        members = places[of == number]
        if len(members):
            members.plot(ax=ax, color=colour, edgecolor="white", linewidth=0.8)
    ax.set_title(label, loc="left", fontweight="bold")
    ax.set_axis_off()
    ax.set_aspect("equal")
    if names:
        points = places.representative_point()
        for name, x, y in zip(places["name"], points.x, points.y, strict=True):
            ax.annotate(name, (x, y), ha="center", va="center", fontsize=7)
    if legend:
        patches = [Patch(facecolor=colour, edgecolor="#0002", label=text) for text, colour in classes]
        if len(without):
            patches.append(Patch(label="no value", **_NO_VALUE))
        ax.legend(handles=patches, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    if scale_bar:
        _draw_scale_bar(ax, places.total_bounds)
    return ax


def save_map(
    assessment: Assessment, column: str, path: str | os.PathLike[str], *, dots_per_inch: int = 200, names: bool = False
) -> None:
    """A column of the neighbourhoods as a map in a file, with legend and scale bar: PNG, PDF or SVG by the file's ending.

    Parameters
    ----------
    assessment : Assessment
    column : str
        A column of ``assessment.neighbourhoods``.
    path : str or PathLike
        File to write; its ending says how.
    dots_per_inch : int
        Of a PNG: 200 are 1,600 dots across, enough for a slide.
    names : bool
        Whether to write the neighbourhoods' names.

    Raises
    ------
    CommongroundError
        If there is no such column.

    Examples
    --------
    >>> import commonground
    >>> result = commonground.assess("data/millbrook")
    >>> import tempfile
    >>> save_map(result, "grocery_minutes_median", tempfile.mkdtemp() + "/map.png")
    """
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(layout="constrained", figsize=(8, 8))
    choropleth(assessment, column, ax=axes, names=names)
    target = Path(path)
    # Written beside the old file and put in its place when it is whole.
    with tempfile.TemporaryDirectory(prefix=".commonground-", suffix=".part", dir=target.parent) as folder:
        aside = Path(folder) / target.name
        try:
            figure.savefig(aside, dpi=dots_per_inch, bbox_inches="tight")
        finally:
            pyplot.close(figure)
        os.replace(aside, target)


def reach(assessment: Assessment, *, longest_minutes: float = 40, ax: Axes | None = None) -> Axes:
    """Share of residents whose closest place of each kind lies within so many minutes' walk.

    Parameters
    ----------
    assessment : Assessment
    longest_minutes : float
        End of the axis of minutes.
    ax : Axes, optional
        Axes to draw on; new ones otherwise.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import commonground
    >>> result = commonground.assess("data/millbrook")
    >>> reach(result).get_xlabel()
    "minutes' walk to the closest"
    """
    homes = assessment.homes
    noun, counted = assessment._inner.weight()
    homes = homes[homes["street_distance_m"].notna()]
    ax = ax or _new_axes(figsize=(7, 4.5))
    columns = [column for column in homes.columns if column.endswith("_minutes")]
    for number, column in enumerate(columns):
        order = homes[column].sort_values(na_position="last")
        share = homes.loc[order.index, counted].cumsum() / homes[counted].sum()
        known = order.notna()
        label = column.removesuffix("_minutes").replace("_", " ")
        ax.step(order[known], share[known], where="post", label=label, color=_LINE_COLOURS[number % len(_LINE_COLOURS)])
    ax.axvline(15, color=_QUIET, linestyle=":", linewidth=1)
    ax.set(xlim=(0, longest_minutes), ylim=(0, 1), xlabel="minutes' walk to the closest", ylabel=f"share of {noun}")
    ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    ax.legend(frameon=False, fontsize=9)
    return _plain(ax)


def lorenz(
    values: pandas.Series,
    *,
    weights: pandas.Series | None = None,
    by: pandas.Series | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Lorenz curve of a quantity over residents or, with ``by``, its concentration curve along another quantity.

    Parameters
    ----------
    values : Series
        What is shared out; 0 or more. Rows without a value are left out.
    weights : Series, optional
        Residents; every row counts the same otherwise.
    by : Series, optional
        What residents are sorted by, from least to most; the values themselves otherwise.
    ax : Axes, optional
        Axes to draw on; new ones otherwise.

    Returns
    -------
    Axes
        Titled with the Gini coefficient, or with the concentration index: twice the area between curve and diagonal.

    Examples
    --------
    >>> lorenz(pandas.Series([1.0, 3.0])).get_title(loc="left")
    'Gini 0.250'
    """
    weights = values * 0 + 1.0 if weights is None else weights
    order_by = values if by is None else by
    table = pandas.DataFrame({"value": values, "weight": weights, "by": order_by}).dropna()
    if (table["value"] < 0).any():
        raise refused("a Lorenz curve needs values of 0 or more")
    table["held"] = table["value"] * table["weight"]
    # Who stand equally in the order share one straight stretch.
    steps = table.groupby("by", sort=True)[["weight", "held"]].sum().cumsum()
    people, held = ([0.0, *(steps[name] / steps[name].iloc[-1])] for name in ("weight", "held"))
    index = 1 - numpy.sum(numpy.diff(people) * (numpy.array(held[1:]) + numpy.array(held[:-1])))
    ax = ax or _new_axes(figsize=(5, 5))
    ax.plot([0, 1], [0, 1], color=_QUIET, linestyle=":", linewidth=1)
    ax.plot(people, held, color=_LINE_COLOURS[0], linewidth=2)
    name = "Gini" if by is None else "concentration index"
    ax.set_title(f"{name} {index:.3f}", loc="left", fontweight="bold")
    sorted_by = "least to most" if by is None else f"least to most {by.name or 'of the other'}"
    ax.set(xlim=(0, 1), ylim=(min(0, *held), 1), xlabel=f"share of residents, {sorted_by}", ylabel="share held")
    ax.set_aspect("equal")
    return _plain(ax)


def scatter(assessment: Assessment, x: str, y: str, *, names: bool = True, ax: Axes | None = None) -> Axes:
    """Every neighbourhood by two columns; the size of a dot is its residents, or what the study counts instead.

    Parameters
    ----------
    assessment : Assessment
    x, y : str
        Columns of numbers of ``assessment.neighbourhoods``.
    names : bool
        Whether to name the ten largest.
    ax : Axes, optional
        Axes to draw on; new ones otherwise.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import commonground
    >>> result = commonground.assess("data/millbrook")
    >>> scatter(result, "grocery_minutes_median", "school_minutes_median").get_xlabel()
    'Median walk to grocery'
    """
    places = assessment.neighbourhoods.dropna(subset=[x, y])
    ax = ax or _new_axes(figsize=(7, 5))
    _, counted = assessment._inner.weight()
    size = 12 + 220 * places[counted] / max(places[counted].max(), 1)
    ax.scatter(places[x], places[y], s=size, color=_LINE_COLOURS[0], alpha=0.75, edgecolor="white")
    labels = [assessment._inner.colouring(column)[0] for column in (x, y)]
    ax.set(xlabel=labels[0], ylabel=labels[1])
    if names:
        for _, place in places.nlargest(10, counted).iterrows():
            ax.annotate(place["name"], (place[x], place[y]), xytext=(5, 4), textcoords="offset points", fontsize=8)
    return _plain(ax)


def distribution(assessment: Assessment, column: str, *, ax: Axes | None = None) -> Axes:
    """How many residents live at which value of a column, neighbourhood by neighbourhood.

    Parameters
    ----------
    assessment : Assessment
    column : str
        A column of numbers of ``assessment.neighbourhoods``.
    ax : Axes, optional
        Axes to draw on; new ones otherwise.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import commonground
    >>> result = commonground.assess("data/millbrook")
    >>> distribution(result, "grocery_minutes_median").get_ylabel()
    'residents'
    """
    places = assessment.neighbourhoods.dropna(subset=[column])
    noun, counted = assessment._inner.weight()
    ax = ax or _new_axes(figsize=(7, 3.5))
    ax.hist(places[column], bins=min(30, max(5, len(places) // 3)), weights=places[counted], color=_LINE_COLOURS[0], edgecolor="white")
    if places[counted].sum() > 0:
        mean = numpy.average(places[column], weights=places[counted])
        ax.axvline(mean, color=_LINE_COLOURS[1], linewidth=1.5)
        ax.annotate(f"mean over {noun}", (mean, 1), xycoords=("data", "axes fraction"), xytext=(4, -12), textcoords="offset points", fontsize=9, color=_LINE_COLOURS[1])
    ax.set(xlabel=assessment._inner.colouring(column)[0], ylabel=noun)
    return _plain(ax)


def _new_axes(*, figsize: tuple[float, float]) -> Axes:
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise ImportError("plots need matplotlib: pip install 'commonground[plot]'") from error
    return pyplot.subplots(layout="constrained", figsize=figsize)[1]


def _plain(ax: Axes) -> Axes:
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def _draw_scale_bar(ax: Axes, bounds: numpy.ndarray) -> None:
    """A bar of a round length, at most a quarter of the map, below its lower left corner."""
    west, south, east, north = bounds
    longest_m = (east - west) / 4
    power = 10 ** numpy.floor(numpy.log10(longest_m))
    length_m = max(part * power for part in (1, 2, 5) if part * power <= longest_m)
    y = south - 0.04 * (north - south)
    ax.plot([west, west + length_m], [y, y], color="#17212b", linewidth=1.5, solid_capstyle="butt")
    label = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    ax.annotate(label, (west + length_m, y), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9)
