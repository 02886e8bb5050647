"""Documents written as lines of text: cells parted by bars, a dot for a blank one."""

from __future__ import annotations

from typing import Any

from warehouse.contracts.load import Expectations, load_expectations
from warehouse.findings import Finding
from warehouse.read.form import Form, Identity
from warehouse.read.identify import identify
from warehouse.read.layout import read_form
from warehouse.read.sheet import Document, Sheet, blank_to_null, frame_rows, number_rows

EXPECTATIONS: Expectations = load_expectations()


def write_sheet(text: str, name: str = "", **facts: Any) -> Sheet:
    """A sheet of the lines of a text; an empty line is a blank row."""
    lines = [line.strip() for line in text.strip("\n").splitlines()]
    rows = [
        [None if cell.strip() == "." else cell.strip(" ") for cell in line.split("|")]
        if line
        else []
        for line in lines
    ]
    return Sheet(name, number_rows(blank_to_null(frame_rows(rows))), **facts)


def write_document(*sheets: Sheet | str) -> Document:
    """A document of sheets, or of texts that become sheets."""
    made = tuple(
        write_sheet(sheet, f"表{number}") if isinstance(sheet, str) else sheet
        for number, sheet in enumerate(sheets, start=1)
    )
    return Document("xlsx", None, made, has_macros=False, has_external_links=False)


def read_as(dataset: str, *sheets: Sheet | str) -> Form:
    """Sheets read as a form of one dataset."""
    identity = Identity(contract=EXPECTATIONS.contracts[dataset])
    return read_form(write_document(*sheets), identity, EXPECTATIONS.codes)


def tell(
    *sheets: Sheet | str, name: str = "报表.xlsx", folder: str = ""
) -> tuple[str | None, str | None, str | None, list[Finding]]:
    """What a file says it is: dataset, reporter, period, and what is wrong with that."""
    identity, findings = identify(write_document(*sheets), name, folder, EXPECTATIONS)
    return (
        identity.contract.dataset if identity.contract else None,
        identity.reporter.code if identity.reporter else None,
        str(identity.period) if identity.period else None,
        findings,
    )


def say(findings: Any) -> list[str]:
    """Findings as `rule cell`, the sheet left out."""
    return [f"{found.rule_id} {found.cell or ''}".strip() for found in findings]
