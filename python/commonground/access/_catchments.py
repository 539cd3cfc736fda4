"""Supply per resident where many share it: floating catchment areas, and the places behind a number."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Literal

import pandas

from commonground._arrow import ArrowBatch, frame_of
from commonground._commonground import access as _access
from commonground.access._decay import Decay, checked_decay
from commonground.access._tables import amounts_of, row_of, series_of, warn_unreached
from commonground.access._travel_times import Searches, TravelTimes

if TYPE_CHECKING:
    import geopandas

Method = Literal["2sfca", "m2sfca", "3sfca", "3sfca_all_in_table", "mh3sfca", "bfca"]


def floating_catchment_area(
    times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, *, decay: Decay, method: Method
) -> pandas.Series:
    """Supply per person by a method of the floating catchment area family.

    Parameters
    ----------
    times : TravelTimes or Searches
    demand : Series
        People of each origin, indexed like the origins. Finite, >= 0.
    supply : Series
        Doctors, seats, hectares of each destination, indexed like the destinations. Finite, >= 0.
    decay : Decay
        Weight in both steps.
    method : {"2sfca", "m2sfca", "3sfca", "3sfca_all_in_table", "mh3sfca", "bfca"}
        See the functions of the methods.

    Returns
    -------
    Series
        Supply per person within reach, indexed like the origins: 0 where no supply is reached, NaN off the network. Its
        ``attrs`` hold ``unreached_supply`` and ``unserved_demand``; supply that nobody reaches also warns.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> floating_catchment_area(times, people, doctors, decay=Decay.binary(cutoff_minutes=20), method="2sfca").round(
    ...     4
    ... ).to_dict()
    {'a': 0.005, 'b': 0.015}
    """
    homes, _, unreached, unserved = _fca(times, demand, supply, decay, method)
    access = series_of(homes, times.origins, supply.name)
    access.attrs.update(unreached_supply=unreached, unserved_demand=unserved)
    warn_unreached(unreached)
    return access


def places_fca(
    times: TravelTimes | Searches,
    demand: pandas.Series,
    supply: pandas.Series,
    *,
    decay: Decay,
    method: Method = "2sfca",
) -> pandas.DataFrame:
    """The places behind :func:`floating_catchment_area`: whom one competes with there.

    Returns
    -------
    DataFrame
        Indexed like the destinations: ``competing_demand``, the people who arrive (weighted as the method says), and
        ``supply_per_demand``, NaN where nobody arrives.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> places_fca(times, people, doctors, decay=Decay.binary(cutoff_minutes=20))
          competing_demand  supply_per_demand
    east             400.0              0.005
    west             300.0              0.010
    """
    _, places, _, _ = _fca(times, demand, supply, decay, method)
    frame = frame_of(places)
    return frame.set_axis(times.destinations, axis="index")


def explain_two_step_fca(
    times: TravelTimes, demand: pandas.Series, supply: pandas.Series, home: Hashable, *, decay: Decay
) -> pandas.DataFrame:
    """The places behind the access of one home by :func:`two_step_fca`, the one that adds most first.

    Parameters
    ----------
    times, demand, supply, decay
        As for :func:`floating_catchment_area`.
    home
        Its id.

    Returns
    -------
    DataFrame
        Indexed by the ids of the places: ``minutes``, ``supply``, ``competing_demand`` (people who arrive there) and
        ``access``, which adds up to that of the home.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> explain_two_step_fca(times, people, doctors, "b", decay=Decay.binary(cutoff_minutes=20))
          minutes  supply  competing_demand  access
    west     10.0     3.0             300.0   0.010
    east     20.0     2.0             400.0   0.005
    """
    people = amounts_of("demand", demand, times.origins)
    offers = amounts_of("supply", supply, times.destinations)
    number = row_of(home, times.origins)
    found = _access.explain_two_step_fca(times._inner, people, offers, checked_decay(decay)._inner, number)
    frame = frame_of(found)
    return frame.set_axis(times.destinations.take(frame.pop("place").to_numpy()), axis="index")


def why(
    searches: Searches,
    home: Hashable,
    *,
    demand: pandas.Series,
    supply: pandas.Series,
    decay: Decay,
    ways: int = 3,
) -> geopandas.GeoDataFrame:
    """Why a home has the access that it has by :func:`two_step_fca`, with the way to the places behind the number.

    Parameters
    ----------
    searches : Searches
        Homes and places on a network.
    home
        Its id.
    demand, supply, decay
        As for :func:`floating_catchment_area`. For a count within a cutoff give a binary decay.
    ways : int
        Number of destinations for which to return the route.

    Returns
    -------
    GeoDataFrame
        Indexed by the ids of the places, the one that adds most (the binding one) first: ``minutes``, ``metres`` along the
        streets, ``supply``, ``competing_demand`` (people who arrive there), ``access``, which adds up to that of the home, and
        the way as a line in the system of the homes. Empty if the home is on no street or reaches no supply.

    Examples
    --------
    >>> network = commonground.StreetNetwork.from_osm("data/monaco/monaco.osm.pbf")
    >>> nodes = network.nodes.iloc[[0, 40, 90]]
    >>> homes, doctors = nodes.iloc[:1], nodes.iloc[1:]
    >>> searches = Searches(network, homes, doctors, smallest_component=1)
    >>> people, beds = pandas.Series(10, homes.index), pandas.Series(1, doctors.index)
    >>> found = why(searches, homes.index[0], demand=people, supply=beds, decay=Decay.binary(cutoff_minutes=60))
    >>> list(found.columns)
    ['minutes', 'metres', 'supply', 'competing_demand', 'access', 'geometry']
    """
    people = amounts_of("demand", demand, searches.origins)
    offers = amounts_of("supply", supply, searches.destinations)
    number = row_of(home, searches.origins)
    found = _access.why(searches._inner, people, offers, checked_decay(decay)._inner, number, ways)
    frame = frame_of(found)
    located = searches._network._geometries(frame, searches._crs)
    return located.set_axis(searches.destinations.take(located.pop("place").to_numpy()), axis="index")


def two_step_fca(
    times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, *, decay: Decay
) -> pandas.Series:
    """Two-step floating catchment area: binary decay is Luo & Wang (2003), a smooth one the kernel form.

    Parameters and result are those of :func:`floating_catchment_area`.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> two_step_fca(times, people, doctors, decay=Decay.binary(cutoff_minutes=20)).round(4).to_dict()
    {'a': 0.005, 'b': 0.015}
    """
    return floating_catchment_area(times, demand, supply, decay=decay, method="2sfca")


def enhanced_two_step_fca(
    times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, *, decay: Decay | None = None
) -> pandas.Series:
    """Enhanced 2SFCA: by default the bands of Luo & Qi (2009), 1, 0.68 and 0.22 within 10, 20 and 30 minutes.

    Parameters and result are those of :func:`floating_catchment_area`.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> enhanced_two_step_fca(times, people, doctors).round(4).to_dict()
    {'a': 0.0086, 'b': 0.0138}
    """
    bands = decay if decay is not None else Decay.bands({10: 1.0, 20: 0.68, 30: 0.22})
    return floating_catchment_area(times, demand, supply, decay=bands, method="2sfca")


def modified_two_step_fca(
    times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, *, decay: Decay
) -> pandas.Series:
    """Modified 2SFCA (Delamater 2013): the decay counts twice for the home.

    Parameters and result are those of :func:`floating_catchment_area`.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> modified_two_step_fca(times, people, doctors, decay=Decay.linear(cutoff_minutes=40)).round(4).to_dict()
    {'a': 0.0081, 'b': 0.0085}
    """
    return floating_catchment_area(times, demand, supply, decay=decay, method="m2sfca")


def three_step_fca(
    times: TravelTimes | Searches,
    demand: pandas.Series,
    supply: pandas.Series,
    *,
    decay: Decay,
    choice: Literal["catchment", "all_in_table"] = "catchment",
) -> pandas.Series:
    """Three-step floating catchment area (Wan, Zou & Sternberg 2012): people divide themselves among places.

    Parameters and result are those of :func:`floating_catchment_area`, and

    choice : {"catchment", "all_in_table"}
        Among which places people choose; PySAL ``access`` counts those beyond its ``max_cost`` too (all in table).

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> three_step_fca(times, people, doctors, decay=Decay.linear(cutoff_minutes=40)).round(4).to_dict()
    {'a': 0.0124, 'b': 0.0125}
    """
    method: Method = "3sfca" if choice == "catchment" else "3sfca_all_in_table"
    return floating_catchment_area(times, demand, supply, decay=decay, method=method)


def huff_three_step_fca(
    times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, *, decay: Decay
) -> pandas.Series:
    """Modified Huff 3SFCA (Jörg et al. 2019): people choose by distance and by what a place offers.

    Parameters and result are those of :func:`floating_catchment_area`.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> huff_three_step_fca(times, people, doctors, decay=Decay.linear(cutoff_minutes=40)).round(4).to_dict()
    {'a': 0.0087, 'b': 0.0083}
    """
    return floating_catchment_area(times, demand, supply, decay=decay, method="mh3sfca")


def balanced_fca(
    times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, *, decay: Decay
) -> pandas.Series:
    """Balanced floating catchment area (Páez, Higgins & Vivona 2019): nobody and nothing is counted twice.

    Parameters and result are those of :func:`floating_catchment_area`.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> balanced_fca(times, people, doctors, decay=Decay.linear(cutoff_minutes=40)).round(4).to_dict()
    {'a': 0.0115, 'b': 0.0134}
    """
    return floating_catchment_area(times, demand, supply, decay=decay, method="bfca")


def _fca(times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, decay: Decay, method: Method) -> tuple[ArrowBatch, ArrowBatch, float, float]:
    people = amounts_of("demand", demand, times.origins)
    offers = amounts_of("supply", supply, times.destinations)
    return _access.floating_catchment(times._inner, people, offers, checked_decay(decay)._inner, method)
