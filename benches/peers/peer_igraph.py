"""igraph: Dijkstra's algorithm in C, from the side with fewer places; no limit, one source a search."""

import asking
import igraph
import numpy

AT_ONCE = 100  # searches, to keep their table small


class Igraph:
    """The graph, searched against the direction of its edges."""

    def __init__(self, questions):
        self.questions = questions
        edges = numpy.column_stack([questions.start, questions.end])
        self.graph = igraph.Graph(n=questions.count, edges=edges.tolist(), directed=True)
        self.costs = questions.milliseconds.astype(float).tolist()

    def closest(self):
        return numpy.array([numpy.fmin.reduce(self._to(places)) for places in self.questions.services])

    def sums(self, limit_milliseconds):
        sums = numpy.zeros(self.questions.count)
        for first in range(0, len(self.questions.supply), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            costs = self._to(self.questions.supply[part])
            sums += self.questions.weights[part] @ (costs <= limit_milliseconds)
        return sums

    def matrix(self):
        return self._to(self.questions.targets, self.questions.origins.tolist()).T

    def _to(self, places, origins=None):
        costs = self.graph.distances(places.tolist(), origins, weights=self.costs, mode="in", algorithm="dijkstra")
        costs = numpy.array(costs)
        return numpy.where(numpy.isfinite(costs), costs, numpy.nan)


if __name__ == "__main__":
    asking.answer("igraph", Igraph)
