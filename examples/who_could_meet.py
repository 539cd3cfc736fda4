"""Who could meet whom at schools, parks and libraries, and which neighbours share no place?

``python examples/who_could_meet.py [STUDY]``
"""

import sys

import commonground

result = commonground.assess(sys.argv[1] if len(sys.argv) > 1 else "data/millbrook")
print("Places that mix neighbourhoods most:")
for place in result.meeting_places.head(6).itertuples():
    print(
        f"  {place.name or place.Index} ({place.category.replace('_', ' ')}): "
        f"{place.residents_in_reach:,.0f} residents within 15 minutes, mix {place.diversity:.2f}, bridging {place.bridging:.2f}"
    )
pairs = result.neighbour_pairs
strangers = pairs[pairs["shared_places"] == 0]
print(f"{len(strangers)} of {len(pairs)} pairs of neighbours share no place that a tenth of both can walk to:")
for one, other in strangers.index[:8]:
    print(f"  {one} and {other}")
places = result.neighbourhoods.dropna(subset=["encounter"]).sort_values("encounter")
print("Fewest others within reach:", ", ".join(f"{p.name} ({p.encounter:.0%})" for p in places.head(4).itertuples()))
