"""The ``commonground`` program, as the wheel installs it; ``briefing`` is written in Python."""

from __future__ import annotations

import sys

from commonground import _commonground, briefing


def main() -> int:
    """Run the program on the arguments of the command line; returns its exit code."""
    if sys.argv[1:2] == ["briefing"]:
        return briefing.main(sys.argv[2:])
    return _commonground.run(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
