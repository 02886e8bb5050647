"""A child process that does the least that can be done with the same text tables, in plain SQL."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.limit_queries import FORM, INCLUDED, JUDGED, MARTS, QUARANTINE, REPEATED, UNIT
from bench.stages import StageClock
from warehouse.contracts.load import load_expectations
from warehouse.periods import Period
from warehouse.settings import Settings

_HEAD_BYTES = 4096


@dataclass(frozen=True)
class Named:
    """A form with what its name says of it."""

    path: Path
    unit_code: str
    period: Period
    number: int


def name_forms(inbox: Path) -> list[Named]:
    """The forms of a laid work set by number, which is the order they count in."""
    forms = []
    for path in sorted(inbox.glob("*/*")):
        _, _, period, number = path.stem.split("_")
        forms.append(Named(path, path.parent.name, Period.parse(period), int(number)))
    return sorted(forms, key=lambda form: form.number)


def play_limit(forms: Sequence[Named], home: Path, clock: StageClock) -> dict[str, int]:
    """Reads, judges, quarantines, counts and publishes text tables.

    Returns:
        Rows judged and rows set aside.
    """
    clock.enter("open")
    settings = Settings(home=home)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": settings.memory_limit,
        "threads": str(settings.threads),
        "temp_directory": str(home / ".spill"),
        "preserve_insertion_order": "false",
    }
    with duckdb.connect(str(home / "limit.duckdb"), config=config) as connection:
        clock.enter("decode")
        paths = [_decode(form.path, home) for form in forms]
        clock.enter("judge")
        connection.execute(UNIT)
        connection.executemany("insert into unit values (?, ?)", _list_spellings())
        connection.execute(FORM)
        facts = [
            (str(path), form.unit_code, str(form.period), form.period.end, form.number)
            for path, form in zip(paths, forms, strict=True)
        ]
        connection.executemany("insert into form values (?, ?, ?, ?, ?)", facts)
        connection.execute(JUDGED, {"files": [str(path) for path in paths]})
        clock.enter("quarantine")
        connection.execute(REPEATED)
        connection.execute(QUARANTINE)
        connection.execute("checkpoint")
        clock.enter("publish")
        connection.execute(INCLUDED)
        connection.execute(f"attach '{home / 'published.duckdb'}' as release")
        for name, query in MARTS.items():
            connection.execute(f"create table release.{name} as {query}")
        connection.execute("checkpoint release")
        connection.execute("detach release")
        clock.enter("count")
        counted = "select (select count(*) from judged), (select count(*) from quarantine)"
        rows, set_aside = connection.execute(counted).fetchall()[0]
    clock.enter(None)
    return {"files": len(forms), "rows": rows, "quarantined": set_aside}


def _decode(path: Path, home: Path) -> Path:
    """Writes a GB18030 table again as UTF-8, which is all that DuckDB reads."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        decoded = home / path.name
        decoded.write_text(path.read_text(encoding="gb18030"), encoding="utf-8")
        return decoded
    return path


def _list_spellings() -> list[tuple[str, str]]:
    return [
        (spelling, unit.code)
        for unit in load_expectations().codes.counties
        for spelling in (unit.code, unit.name, *unit.spellings)
    ]


def main() -> None:
    """Runs as `python -m bench.play_limit INBOX HOME OUTPUT`."""
    inbox, home, output = map(Path, sys.argv[1:])
    clock = StageClock()
    facts = play_limit(name_forms(inbox), home, clock)
    output.write_text(json.dumps({"stages": clock.as_dict(), "facts": facts}), encoding="utf-8")


if __name__ == "__main__":
    main()
