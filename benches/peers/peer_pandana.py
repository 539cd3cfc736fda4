"""pandana: contraction hierarchies.

It keeps costs as whole thousandths and cuts off the rest, so seconds with half a millisecond more hold whole
milliseconds exactly. The closest places come back in single precision and are rounded to the millisecond.
"""

import asking
import numpy
import pandana
import pandas

FARTHEST_SECONDS = 360_000.0  # farther than any two nodes of a region


class Pandana:
    """The network with its hierarchy; places are snapped by pandana itself."""

    def __init__(self, questions):
        self.questions = questions
        seconds = pandas.DataFrame({"seconds": (questions.milliseconds + 0.5) / 1000})
        x, y, start, end = (pandas.Series(each) for each in (questions.x, questions.y, questions.start, questions.end))
        self.network = pandana.Network(x, y, start, end, seconds, twoway=False)

    def closest(self):
        rows = []
        for number, places in enumerate(self.questions.services):
            name = f"category {number}"
            x, y = (pandas.Series(each[places]) for each in (self.questions.x, self.questions.y))
            self.network.set_pois(name, FARTHEST_SECONDS, 1, x, y)
            rows.append(self.network.nearest_pois(FARTHEST_SECONDS, name, num_pois=1)[1].to_numpy())
        return _absent(numpy.array(rows, dtype=float))

    def sums(self, limit_milliseconds):
        self.network.set(pandas.Series(self.questions.supply), pandas.Series(self.questions.weights), name="supply")
        return self.network.aggregate(limit_milliseconds / 1000, type="sum", decay="flat", name="supply").to_numpy()

    def matrix(self):
        origins, targets = self.questions.origins, self.questions.targets
        pairs = (numpy.repeat(origins, len(targets)), numpy.tile(targets, len(origins)))
        seconds = self.network.shortest_path_lengths(*pairs)
        return _absent(numpy.array(seconds, dtype=float).reshape(len(origins), len(targets)))


def _absent(seconds):
    return numpy.where(seconds < FARTHEST_SECONDS, numpy.round(seconds * 1000), numpy.nan)


if __name__ == "__main__":
    asking.answer("pandana", Pandana)
