"""The documentation: `sphinx-build -W docs out/docs`. Notebooks are run, and an error in one stops the build."""

import os
from pathlib import Path

import commonground

project = "commonground"
author = "The commonground developers"
copyright = "the commonground developers; map data © OpenStreetMap contributors, ODbL"
version = release = commonground.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_nb",
    "sphinx_copybutton",
    "sphinx_design",
]
# The first is what autosummary writes its pages in.
source_suffix = {".rst": "restructuredtext", ".md": "myst-nb"}
exclude_patterns = ["_build", "**/.ipynb_checkpoints"]
nitpicky = False

html_theme = "pydata_sphinx_theme"
html_title = "commonground"
templates_path = ["_templates"]
html_static_path = ["_static"]
html_show_sourcelink = False
html_theme_options = {
    "show_prev_next": True,
    "navigation_with_keys": False,
    "header_links_before_dropdown": 6,
    "footer_start": ["copyright"],
    "footer_end": [],
}

autosummary_generate = True
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_merge_streams = True

# Notebooks are run from the root of the repository, as a reader would.
ROOT = Path(__file__).parents[1]
os.environ["COMMONGROUND_ROOT"] = str(ROOT)
nb_execution_in_temp = False


def setup(app):
    """Pages that are made from the program itself, before anything is read."""
    from make_pages import make_pages

    make_pages(Path(__file__).parent)


import sys  # noqa: E402

sys.path.insert(0, str(Path(__file__).parent))
