"""How much a place counts when it is farther away."""

from __future__ import annotations

from collections.abc import Mapping

from commonground._commonground import access as _access
from commonground._errors import refused


class Decay:
    """How much a place counts when it is farther away. Make one with the methods below; all times are minutes.

    Examples
    --------
    >>> Decay.linear(cutoff_minutes=20).weight(5.0)
    0.75
    """

    def __init__(self, inner: _access.Decay) -> None:
        self._inner = inner

    @classmethod
    def binary(cls, *, cutoff_minutes: float) -> Decay:
        """1 up to the cutoff (inclusive), 0 beyond."""
        return cls._made("binary", cutoff_minutes)

    @classmethod
    def linear(cls, *, cutoff_minutes: float) -> Decay:
        """max(0, 1 - c / cutoff)."""
        return cls._made("linear", cutoff_minutes)

    @classmethod
    def exponential(cls, *, rate: float) -> Decay:
        """exp(-rate c), rate by minute: ``decay_exponential`` of R ``accessibility``."""
        return cls._made("exponential", rate)

    @classmethod
    def power(cls, *, exponent: float) -> Decay:
        """c to the power of -exponent, 1 below one minute: ``decay_power`` of R ``accessibility``."""
        return cls._made("power", exponent)

    @classmethod
    def logistic(cls, *, inflection_minutes: float, deviation_minutes: float) -> Decay:
        """Cumulative logistic, 1 at 0 minutes: ``decay_logistic`` of R ``accessibility`` and R5."""
        return cls._made("logistic", inflection_minutes, deviation_minutes)

    @classmethod
    def gaussian(cls, *, deviation_minutes: float) -> Decay:
        """exp(-c² / (2 deviation²)): ``weights.gaussian`` of PySAL ``access``."""
        return cls._made("gaussian", deviation_minutes)

    @classmethod
    def dai_gaussian(cls, *, cutoff_minutes: float) -> Decay:
        """The Gaussian of Dai (2010), which ends at 0 at the cutoff."""
        return cls._made("dai_gaussian", cutoff_minutes)

    @classmethod
    def bands(cls, weights: Mapping[float, float]) -> Decay:
        """Weight up to and including each time, 0 beyond the last: ``weights.step_fn`` of PySAL ``access``."""
        return cls._made("bands", points=weights)

    @classmethod
    def stepped(cls, weights: Mapping[float, float]) -> Decay:
        """1, then each weight from its time on: ``decay_stepped`` of R ``accessibility``."""
        return cls._made("stepped", points=weights)

    @classmethod
    def table(cls, weights: Mapping[float, float]) -> Decay:
        """Straight lines between the points, the first weight before the first, 0 beyond the last."""
        return cls._made("table", points=weights)

    def within(self, *, cutoff_minutes: float) -> Decay:
        """The same curve, 0 beyond the cutoff."""
        return Decay(self._inner.within(cutoff_minutes))

    def weight(self, minutes: float) -> float:
        """The weight of a travel time."""
        return self._inner.weight(minutes)

    @classmethod
    def _made(cls, shape: str, *parameters: float, points: Mapping[float, float] | None = None) -> Decay:
        rising = sorted((points or {}).items())
        return cls(_access.Decay(shape, list(parameters), rising))


def checked_decay(decay: object) -> Decay:
    """A decay, or an error that says how to make one."""
    if isinstance(decay, Decay):
        return decay
    made = ", ".join(name for name, one in vars(Decay).items() if isinstance(one, classmethod) and name[0] != "_")
    hint = f"make one, for example Decay.binary(cutoff_minutes=15); there are {made}"
    raise refused(f"`decay` must be a Decay, not {decay!r}", hint=hint)
