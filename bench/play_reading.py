"""A child process that only reads workbooks: by calamine, or the way a night does."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import python_calamine

from bench.stages import StageClock
from warehouse.read.document import read_document
from warehouse.read.refuse import Limits


def read_by_calamine(path: Path) -> int:
    """Reads every cell of a book; gives its rows, titles and footers included."""
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def read_by_night(path: Path) -> int:
    """Reads a book as text with addresses, within its limits; gives its rows."""
    document = read_document(path, file_name=path.name, limits=Limits())
    return sum(sheet.cells.height for sheet in document.sheets)


READERS = {"calamine": read_by_calamine, "night": read_by_night}


def main() -> None:
    """Runs as `python -m bench.play_reading READER INBOX OUTPUT`."""
    reader = READERS[sys.argv[1]]
    inbox, output = map(Path, sys.argv[2:])
    paths = sorted(inbox.glob("*/*"))
    clock = StageClock()
    clock.enter("read")
    rows = sum(map(reader, paths))
    clock.enter(None)
    facts = {"files": len(paths), "rows": rows}
    output.write_text(json.dumps({"stages": clock.as_dict(), "facts": facts}), encoding="utf-8")


if __name__ == "__main__":
    main()
