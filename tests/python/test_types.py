"""What the types say is true: of the native module and of the package."""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest

import commonground

PACKAGE = Path(commonground.__file__).parent

NEEDED = ["mypy", "pandas-stubs", "pyarrow-stubs", "types-geopandas", "types-networkx", "types-shapely", "types-tqdm"]
INSTALLED = {one.metadata["Name"].lower() for one in importlib.metadata.distributions()}
MISSING = ", ".join(sorted(set(NEEDED) - INSTALLED))

pytestmark = pytest.mark.skipif(MISSING != "", reason=f"not installed: {MISSING}: NOT TESTED")


def run(module, *arguments, folder):
    environment = {**os.environ, "MYPY_CACHE_DIR": str(folder / "cache")}
    if "site-packages" not in PACKAGE.parts:
        environment["MYPYPATH"] = str(PACKAGE.parent)
    command = [sys.executable, "-m", module, *map(str, arguments)]
    found = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("types")


def test_the_package_is_typed(folder):
    run("mypy", "--strict", "--package", "commonground", folder=folder)


def test_the_stubs_of_the_native_module_are_those_of_the_module(folder):
    run("mypy.stubtest", "commonground._commonground", folder=folder)
