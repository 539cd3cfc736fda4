"""Pages of the reference that come from the program: its commands as it prints them."""

import os
import shutil
import subprocess
from pathlib import Path

COMMANDS = ["check", "assess", "index", "gentrification", "network", "closest", "matrix", "reach", "isochrones", "route"]
UNMADE = "The program was not at hand when these pages were built: `commonground --help` prints what stands here.\n"


def make_pages(docs: Path) -> None:
    path = docs / "reference/program.md"
    text = program_page()
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def program_page() -> str:
    """Every command with its options, as `--help` prints them."""
    program = os.environ.get("COMMONGROUND_PROGRAM") or shutil.which("commonground")
    parts = ["# The program\n"]
    if program is None:
        return "\n".join([*parts, UNMADE])
    names = [name for name in COMMANDS if f"\n  {name} " in helped(program)]
    parts.append("Exit codes: 0 done, 1 the study or a file cannot be used, 2 wrong arguments, 130 stopped with Ctrl-C.\n")
    for name in names:
        parts.append(f"## commonground {name}\n\n```text\n{helped(program, name).strip()}\n```\n")
    return "\n".join(parts)


def helped(program: str, *command: str) -> str:
    return subprocess.run([program, *command, "--help"], capture_output=True, text=True, check=True).stdout
