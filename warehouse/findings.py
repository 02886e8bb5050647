"""A finding: one thing wrong with a form, where it stands, and what it was read as."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import polars as pl

FINDING_SCHEMA: dict[str, type[pl.DataType]] = {
    "submission_id": pl.Int64,
    "rule_id": pl.String,
    "severity": pl.String,
    "sheet": pl.String,
    "source_row": pl.Int64,
    "cell": pl.String,
    "column_name": pl.String,
    "value": pl.String,
    "expected": pl.String,
}


@dataclass(frozen=True)
class Finding:
    """One thing wrong.

    Attributes:
        rule_id: a contract's own rule, or one of the common rules.
        sheet: the sheet's name; empty for CSV and for what concerns the whole file.
        source_row: the row in the sheet, counted from 1; None where no single row is at fault.
        cell: the address such as `B7`; None where no single cell is at fault.
        column_name: the contract's column; None where it is not about one column.
        value: what was read.
        expected: what would have been right.
    """

    rule_id: str
    severity: str
    sheet: str = ""
    source_row: int | None = None
    cell: str | None = None
    column_name: str | None = None
    value: str | None = None
    expected: str | None = None


def frame_findings(submission_id: int, findings: Iterable[Finding]) -> pl.DataFrame:
    """Findings of one submission as rows."""
    rows = [{"submission_id": submission_id, **asdict(finding)} for finding in findings]
    return pl.DataFrame(rows, schema=FINDING_SCHEMA)
