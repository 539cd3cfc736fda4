"""routingkit-cch: a customizable contraction hierarchy. It has no limit; a place is one sweep over all nodes."""

import asking
import numpy
from routingkit_cch import CCH, CCHManyToOne, CCHMetric, compute_order_inertial


class RoutingkitCch:
    """The hierarchy of the graph, with the costs put in."""

    def __init__(self, questions):
        self.questions = questions
        start, end = questions.start.tolist(), questions.end.tolist()
        order = compute_order_inertial(questions.count, start, end, questions.y.tolist(), questions.x.tolist())
        self.hierarchy = CCH(order, start, end, False)
        self.metric = CCHMetric(self.hierarchy, questions.milliseconds.tolist())

    def closest(self):
        sweep = CCHManyToOne(self.metric, list(range(self.questions.count)))
        categories = ([(place, 0) for place in places] for places in self.questions.services.tolist())
        return numpy.array([sweep.distances_to_multi(places) for places in categories], dtype=float)

    def sums(self, limit_milliseconds):
        sweep = CCHManyToOne(self.metric, list(range(self.questions.count)))
        sums = numpy.zeros(self.questions.count)
        for place, weight in zip(self.questions.supply.tolist(), self.questions.weights, strict=True):
            sums += weight * (numpy.array(sweep.distances_to(place), dtype=float) <= limit_milliseconds)
        return sums

    def matrix(self):
        sweep = CCHManyToOne(self.metric, self.questions.origins.tolist())
        return numpy.array([sweep.distances_to(place) for place in self.questions.targets.tolist()], dtype=float).T


if __name__ == "__main__":
    asking.answer("routingkit_cch", RoutingkitCch)
