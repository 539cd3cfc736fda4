"""Where a city's common ground is, and where it is being lost.

Scores of access, isolation and displacement, neighbourhood by neighbourhood, from real homes along real streets.
Scores describe places, never the people who live there.
"""

from commonground import (
    access,
    autocorrelation,
    cohesion,
    encounter,
    gentrification,
    interpolation,
    perception,
    segregation,
    severance,
    social_infrastructure,
)
from commonground._assess import Assessment, assess, check
from commonground._commonground import CommongroundError, __version__
from commonground._network import StreetNetwork

__all__ = [
    "Assessment",
    "CommongroundError",
    "StreetNetwork",
    "__version__",
    "access",
    "assess",
    "autocorrelation",
    "check",
    "cohesion",
    "encounter",
    "gentrification",
    "interpolation",
    "perception",
    "segregation",
    "severance",
    "social_infrastructure",
]
