"""Where a city's common ground is, and where it is being lost.

Scores of access, isolation and displacement, neighbourhood by neighbourhood, from real homes along real streets.
Scores describe places, never the people who live there.
"""

import sys

from commonground import (
    _commonground,
    access,
    access_change,
    affordability,
    autocorrelation,
    briefing,
    budget,
    cohesion,
    distributed,
    encounter,
    gentrification,
    interpolation,
    perception,
    scenario,
    segregation,
    severance,
    site,
    siting,
    social_infrastructure,
    zoning,
)
from commonground._assess import Assessment, assess, check
from commonground._attached import AttachedPlaces
from commonground._commonground import CommongroundError, __version__
from commonground._errors import CommongroundWarning
from commonground._network import StreetNetwork
from commonground._new import NewStudy, new
from commonground._transit import TransitNetwork
from commonground.scenario import Scenario, compare

# The parts of the native module are modules with full names, as their stubs say.
for _part in (_commonground.access, _commonground.decide, _commonground.isolation, _commonground.partition, _commonground.scenario):
    sys.modules[f"{_commonground.__name__}.{_part.__name__}"] = _part

__all__ = [
    "Assessment",
    "AttachedPlaces",
    "CommongroundError",
    "CommongroundWarning",
    "NewStudy",
    "Scenario",
    "StreetNetwork",
    "TransitNetwork",
    "__version__",
    "access",
    "access_change",
    "affordability",
    "assess",
    "autocorrelation",
    "briefing",
    "budget",
    "check",
    "cohesion",
    "compare",
    "distributed",
    "encounter",
    "gentrification",
    "interpolation",
    "new",
    "perception",
    "scenario",
    "segregation",
    "severance",
    "site",
    "siting",
    "social_infrastructure",
    "zoning",
]
