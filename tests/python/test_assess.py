"""The main job from Python."""

import json
import shutil
import signal
import threading
import time

import commonground
import geopandas
import numpy
import pandas
import pytest


def test_the_six_whole_wards_of_monaco_are_scored(monaco):
    wards = monaco.neighbourhoods
    assert isinstance(wards, geopandas.GeoDataFrame)
    names = {"Monte-Carlo", "La Condamine", "Fontvieille", "Monaco-Ville", "Larvotto", "La Rousse"}
    assert len(wards) == 6 and {name.split("/")[0].strip() for name in wards["name"]} & names
    assert wards.crs.is_projected and wards.geometry.is_valid.all()
    # The country is two square kilometres.
    assert 1.0 < wards["area_km2"].sum() < 2.3
    assert numpy.allclose(wards["area_km2"], wards.area / 1e6)


def test_homes_keep_their_ids_and_minutes_grow_with_rank(monaco):
    homes = monaco.homes
    assert homes.index.name == "id" and homes.index.is_unique
    within = [homes[f"school_within_{minutes}_min"] for minutes in (5, 10, 15, 30)]
    for nearer, farther in zip(within, within[1:]):
        assert (nearer.dropna() <= farther.dropna()).all()
    near = homes["school_minutes"] <= 15
    assert (homes.loc[near, "school_within_15_min"] >= 1).all()


def test_neighbourhood_means_are_the_means_of_their_homes(millbrook):
    homes, places = millbrook.homes, millbrook.neighbourhoods
    on_street = homes[homes["street_distance_m"].notna()]
    weighted = on_street["school_within_15_min"] * on_street["residents"]
    expected = weighted.groupby(on_street["neighbourhood"]).sum() / on_street.groupby("neighbourhood")["residents"].sum()
    found = places["school_within_15_min_mean"].dropna()
    assert len(found) > 30
    assert numpy.allclose(found, expected.reindex(found.index), rtol=1e-12)


def test_made_data_says_so(millbrook, monaco):
    assert "Made data" in millbrook.summary
    assert "Made data" not in monaco.summary


def test_what_is_not_assessed_has_a_reason(monaco):
    assert "jobs" in monaco.not_assessed["access to work"]
    assert "gentrification_freeman" not in monaco.neighbourhoods


def test_saved_files_open_and_agree(millbrook, tmp_path):
    millbrook.save(tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    tables = {f"neighbourhoods.{ending}" for ending in ("geojson", "csv", "parquet", "gpkg")}
    layers = {"barriers.geojson", "districts.geojson", "meeting_places.geojson", "neighbour_pairs.geojson", "service_isolation.csv", "zoned_land.geojson"}
    layers |= {"transit_cut_off.csv", "transit_stops.geojson"}
    assert names == tables | layers | {"homes.parquet", "equity.csv", "columns.csv", "provenance.json", "summary.md", "report.html", "results.json"}
    from_parquet = geopandas.read_parquet(tmp_path / "out" / "neighbourhoods.parquet")
    from_geojson = geopandas.read_file(tmp_path / "out" / "neighbourhoods.geojson")
    assert from_parquet.crs == millbrook.neighbourhoods.crs and from_geojson.crs.to_epsg() == 4326
    assert numpy.allclose(from_parquet["service_isolation"], from_geojson["service_isolation"], equal_nan=True)
    moved = from_geojson.to_crs(from_parquet.crs)
    assert moved.geom_equals_exact(from_parquet.geometry, tolerance=0.05).all()


def test_errors_keep_their_parts(tmp_path):
    study = tmp_path / "study.toml"
    study.write_text('name = "x"\n[neighbourhoods]\nfile = "missing.geojson"\n')
    with pytest.raises(commonground.CommongroundError, match="missing.geojson") as caught:
        commonground.assess(study)
    assert caught.value.kind == "study" and isinstance(caught.value, ValueError)
    findings = commonground.check(study)
    assert (findings["severity"] == "error").any()


def test_an_unknown_key_suggests_the_nearest(tmp_path):
    study = tmp_path / "study.toml"
    study.write_text('name = "x"\n[neighbourhoods]\nfille = "a.geojson"\n')
    with pytest.raises(commonground.CommongroundError, match="did you mean `file`"):
        commonground.check(study)


def test_progress_is_quiet_unless_watched(shipped, capfd):
    commonground.assess(shipped / "monaco")
    assert capfd.readouterr().err == ""
    commonground.assess(shipped / "monaco", progress=True)
    assert capfd.readouterr().err != ""


def test_ctrl_c_stops_the_work(shipped):
    def interrupt():
        time.sleep(0.02)
        signal.raise_signal(signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        for _ in range(200):
            commonground.assess(shipped / "millbrook")


def test_access_is_told_by_group_with_its_curve_over_homes(millbrook):
    from commonground import access

    homes = millbrook.homes[millbrook.homes["street_distance_m"].notna()]
    equity, curves = millbrook.equity, millbrook.equity_curves
    everybody = equity.loc[("jobs_within_30_min", "everybody")]
    assert everybody["gini"] == access.gini(homes["jobs_within_30_min"], homes["residents"])
    lorenz = access.lorenz_curve(homes["jobs_within_30_min"], homes["residents"])
    assert curves["jobs_within_30_min", "lorenz"].to_list() == lorenz.to_list()
    far = (homes["clinic_minutes"].fillna(99) > 15) @ homes["residents"] / homes["residents"].sum()
    assert equity.loc[("clinic_minutes", "everybody"), "share_below"] == pytest.approx(far)
    assert equity.loc[("clinic_minutes", "without_car"), "gap"] != 0
    # Incomes are known by neighbourhood.
    assert ("jobs_within_30_min", "concentration") in curves and numpy.isfinite(everybody["palma"])


def test_jobs_by_other_ways_of_travelling_and_for_each_resident(millbrook):
    places, homes = millbrook.neighbourhoods, millbrook.homes
    walk, ride, drive = (homes[f"jobs{by}_within_30_min"] for by in ["", "_by_bicycle", "_by_car"])
    on_all = walk.notna() & ride.notna() & drive.notna()
    assert (ride[on_all] >= walk[on_all]).mean() > 0.95 and drive.max() >= ride.max()
    share = homes["jobs_share_without_car_within_30_min"].dropna()
    assert share.between(0, 1).all() and len(share) > 500
    # Every job that somebody reaches is handed out once.
    handed_out = places["jobs_available_within_30_min_total"].sum()
    per_resident = homes["jobs_per_resident_within_30_min"]
    inside = homes["neighbourhood"].notna()
    assert handed_out == pytest.approx((per_resident * homes["residents"])[inside].sum(), rel=1e-9)
    assert places["green_share_within_300_m"].dropna().between(0, 1).all()
    assert places["catchment_outside_share"].dropna().between(0, 1).all()


def test_the_order_of_rows_and_the_direction_of_lines_change_nothing(millbrook, shipped, tmp_path):
    study = tmp_path / "millbrook"
    shutil.copytree(shipped / "millbrook", study)
    for layer in ("neighbourhoods", "streets"):
        collection = json.loads((study / f"{layer}.geojson").read_text())
        collection["features"].reverse()
        for feature in collection["features"]:
            if layer == "streets":
                feature["geometry"]["coordinates"].reverse()
        (study / f"{layer}.geojson").write_text(json.dumps(collection))
    for table in ("homes", "services", "jobs"):
        rows = pandas.read_csv(study / f"{table}.csv", dtype=str)
        rows.sample(frac=1, random_state=1).to_csv(study / f"{table}.csv", index=False)
    shuffled = commonground.assess(study).neighbourhoods.loc[millbrook.neighbourhoods.index]
    for column, before in millbrook.neighbourhoods.drop(columns="geometry").items():
        if pandas.api.types.is_float_dtype(before):
            pandas.testing.assert_series_equal(before, shuffled[column], rtol=1e-9, atol=1e-12)
        else:
            assert before.astype(str).tolist() == shuffled[column].astype(str).tolist(), column
