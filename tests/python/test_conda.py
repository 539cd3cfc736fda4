"""The recipe for conda asks for what the wheel asks for."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECIPE = ROOT / "conda/recipe.yaml"


def test_the_recipe_has_the_version_and_the_needs_of_the_wheel():
    recipe = RECIPE.read_text()
    project = tomllib.loads((ROOT / "python/pyproject.toml").read_text())
    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
    assert f'version: "{version}"' in recipe
    needs = [f"python {project['project']['requires-python']}", *project["project"]["dependencies"], *project["build-system"]["requires"]]
    for need in needs:
        name, at_least, bound = need.partition(">=") if " " not in need else need.partition(" ")
        assert f"- {name} {at_least.strip()}{bound}\n" in recipe, need


def test_the_recipe_renders():
    rattler_build = pytest.importorskip("rattler_build", reason="py-rattler-build is not installed: NOT TESTED")
    variants = rattler_build.VariantConfig.from_yaml("python: ['3.12.*']\nc_stdlib: [sysroot]\nc_stdlib_version: ['2.17']\n")
    (rendered,) = rattler_build.Stage0Recipe.from_file(str(RECIPE)).render(variants)
    assert rendered.recipe.to_dict()["package"]["name"] == "commonground"
