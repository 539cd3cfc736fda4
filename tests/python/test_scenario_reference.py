"""A comparison beside scipy on the edited graph: Millbrook with its footbridge, 1,000 random homes."""

import json

import geopandas
import numpy as np
import pandas
import pytest
import shapely

import commonground

csgraph = pytest.importorskip("scipy.sparse.csgraph")
from scipy.sparse import coo_array  # noqa: E402

METRES_PER_MINUTE = 4_800 / 60


def edges_of(*files):
    """Straight pieces of streets that people walk along, as pairs of node numbers, and where the nodes are."""
    numbers, places, pieces = {}, [], []
    for file in files:
        for feature in json.loads(file.read_text())["features"]:
            if feature["properties"].get("highway", "footway").startswith("motorway"):
                continue
            line = [tuple(place) for place in feature["geometry"]["coordinates"]]
            for place in line:
                if place not in numbers:
                    numbers[place] = len(places)
                    places.append(place)
            pieces += [(numbers[a], numbers[b]) for a, b in zip(line, line[1:], strict=False)]
    points = geopandas.GeoSeries(shapely.points(places), crs=4326).to_crs(32631)
    return np.array(pieces), np.column_stack([points.x, points.y])


def walks(edges, nodes, homes, places):
    """Minutes from each home to the closest place: straight to the nearest street, along it, straight to the door."""
    a, b = nodes[edges[:, 0]], nodes[edges[:, 1]]
    length = np.hypot(*(b - a).T)
    tree = shapely.STRtree(shapely.linestrings(np.stack([a, b], axis=1)))

    def attach(points):
        edge = tree.nearest(shapely.points(points))
        along = b[edge] - a[edge]
        share = np.clip(((points - a[edge]) * along).sum(axis=1) / length[edge] ** 2, 0, 1)
        gap = np.hypot(*(points - a[edge] - along * share[:, None]).T)
        return edge, share, gap

    graph = coo_array((np.r_[length, length], (np.r_[edges[:, 0], edges[:, 1]], np.r_[edges[:, 1], edges[:, 0]])))
    graph = coo_array((graph.data, graph.coords), shape=(len(nodes), len(nodes))).tocsr()
    home_edge, home_share, home_gap = attach(homes)
    best = np.full(len(homes), np.inf)
    for edge, share, gap in zip(*attach(places), strict=True):
        from_ends = csgraph.dijkstra(graph, indices=edges[edge])
        to_node = gap + np.minimum(from_ends[0] + share * length[edge], from_ends[1] + (1 - share) * length[edge])
        tail = to_node[edges[home_edge, 0]] + home_share * length[home_edge]
        head = to_node[edges[home_edge, 1]] + (1 - home_share) * length[home_edge]
        same = np.where(home_edge == edge, gap + np.abs(home_share - share) * length[edge], np.inf)
        best = np.minimum(best, home_gap + np.minimum(np.minimum(tail, head), same))
    return best / METRES_PER_MINUTE


@pytest.mark.parametrize("category", ["school", "clinic"])
def test_walks_before_and_after_a_footbridge_are_those_of_scipy(shipped, category):
    study = shipped / "millbrook"
    bridge = study / "scenarios" / "footbridge.toml"
    found = commonground.compare(study, bridge, scores=False).homes.loc["Millrace Footbridge"]
    homes = pandas.read_csv(study / "homes.csv").sample(1_000, random_state=7)
    places = pandas.read_csv(study / "services.csv").query("category == @category")
    places = geopandas.points_from_xy(places["longitude"], places["latitude"], crs=4326).to_crs(32631)
    places = np.column_stack([places.x, places.y])
    streets = study / "streets.geojson"
    for when, files in {"before": [streets], "after": [streets, study / "scenarios" / "footbridge.geojson"]}.items():
        expected = walks(*edges_of(*files), homes[["easting", "northing"]].to_numpy(), places)
        ours = found.loc[homes["id"], f"{category}_minutes_adult_{when}"].to_numpy()
        near = expected <= 59.9
        assert near.sum() > 900 and np.isnan(ours[expected > 60.1]).all()
        assert np.abs(ours[near] - expected[near]).max() < 0.01, (category, when)
