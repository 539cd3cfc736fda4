"""Pages of the reference that come from the program: its commands as it prints them."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

COMMANDS = [
    "new",
    "start",
    "check",
    "assess",
    "index",
    "gentrification",
    "compare",
    "site",
    "siting",
    "budget",
    "briefing",
    "schema",
    "columns",
    "completions",
    "man",
    "network",
    "closest",
    "matrix",
    "reach",
    "isochrones",
    "route",
    "transit",
    "partition",
]
FILES = {
    "study": "`study.toml`: which files a study is made of, and what their columns mean.",
    "index": "The definition of an index, for `commonground index`.",
    "gentrification": "A definition of gentrification, for `commonground gentrification --method`.",
    "scenario": "What changes in a study, for `commonground compare --scenario`.",
    "households": "Types of household and what travelling costs them, for `commonground compare --households`.",
    "site": "A standard of sites, for `commonground site --standard`.",
    "siting": "A question about sites, for `commonground siting`.",
    "budget": "A question about a budget, for `commonground budget`.",
    "budget_rule": "A rule that divides a budget, named under `rules` in a question about one.",
}
UNMADE = "The program was not at hand when these pages were built: `commonground --help` prints what stands here.\n"


def make_pages(docs: Path) -> None:
    program = os.environ.get("COMMONGROUND_PROGRAM") or shutil.which("commonground")
    for name, text in [("program", program_page(program)), ("files", files_page(program))]:
        path = docs / f"reference/{name}.md"
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


def program_page(program: str | None) -> str:
    """Every command with its options, as `--help` prints them."""
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


def files_page(program: str | None) -> str:
    """Every key of the files that people write, from the schemas that the program prints."""
    parts = ["# Files that you write\n"]
    if program is None:
        return "\n".join([*parts, UNMADE])
    parts.append(
        "Every key that may stand in them, from the structures that the program reads them with. Editors know them as well: "
        "`commonground schema study > study.schema.json` writes a JSON Schema, and a first line\n\n"
        "```toml\n#:schema ./study.schema.json\n```\n\n"
        "in `study.toml` names it: a path from the file itself, or an address. To TOML the line is a comment, and the program "
        "passes it over; VS Code with Even Better TOML, Zed, Helix and whatever else speaks to Taplo then complete keys, show "
        "what they mean and underline what is wrong. The same goes for the other files: `commonground schema scenario > "
        "scenario.schema.json`, and `#:schema ../scenario.schema.json` as the first line of `scenarios/footbridge.toml`.\n"
    )
    for name, meaning in FILES.items():
        printed = subprocess.run([program, "schema", name], capture_output=True, text=True, check=True).stdout
        schema = json.loads(printed)
        parts += [f"## {name}\n", f"{meaning}\n", keys_table(schema)]
        for table, definition in sorted(schema["$defs"].items()):
            if "properties" in definition:
                parts += [f"### {name}: {table}\n", f"{cell(definition.get('description', ''))}\n", keys_table(definition)]
            elif any("properties" in choice for choice in definition.get("oneOf", [])):
                parts += [f"### {name}: {table}\n", f"{cell(definition.get('description', ''))}\n"]
                parts += [alternative(choice) for choice in definition["oneOf"]]
            elif "oneOf" in definition:
                values = "".join(
                    f"- `{choice['const']}`: {cell(choice.get('description', ''))}\n" for choice in definition["oneOf"] if "const" in choice
                )
                parts += [f"### {name}: {table}\n", f"{cell(definition.get('description', ''))}\n", values]
    return "\n".join(parts)


def alternative(schema: dict) -> str:
    """A table that is one of several, by the key that says which or by its only key."""
    keys = {key: value for key, value in schema["properties"].items() if "const" not in value}
    says = next((f'{key} = "{value["const"]}"' for key, value in schema["properties"].items() if "const" in value), None)
    meaning = cell(schema.get("description", ""))
    if says is None:
        return "".join(f"- `{key}`: {kind_of(value)}. {meaning}\n" for key, value in keys.items())
    return f"**`{says}`** {meaning}\n\n{keys_table({**schema, 'properties': keys})}"


def keys_table(schema: dict) -> str:
    """One row a key: what it holds, whether it must be there, and what it means."""
    required = schema.get("required", [])
    rows = [
        f"| `{key}` | {kind_of(value)} | {'must be there' if key in required else ''} | {cell(value.get('description', ''))} |"
        for key, value in schema["properties"].items()
    ]
    return "\n".join(["| key | holds | | meaning |", "|---|---|---|---|", *rows, ""])


def kind_of(value: dict) -> str:
    """What a key holds, in a few words."""
    if "$ref" in value:
        return value["$ref"].rsplit("/", 1)[1]
    if "const" in value:
        return f"`{value['const']}`"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in value:
            return " or ".join(kind_of(one) for one in value[several] if one.get("type") != "null")
    kind = value.get("type", "any value")
    kinds = [one for one in (kind if isinstance(kind, list) else [kind]) if one != "null"]
    if kinds == ["array"]:
        return f"list of {kind_of(value.get('items', {}))}"
    if kinds == ["object"] and isinstance(value.get("additionalProperties"), dict):
        return f"table of {kind_of(value['additionalProperties'])}"
    words = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "table"}
    return " or ".join(words.get(one, one) for one in kinds)


def cell(text: str) -> str:
    """A text within one cell of a table, links of the library's own documentation as code."""
    text = re.sub(r"\[(`[^`]*`)\](\([^)]*\))?", r"\1", text.split("\n```")[0])
    return " ".join(text.split()).replace("|", "\\|")
