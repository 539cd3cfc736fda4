"""networkx: Dijkstra's algorithm in Python, always from the side with fewer places."""

import asking
import networkx
import numpy


class Networkx:
    """The graph with every edge turned round, so that a search from a place finds the ways to it."""

    def __init__(self, questions):
        self.questions = questions
        self.reversed = networkx.DiGraph()
        self.reversed.add_nodes_from(range(questions.count))
        edges = (questions.end.tolist(), questions.start.tolist(), questions.milliseconds.tolist())
        self.reversed.add_weighted_edges_from(zip(*edges, strict=True))

    def closest(self):
        costs = numpy.full((len(self.questions.services), self.questions.count), numpy.nan)
        for row, places in zip(costs, self.questions.services, strict=True):
            found = networkx.multi_source_dijkstra_path_length(self.reversed, set(places.tolist()))
            row[list(found)] = list(found.values())
        return costs

    def sums(self, limit_milliseconds):
        sums = numpy.zeros(self.questions.count)
        supply = zip(self.questions.supply.tolist(), self.questions.weights, strict=True)
        for place, weight in supply:
            found = networkx.single_source_dijkstra_path_length(self.reversed, place, cutoff=limit_milliseconds)
            sums[list(found)] += weight
        return sums

    def matrix(self):
        origins = self.questions.origins.tolist()
        columns = []
        for place in self.questions.targets.tolist():
            found = networkx.single_source_dijkstra_path_length(self.reversed, place)
            columns.append([found.get(origin, numpy.nan) for origin in origins])
        return numpy.array(columns, dtype=float).T


if __name__ == "__main__":
    asking.answer("networkx", Networkx)
