"""Whose neighbours are near on the map and far on foot, and what lies between?

``python examples/severance.py [STUDY] [MAP.png]``: with a file name also draws the map.
"""

import sys

import commonground

study = sys.argv[1] if len(sys.argv) > 1 else "data/millbrook"
result = commonground.assess(study)
places = result.neighbourhoods.sort_values("severance", ascending=False)
print("Of all people within 800 m, the share who are more than twice as far away on foot:")
for place in places.head(8).itertuples():
    print(f"  {place.name:<18} {place.severance:4.0%}  {place.barrier or '-'}")
print("What lies between, by residents affected:")
for barrier in result.barriers.head(5).itertuples():
    print(f"  {barrier.Index}. {barrier.name or 'without a name'} ({barrier.kind}): {barrier.residents_affected:,.0f}")

if len(sys.argv) > 2:
    from commonground import plot

    axes = plot.choropleth(result, "severance")
    result.barriers.plot(ax=axes, color="black", linewidth=2)
    axes.set_xlim(*places.total_bounds[[0, 2]])
    axes.set_ylim(*places.total_bounds[[1, 3]])
    axes.figure.savefig(sys.argv[2], dpi=130)
