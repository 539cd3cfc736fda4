"""A mirror of federal files for a made town, Portville (in Alabama unless asked otherwise), which lies where Monaco does.

Everything here is made after the documented layouts, but for the OpenStreetMap extract, which is Monaco's. The state's number
begins with a zero, a county of Georgia lies within an hour's walk, and the newest vintages of some files are missing.
"""

import gzip
import json
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

import geopandas
from shapely import LineString, Point, box

WEST, SOUTH, EAST, NORTH = 7.405, 43.722, 7.445, 43.754
STEP = 0.002
TRACTS = ["01001020100", "01001020200", "01001020300", "01001020400"]


@dataclass(frozen=True)
class State:
    """A state as the file names of agencies call it, and what is odd about its files."""

    letters: str = "AL"
    fips: str = "01"
    name: str = "Alabama"
    #: The county part of its tracts; its blocks are of county 001.
    tract_county: str = "001"
    #: The only year of which there are jobs; none where there are none.
    jobs_year: int | None = 2021
    #: The neighbouring state, a county of which lies within an hour's walk.
    neighbour: str = "13"

    @property
    def tracts(self) -> list[str]:
        return [f"{self.fips}{self.tract_county}{tract[5:]}" for tract in TRACTS]


SENTINEL = -666666666


def _zipped(path: Path, frame: geopandas.GeoDataFrame, aside: Path) -> None:
    """A zipped shapefile in NAD 83, as the Census Bureau publishes them."""
    aside.mkdir(parents=True, exist_ok=True)
    frame.set_crs("EPSG:4269").to_file(aside / f"{path.stem}.shp")
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(aside.glob(f"{path.stem}.*")):
            archive.write(part, part.name)


def _roads(west: float, east: float) -> geopandas.GeoDataFrame:
    """A grid of streets that share a vertex at every crossing."""
    xs = [west + STEP * n for n in range(round((east - west) / STEP) + 1)]
    ys = [SOUTH + STEP * n for n in range(round((NORTH - SOUTH) / STEP) + 1)]
    lines = [LineString([(x, y) for y in ys]) for x in xs] + [LineString([(x, y) for x in xs]) for y in ys]
    names = [f"Street {n}" for n in range(len(lines))]
    rows = {"LINEARID": [f"110{n}" for n in range(len(lines))], "FULLNAME": names, "MTFCC": ["S1400"] * len(lines)}
    return geopandas.GeoDataFrame(rows, geometry=lines)


def make(root: Path, shipped: Path, state: State = State()) -> Path:  # noqa: B008
    """Writes the mirror into a folder: HOST/PATH of every file."""
    aside = root / "aside"
    mirror = root / "mirror"
    tiger = mirror / "www2.census.gov/geo/tiger"
    town = box(WEST, SOUTH, EAST, NORTH)
    far = box(8.5, 44.5, 8.6, 44.6)
    places = geopandas.GeoDataFrame(
        {
            "GEOID": [f"{state.fips}60000", f"{state.fips}14000", f"{state.fips}14001"],
            "NAME": ["Portville", "Chester", "Chester"],
            "NAMELSAD": ["Portville city", "Chester city", "Chester CDP"],
        },
        geometry=[town, far, far],
    )
    _zipped(tiger / f"TIGER2023/PLACE/tl_2023_{state.fips}_place.zip", places, aside)
    counties = geopandas.GeoDataFrame(
        {"GEOID": [f"{state.fips}{state.tract_county}", f"{state.neighbour}001", f"{state.neighbour}003"], "NAME": ["Port", "East", "Far"]},
        geometry=[box(7.0, 43.5, 7.45, 44.0), box(7.45, 43.5, 7.9, 44.0), box(10.0, 43.5, 11.0, 44.0)],
    )
    _zipped(tiger / "GENZ2024/shp/cb_2024_us_county_500k.zip", counties, aside)
    middle = ((WEST + EAST) / 2, (SOUTH + NORTH) / 2)
    quarters = [
        box(WEST, SOUTH, *middle),
        box(middle[0], SOUTH, EAST, middle[1]),
        box(WEST, middle[1], middle[0], NORTH),
        box(*middle, EAST, NORTH),
    ]
    tracts = geopandas.GeoDataFrame(
        {"GEOID": [*state.tracts, f"{state.fips}{state.tract_county}990000"], "NAMELSAD": [f"Census Tract {n}" for n in range(1, 6)]}, geometry=[*quarters, far]
    )
    _zipped(tiger / f"TIGER2024/TRACT/tl_2024_{state.fips}_tract.zip", tracts, aside)
    _zipped(tiger / f"TIGER2024/ROADS/tl_2024_{state.fips}{state.tract_county}_roads.zip", _roads(WEST, EAST), aside)
    _zipped(tiger / f"TIGER2024/ROADS/tl_2024_{state.neighbour}001_roads.zip", _roads(EAST, EAST + 0.02), aside)
    programs = mirror / "www2.census.gov/programs-surveys"
    redistricting = programs / "decennial/2020/data/01-Redistricting_File--PL_94-171"
    _people(redistricting / state.name.replace(" ", "_") / f"{state.letters.lower()}2020.pl.zip", state)
    _jobs(mirror / f"lehd.ces.census.gov/data/lodes/LODES8/{state.letters.lower()}", state)
    _survey(programs / "acs/summary_file/2024/table-based-SF/data/5YRData", state)
    schools = geopandas.GeoDataFrame(
        {"NCESSCH": ["010000500870", "010000500871"], "NAME": ["Harbour School", "Hill School"]},
        geometry=[Point(7.42, 43.735), Point(7.43, 43.745)],
    )
    _zipped(mirror / "nces.ed.gov/programs/edge/data/EDGE_GEOCODE_PUBLICSCH_2425.zip", schools, aside)
    _clinics(mirror / "data.hrsa.gov/DataDownload/DD_Files/Health_Center_Service_Delivery_and_LookAlike_Sites.csv")
    _groceries(mirror / "services1.arcgis.com/RLQu0rK7h4kbsBq5/arcgis/rest/services/snap_retailer_location_data/FeatureServer/0")
    extract = mirror / f"download.geofabrik.de/north-america/us/{state.name.lower().replace(' ', '-')}-latest.osm.pbf"
    extract.parent.mkdir(parents=True)
    shutil.copy(shipped / "monaco/monaco.osm.pbf", extract)
    return mirror


def _people(path: Path, state: State) -> None:
    """Blocks on the crossings of streets: the geographic header has 97 fields, the first segment 149."""
    header, segment = [], []
    record = 0

    def add(level: str, code: str, population: int, x: float, y: float) -> None:
        nonlocal record
        record += 1
        fields = [""] * 97
        fields[1:3], fields[7], fields[9] = [state.letters, level], f"{record:07}", code
        fields[86] = "Sañta Ana"
        fields[90:94] = [str(population), str(population // 2), f"{y:+.7f}", f"{x:+012.7f}"]
        header.append("|".join(fields))
        counts = ["0"] * 149
        counts[1], counts[4] = state.letters, f"{record:07}"
        counts[5] = counts[76] = str(population)
        counts[77], counts[80], counts[81], counts[83] = (str(population // part) for part in (10, 2, 4, 20))
        segment.append("|".join(counts))

    add("040", state.fips, 999_999, 7.42, 43.73)
    for number in range(1, 15):
        for other in range(1, 12):
            x, y = WEST + STEP * number + 0.0004, SOUTH + STEP * other + 0.0003
            add("750", f"{state.fips}00102{number:02}{other:02}1000", 10 * (number % 4) * (other % 3), x, y)
    add("750", f"{state.fips}0010299999000", 50, 9.9, 43.7)
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{state.letters.lower()}geo2020.pl", "\n".join(header).encode("latin-1") + b"\n")
        archive.writestr(f"{state.letters.lower()}000012020.pl", "\n".join(segment).encode("latin-1") + b"\n")


def _jobs(folder: Path, state: State) -> None:
    """Jobs of one year; those after it are not there, and nothing at all of the neighbouring state is."""
    (folder / "wac").mkdir(parents=True)
    places = [("0010201011000", 120, 40, 7.41, 43.73), ("0010204011000", 80, 10, 7.44, 43.75), ("0019999991000", 9, 9, 9.9, 43.7)]
    rows = [(f"{state.fips}{code}", *rest) for code, *rest in places]
    letters = state.letters.lower()
    wac = "w_geocode,C000,CA01,CE01,createdate\n" + "".join(f"{code},{jobs},1,{low},20231016\n" for code, jobs, low, *_ in rows)
    if state.jobs_year:
        packed = gzip.compress(wac.encode(), mtime=0)
        (folder / f"wac/{letters}_wac_S000_JT00_{state.jobs_year}.csv.gz").write_bytes(packed)
    crosswalk = "tabblk2020,st,stname,blklatdd,blklondd\n" + "".join(f"{code},{state.fips},,{y},{x}\n" for code, _, _, x, y in rows)
    (folder / f"{letters}_xwalk.csv.gz").write_bytes(gzip.compress(crosswalk.encode(), mtime=0))


def _survey(folder: Path, state: State) -> None:
    """One file for each table; codes stand in place of numbers as they do in the Census Bureau's."""
    folder.mkdir(parents=True)
    of = {
        "b01003": [(1, [900, 800, 700, 600])],
        "b19013": [(1, [60_563, SENTINEL, 250_001, 48_000])],
        "b25064": [(1, [900, 1_100, SENTINEL, 3_501])],
        "b25077": [(1, [150_000, 210_000, 2_000_001, SENTINEL])],
        "b25003": [(1, [300, 200, 0, 100]), (3, [120, 100, 0, 25])],
        "b15003": [(1, [500, 400, 300, 200]), *[(n, [25, 40, 15, 10]) for n in (22, 23, 24, 25)]],
    }
    for table, columns in of.items():
        names = [f"{table.upper()}_{kind}{n:03}" for n, _ in columns for kind in "EM"]
        lines = ["|".join(["GEO_ID", *names])]
        lines.append("|".join(["0100000US", *(["334922499", "-555555555"] * len(columns))]))
        lines.append("|".join(["1400000US13001000100", *(["7", "1"] * len(columns))]))
        for at, tract in enumerate(state.tracts):
            cells = []
            for _, values in columns:
                value = values[at]
                margin = {SENTINEL: -222222222, 250_001: -333333333, 3_501: -333333333, 2_000_001: -333333333, 48_000: -555555555}
                cells += [str(value), str(margin.get(value, 12))]
            lines.append("|".join([f"1400000US{tract}", *cells]))
        (folder / f"acsdt5y2024-{table}.dat").write_text("\n".join(lines) + "\n")


def _clinics(path: Path) -> None:
    columns = [
        "BPHC Assigned Number",
        "Site Name",
        "Site Status Description",
        "Health Center Location Type Description",
        "Geocoding Artifact Address Primary X Coordinate",
        "Geocoding Artifact Address Primary Y Coordinate",
    ]
    rows = [
        ["BPS-1", '"Harbour Clinic, East"', "Active", "Permanent", "7.4200", "43.7360"],
        ["BPS-2", "Closed Clinic", "Inactive", "Permanent", "7.4210", "43.7361"],
        ["BPS-3", "Van", "Active", "Mobile Van", "7.4220", "43.7362"],
        ["BPS-4", "Nowhere", "Active", "Permanent", "", ""],
        ["BPS-5", "Far Away", "Active", "Permanent", "-86.8", "33.5"],
    ]
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(",".join(row) for row in [columns, *rows]) + "\n")


def _groceries(folder: Path) -> None:
    """Two pages of a layer; a server tells them apart by their offset."""
    folder.mkdir(parents=True)

    def page(more: bool, *rows: tuple[int, str, str, float, float]) -> str:
        features = [
            {
                "type": "Feature",
                "properties": {"Record_ID": number, "Store_Name": name, "Store_Type": kind},
                "geometry": {"type": "Point", "coordinates": [x, y]},
            }
            for number, name, kind, x, y in rows
        ]
        return json.dumps({"type": "FeatureCollection", "exceededTransferLimit": more, "features": features})

    first = page(True, (1, "Market Hall", "Supermarket", 7.425, 43.738), (2, "Corner", "Convenience Store", 7.426, 43.739))
    (folder / "query.0").write_text(first)
    (folder / "query.1000").write_text(page(False, (3, "Super", "Super Store", 7.435, 43.75)))
