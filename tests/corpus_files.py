"""Files that are refused before anybody looks for a form in them, one for each reason."""

from __future__ import annotations

import io
import os
import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import xlsxwriter

from examples import broken
from tests.corpus import make_clean
from tests.corpus_history import CONTRACTS, list_reporters

PROVEN_ELSEWHERE = {
    "refused_forbidden": "test_faults: root, as who tests may run, reads what it may not",
    "refused_other_host": "test_collect_remote: needs a server that points elsewhere",
    "refused_reader_failed": "test_corpus: needs a reader that fails",
}
Lay = Callable[[Path, Path], None]
"""Lays a file of a name; the second path is a folder outside the inbox."""


def _write_form() -> bytes:
    """A workbook in which nothing is wrong."""
    contract = next(iter(CONTRACTS.values()))
    form = make_clean(contract, list_reporters(contract)[0], "template", 0)
    return form.blank or b""


def _write_wide_sheet() -> bytes:
    """Two cells in the far corners of a sheet."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, 1)
        sheet.write(1_048_575, 16_383, 1)
    return target.getvalue()


REFUSED_FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "refused_damaged": (".xlsx", lambda: broken.damage(_write_form())),
    "refused_empty_file": (".csv", lambda: b""),
    "refused_encrypted": (".xlsx", lambda: broken.encrypt_workbook(random.Random(1))),
    "refused_et_format": (".et", lambda: broken.make_et_file(random.Random(1))),
    "refused_external_links": (".xlsx", lambda: broken.link_outside(_write_form())),
    "refused_not_a_table": (".csv", lambda: "关于报送报表的函".encode("utf-32")),
    "refused_too_large": (".xlsx", _write_wide_sheet),
    "refused_unsupported_format": (".xlsb", lambda: broken.make_binary_workbook(random.Random(1))),
}
"""By rule, how a file ends and what it holds."""


def _lay_link(path: Path, outside: Path) -> None:
    (outside / "secret.csv").write_bytes(b"secret")
    path.symlink_to(outside / "secret.csv")


REFUSED_PLACES: dict[str, tuple[str, Lay]] = {
    "refused_name_leaves_folder": ("scjg/back\\slash.csv", lambda path, _: _lay(path)),
    "refused_no_reporter_folder": ("loose.csv", lambda path, _: _lay(path)),
    "refused_not_a_file": ("scjg/pipe.csv", lambda path, _: os.mkfifo(path)),
    "refused_symlink": ("scjg/link.csv", _lay_link),
    "refused_too_deep": ("scjg/1/2/3/4/deep.csv", lambda path, _: _lay(path)),
    "refused_unreadable_name": ("scjg/line\nbreak.csv", lambda path, _: _lay(path)),
}
"""By rule, where in the inbox it lies and how it is laid there."""


def _lay(path: Path) -> None:
    path.write_bytes(b"a,b\r\n1,2\r\n")


def lay_refused(inbox: Path, outside: Path, night: datetime) -> None:
    """Lays everything that is refused for where it lies, an hour before a night."""
    outside.mkdir()
    for name, lay in REFUSED_PLACES.values():
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lay(path, outside)
        seconds = night.timestamp() - 3600
        for laid in (path, path.parent):
            os.utime(laid, (seconds, seconds), follow_symlinks=False)
