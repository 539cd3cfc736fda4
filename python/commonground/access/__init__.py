"""Access measures over a table of travel times or straight on a network, and who gets the access.

A table of any router will do: R5, OpenTripPlanner, a map service; :class:`Searches` needs none. Series go in with the
ids of homes or places as their index and come out with the same index. NaN stands only for a home that is not on the
network, and infinity for minutes to what is not reached.
"""

from commonground.access._catchments import (
    balanced_fca,
    enhanced_two_step_fca,
    explain_two_step_fca,
    floating_catchment_area,
    huff_three_step_fca,
    modified_two_step_fca,
    places_fca,
    three_step_fca,
    two_step_fca,
    why,
)
from commonground.access._competition import raam, spatial_availability
from commonground.access._decay import Decay
from commonground.access._inequality import (
    concentration_curve,
    concentration_index,
    fgt_poverty,
    gini,
    lorenz_curve,
    palma_ratio,
    theil_t,
    theil_t_by_group,
)
from commonground.access._places import green_space, same_places
from commonground.access._reach import (
    balancing_cost,
    closest_places,
    cost_to_closest,
    cost_to_closest_place,
    cumulative_cutoff,
    cumulative_interval,
    gravity,
)
from commonground.access._travel_times import Searches, TravelTimes
from commonground.access._who import by_neighbourhood, completeness, group_access

__all__ = [
    "Decay",
    "Searches",
    "TravelTimes",
    "balanced_fca",
    "balancing_cost",
    "by_neighbourhood",
    "closest_places",
    "completeness",
    "concentration_curve",
    "concentration_index",
    "cost_to_closest",
    "cost_to_closest_place",
    "cumulative_cutoff",
    "cumulative_interval",
    "enhanced_two_step_fca",
    "explain_two_step_fca",
    "fgt_poverty",
    "floating_catchment_area",
    "gini",
    "gravity",
    "green_space",
    "group_access",
    "huff_three_step_fca",
    "lorenz_curve",
    "modified_two_step_fca",
    "palma_ratio",
    "places_fca",
    "raam",
    "same_places",
    "spatial_availability",
    "theil_t",
    "theil_t_by_group",
    "three_step_fca",
    "two_step_fca",
    "why",
]
