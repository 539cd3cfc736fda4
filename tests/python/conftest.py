"""Where the tests find data."""

import os
import signal
from pathlib import Path

import pytest

# A shell that starts the tests in the background makes them deaf to Ctrl-C, which some of them send to themselves.
signal.signal(signal.SIGINT, signal.default_int_handler)

SHIPPED = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def shipped():
    """The folder of the data that comes with the library."""
    return SHIPPED


@pytest.fixture(scope="session")
def real_cities():
    """The folder of real cities; skips aloud where it is not set."""
    folder = os.environ.get("COMMONGROUND_DATA")
    if not folder:
        pytest.skip("COMMONGROUND_DATA is not set, so no real city was read")
    return Path(folder)


@pytest.fixture(scope="session")
def monaco(shipped):
    import commonground

    return commonground.assess(shipped / "monaco")


@pytest.fixture(scope="session")
def millbrook(shipped):
    import commonground

    return commonground.assess(shipped / "millbrook")
