"""scipy: Dijkstra's algorithm on a sparse matrix, always from the side with fewer places."""

import asking
import numpy
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

AT_ONCE = 100  # searches, to keep their table small


class Scipy:
    """The graph with every edge turned round, so that a search from a place finds the ways to it."""

    def __init__(self, questions):
        self.questions = questions
        edges = (questions.milliseconds.astype(float), (questions.end, questions.start))
        self.reversed = csr_array(edges, shape=(questions.count, questions.count))

    def closest(self):
        found = [dijkstra(self.reversed, indices=places, min_only=True) for places in self.questions.services]
        return _absent(numpy.array(found))

    def sums(self, limit_milliseconds):
        sums = numpy.zeros(self.questions.count)
        for first in range(0, len(self.questions.supply), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            costs = dijkstra(self.reversed, indices=self.questions.supply[part], limit=limit_milliseconds)
            sums += self.questions.weights[part] @ numpy.isfinite(costs)
        return sums

    def matrix(self):
        costs = dijkstra(self.reversed, indices=self.questions.targets)
        return _absent(costs[:, self.questions.origins].T)


def _absent(costs):
    return numpy.where(numpy.isfinite(costs), costs, numpy.nan)


if __name__ == "__main__":
    asking.answer("scipy", Scipy)
