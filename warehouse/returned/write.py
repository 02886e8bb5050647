"""Writes a returned workbook: the reporter's own, with every fault marked where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from warehouse.read.document import read_document
from warehouse.read.refuse import Limits, Refused
from warehouse.read.returned_list import ReturnedList, read_list
from warehouse.read.sheet import Document
from warehouse.returned.mark import mark_workbook
from warehouse.returned.model import Base, ReturnedForm
from warehouse.returned.package import Package, read_package
from warehouse.returned.rebuild import rebuild_workbook, write_nothing


def write_returned(original: Path | None, form: ReturnedForm, target: Path) -> Base:
    """Writes the workbook that goes back to a reporter, in one step.

    Marks of an earlier round are removed first, so they never add up. A form that came as CSV, xls
    or ods is laid out anew; of one that cannot be read only the list of findings comes back.

    Args:
        original: the bytes as they came; None where nothing was kept of them.
        form: what is wrong with them.
        target: the file to write. A workbook with macros keeps them, so its name ends in `.xlsm`.

    Returns:
        What was marked: `own` for the reporter's own workbook, `rebuilt`, or `none`.

    Raises:
        OSError: the file cannot be written.
    """
    document = _read(original, form) if original else None
    for base, package, names in _offer_bases(original, document, form):
        previous = read_list(document) if document and base == "own" else None
        if _try_marking(package, form, base, names, previous):
            package.save(target)
            return base
    raise AssertionError("a workbook without any sheet can always be marked")


def _read(original: Path, form: ReturnedForm) -> Document | None:
    try:
        return read_document(original, file_name=form.file_name, limits=Limits())
    except Exception:  # refused, or a file our own readers fail on: a finding says so already
        return None


def _offer_bases(
    original: Path | None, document: Document | None, form: ReturnedForm
) -> Iterator[tuple[Base, Package, Mapping[str, str]]]:
    """What may be marked, best first, with the names sheets have in it where they differ."""
    if original and document and document.kind == "xlsx":
        yield "own", read_package(original, Limits()), {}
    if document:
        try:
            content, names = rebuild_workbook(document, form.title)
        except Refused:
            pass
        else:
            yield "rebuilt", Package(content), names
    yield "none", Package(write_nothing()), {}


def _try_marking(
    package: Package,
    form: ReturnedForm,
    base: Base,
    names: Mapping[str, str],
    previous: ReturnedList | None,
) -> bool:
    """Marks a workbook; one that is built in a way nobody foresaw is left to the next best base."""
    try:
        mark_workbook(package, form, base, names, previous)
    except Exception:
        if base == "none":
            raise
        return False
    return True
