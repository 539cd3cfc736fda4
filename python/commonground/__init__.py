"""Where a city's common ground is, and where it is being lost.

Scores of access, isolation and displacement, neighbourhood by neighbourhood, from real homes along real streets.
Scores describe places, never the people who live there.
"""

from commonground import autocorrelation, cohesion
from commonground._assess import Assessment, assess, check
from commonground._commonground import CommongroundError, __version__

__all__ = ["Assessment", "CommongroundError", "__version__", "assess", "autocorrelation", "check", "cohesion"]
