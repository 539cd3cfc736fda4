"""Where do people feel less safe than the record says, and where safer? On Millbrook, whose survey is made.

``python examples/fear_and_record.py [FOLDER]``
"""

import sys
from pathlib import Path

import pandas
from commonground import perception

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "data/millbrook")
survey = pandas.read_csv(folder / "safety_2020.csv", index_col="id")
census = pandas.read_csv(folder / "census_2020.csv", index_col="id")
places = survey.join(census["population"])

found = perception.perception(places)
correlation = perception.rank_correlation(places["feel_unsafe_share"], found["smoothed_rate"])
print(f"Feeling and record go together by a rank correlation of {correlation:.2f}.")

firm = found[(found["gap_low"] > 0.2) | (found["gap_high"] < -0.2)].sort_values("gap", ascending=False)
print("Where they part, beyond what survey and count leave open:")
for place in firm.itertuples():
    direction = "fear exceeds the record" if place.gap > 0 else "the record exceeds fear"
    print(
        f"  {place.Index}: {direction}; feels unsafe at rank {place.rank:.0f} "
        f"({place.rank_low:.0f} to {place.rank_high:.0f}) of {len(found)}, "
        f"{place.smoothed_rate:.0f} incidents per 1,000 people"
    )
print("A record is what was reported. A gap is a question to ask in the place.")
