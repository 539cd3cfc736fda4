"""Siting against spopt and HiGHS (scipy.optimize.milp) on random instances, and through Python's own face."""

import numpy
import pandas
import pytest

import commonground
from commonground import siting
from commonground.access import TravelTimes


def instance(seed, homes=40, sites=14):
    """Homes and sites strewn over a square; whole minutes, so that a table of milliseconds keeps them exactly."""
    random = numpy.random.default_rng(seed)
    a, b = random.random((homes, 2)) * 60, random.random((sites, 2)) * 60
    matrix = numpy.round(numpy.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1]))
    people = random.integers(1, 40, homes).astype(float)
    frame = pandas.DataFrame(matrix, index=[f"h{i}" for i in range(homes)], columns=[f"s{j}" for j in range(sites)])
    return frame, pandas.Series(people, index=frame.index)


def milp_value(matrix, people, choose, kind, limit=0.0):
    """The optimum by HiGHS: p-median, p-center, maximal coverage or set cover."""
    optimize = pytest.importorskip("scipy.optimize")
    cost, weight = matrix.to_numpy(), people.to_numpy()
    n, m = cost.shape
    near = (cost <= limit).astype(float)
    if kind == "set_cover":
        rows = near[near.sum(axis=1) > 0]
        found = optimize.milp(numpy.ones(m), constraints=[optimize.LinearConstraint(rows, 1)], integrality=numpy.ones(m), bounds=(0, 1))
        return round(found.fun)
    if kind == "cover":
        objective = numpy.r_[numpy.zeros(m), -weight]
        rows = numpy.hstack([-near, numpy.eye(n)])
        count = numpy.r_[numpy.ones(m), numpy.zeros(n)][None]
        limits = [optimize.LinearConstraint(rows, -numpy.inf, 0), optimize.LinearConstraint(count, choose, choose)]
        found = optimize.milp(objective, constraints=limits, integrality=numpy.r_[numpy.ones(m), numpy.zeros(n)], bounds=(0, 1))
        return -found.fun
    size = m + n * m + (kind == "center")
    each = numpy.zeros((n, size))
    opened = numpy.zeros((n * m, size))
    for i in range(n):
        each[i, m + i * m : m + (i + 1) * m] = 1
        for j in range(m):
            opened[i * m + j, m + i * m + j], opened[i * m + j, j] = 1, -1
    count = numpy.zeros((1, size))
    count[0, :m] = 1
    limits = [
        optimize.LinearConstraint(each, 1, 1),
        optimize.LinearConstraint(opened, -numpy.inf, 0),
        optimize.LinearConstraint(count, choose, choose),
    ]
    objective = numpy.zeros(size)
    if kind == "median":
        objective[m : m + n * m] = (weight[:, None] * cost).ravel()
    else:
        objective[-1] = 1
        farthest = numpy.zeros((n, size))
        for i in range(n):
            farthest[i, m + i * m : m + (i + 1) * m] = cost[i]
        farthest[:, -1] = -1
        limits.append(optimize.LinearConstraint(farthest, -numpy.inf, 0))
    upper = numpy.r_[numpy.ones(m + n * m), [numpy.inf] * (kind == "center")]
    integrality = numpy.r_[numpy.ones(m), numpy.zeros(size - m)]
    options = {"mip_rel_gap": 0}
    found = optimize.milp(objective, constraints=limits, integrality=integrality, bounds=(0, upper), options=options)
    return found.fun


@pytest.mark.parametrize("seed", range(6))
def test_values_are_those_of_a_solver(seed):
    matrix, people = instance(seed)
    times = TravelTimes.from_matrix(matrix)
    for choose in (2, 4):
        median = siting.p_median(times, people, choose=choose)
        assert median.objective == pytest.approx(milp_value(matrix, people, choose, "median"), rel=1e-9)
        center = siting.p_center(times, people, choose=choose)
        assert center.objective == pytest.approx(milp_value(matrix, people, choose, "center"), rel=1e-9)
        cover = siting.max_cover(times, people, minutes=12, choose=choose)
        assert cover.objective == pytest.approx(milp_value(matrix, people, choose, "cover", 12), rel=1e-9)
        assert median.proven and center.proven and cover.proven
    covered = siting.set_cover(times, people, minutes=18)
    assert covered["cost"] == covered["bound"] == milp_value(matrix, people, 0, "set_cover", 18)


@pytest.mark.parametrize("seed", range(3))
def test_values_are_those_of_spopt(seed):
    locate = pytest.importorskip("spopt.locate")
    pulp = pytest.importorskip("pulp")
    matrix, people = instance(100 + seed)
    times, solver = TravelTimes.from_matrix(matrix), pulp.PULP_CBC_CMD(msg=False)
    cost = matrix.to_numpy()
    weights = people.to_numpy()
    p_median = locate.PMedian.from_cost_matrix(cost, weights, p_facilities=3).solve(solver)
    assert siting.p_median(times, people, choose=3).objective == pytest.approx(p_median.problem.objective.value(), rel=1e-9)
    p_center = locate.PCenter.from_cost_matrix(cost, p_facilities=3).solve(solver)
    assert siting.p_center(times, people, choose=3).objective == pytest.approx(p_center.problem.objective.value(), rel=1e-9)
    cover = locate.MCLP.from_cost_matrix(cost, weights, 12, p_facilities=3).solve(solver)
    found = siting.max_cover(times, people, minutes=12, choose=3)
    assert found.objective == pytest.approx(cover.problem.objective.value(), rel=1e-9)
    own = pandas.DataFrame(numpy.abs(numpy.subtract.outer(numpy.arange(9.0) ** 2, numpy.arange(9.0) ** 2)))
    dispersed = locate.PDispersion.from_cost_matrix(own.to_numpy(), 4).solve(solver)
    assert siting.dispersion(TravelTimes.from_matrix(own), choose=4)["minutes"] == pytest.approx(dispersed.problem.objective.value())


def test_what_stands_stays_and_what_is_excluded_is_not_chosen():
    matrix, people = instance(7)
    times = TravelTimes.from_matrix(matrix)
    free = siting.p_median(times, people, choose=2)
    with_one = siting.p_median(times, people, choose=2, existing=["s3"])
    assert "s3" not in with_one.chosen and with_one.objective <= free.objective
    without = siting.p_median(times, people, choose=2, excluded=free.chosen)
    assert not set(without.chosen) & set(free.chosen) and without.objective >= free.objective
    rule = siting.Rule("not both", free.chosen, at_most=1)
    ruled = siting.p_median(times, people, choose=2, rules=[rule])
    assert len(set(ruled.chosen) & set(free.chosen)) <= 1 and ruled.objective >= free.objective
    costs = pandas.Series(1.0, index=matrix.columns)
    assert siting.p_median(times, people, costs=costs, budget=2.0).objective == free.objective


def test_a_set_is_never_alone_and_says_who_differs():
    matrix, people = instance(8)
    times = TravelTimes.from_matrix(matrix)
    found = siting.p_median(times, people, choose=3, within=0.1)
    values = found.alternatives["value"]
    assert found.all_listed and values.is_monotonic_increasing and values.iloc[-1] <= 1.1 * values.iloc[0]
    assert found.frequency.iloc[0] <= 1 and found.frequency.sum() == pytest.approx(3)
    walks = found.minutes()
    assert (walks * people).sum() == pytest.approx(found.objective)
    other = found.alternatives["sites"].iloc[1]
    change = found.differs(other, people)
    assert change["lost"] - change["won"] == pytest.approx(values.iloc[1] - values.iloc[0])
    center = siting.p_center(times, people, choose=3)
    regret = found.regret({("median", 0): found.objective, ("center", 0): center.objective})
    assert regret["median"].iloc[0] == 0 and (regret >= 0).all().all()
    kappa = siting.kappa(walks, people)
    equivalent = siting.kolm_pollak(times, people, kappa=kappa, choose=3)
    assert (walks * people).sum() / people.sum() < equivalent.objective < center.objective * 3
    tenth = siting.worst_share(times, people, share=0.1, choose=3)
    groups = {"a": people // 3, "b": people - people // 3}
    worst = siting.worst_group(times, people, groups=groups, choose=3)
    assert equivalent.proven and tenth.proven and worst.proven and worst.objective < tenth.objective


def test_wrong_questions_are_refused():
    matrix, people = instance(9)
    times = TravelTimes.from_matrix(matrix)
    for options, message in [
        ({"choose": 15}, "15 sites"),
        ({"choose": 1, "candidates": []}, "excluded"),
        ({"choose": 1, "candidates": ["s1", "s1"]}, "twice"),
        ({"choose": 1, "existing": ["x"]}, "not there"),
        ({"costs": pandas.Series(-1.0, index=matrix.columns), "budget": 3.0}, "cost"),
    ]:
        with pytest.raises(commonground.CommongroundError, match=message):
            siting.p_median(times, people, **options)
    with pytest.raises(commonground.CommongroundError, match="people"):
        siting.p_median(times, -people, choose=1)
    with pytest.raises(commonground.CommongroundError, match="choose="):
        siting.p_median(times, people)
    far = matrix.where(matrix <= 15)
    with pytest.raises(commonground.CommongroundError, match="serves everybody"):
        siting.p_median(TravelTimes.from_matrix(far), people, choose=1)
    counted = siting.p_median(TravelTimes.from_matrix(far), people, choose=1, unserved_minutes=90)
    assert counted.unserved > 0
