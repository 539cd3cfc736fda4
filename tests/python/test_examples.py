"""Every public function has an example, and every example gives what it says."""

import doctest
import importlib
import inspect
import re
from pathlib import Path

import geopandas
import numpy
import pandas
import pytest
import shapely

import commonground

ROOT = Path(__file__).parents[2]
PUBLIC = [name for name in commonground.__all__ if inspect.ismodule(getattr(commonground, name))]
MODULES = [commonground, *(importlib.import_module(f"commonground.{name}") for name in [*PUBLIC, "plot"])]


def things():
    """Public functions and classes by the name that a reader knows them by."""
    for module in MODULES:
        names = getattr(module, "__all__", [name for name in vars(module) if not name.startswith("_")])
        for name in names:
            thing = getattr(module, name)
            if getattr(thing, "__module__", "").startswith("commonground") and (module.__name__ != "commonground.plot" or thing.__module__ == module.__name__):
                yield module, f"{module.__name__}.{name}", thing


def examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    for module, name, thing in things():
        # What stands at the top of the reader's notebook.
        given = {"commonground": commonground, "geopandas": geopandas, "numpy": numpy, "pandas": pandas, "shapely": shapely}
        for found in finder.find(thing, name, module=False, globs={**given, **vars(module)}):
            if found.examples:
                yield found


@pytest.mark.parametrize("example", list(examples()), ids=lambda example: example.name)
def test_an_example_gives_what_it_says(example, monkeypatch):
    if example.name.startswith("commonground.plot"):
        pytest.importorskip("matplotlib").use("Agg")
    if example.name.startswith("commonground.briefing"):
        for needed in ("docx", "typst"):
            pytest.importorskip(needed, reason=f"{needed} is not installed: NOT TESTED")
    monkeypatch.chdir(ROOT)
    told = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(example, out=told.append)
    assert runner.failures == 0, "".join(told)


def test_every_public_function_has_an_example():
    shown = {example.name for example in examples()}
    lacking = [name for _, name, thing in things() if inspect.isfunction(thing) and name not in shown]
    assert lacking == []


def test_every_class_has_an_example_or_says_what_makes_it():
    shown = [example.name for example in examples()]
    classes = [(name, thing) for _, name, thing in things() if inspect.isclass(thing) and not issubclass(thing, Exception)]
    lacking = [
        name
        for name, thing in classes
        if not any(one == name or one.startswith(f"{name}.") for one in shown)
        and not re.search(r"made by|wrote", thing.__doc__ or "", re.IGNORECASE)
    ]
    assert lacking == []


# What a call is about, which may be left out: the second table, which of several, how many.
ABOUT = {"borders", "count", "groups", "method", "nodes", "number", "sites", "study", "weights"}


def test_options_are_given_by_name():
    by_place = []
    for _, name, thing in things():
        functions = {name: thing} if inspect.isfunction(thing) else {}
        if inspect.isclass(thing) and thing.__module__.startswith("commonground."):
            methods = {key: getattr(one, "__func__", one) for key, one in vars(thing).items() if not key.startswith("_")}
            functions = {f"{name}.{key}": one for key, one in methods.items() if inspect.isfunction(one)}
        for called, function in functions.items():
            for one in inspect.signature(function).parameters.values():
                is_by_place = one.kind == one.POSITIONAL_OR_KEYWORD and one.default is not one.empty
                if is_by_place and one.name not in ABOUT:
                    by_place.append(f"{called}({one.name}=)")
    assert by_place == []
