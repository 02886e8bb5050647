"""What goes back to a clerk: a form's findings with all that helps to mend them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from warehouse.contracts.model import Severity

Change = Literal["new", "left"]
ReturnVerdict = Literal["rejected", "held", "returned", "accepted"]
Base = Literal["own", "rebuilt", "none"]
"""What is marked: the reporter's own workbook, what our reader saw of it, or nothing."""


@dataclass(frozen=True)
class Mark:
    """One finding as it is shown in the reporter's own workbook.

    Attributes:
        finding_number: its number within the submission.
        sheet: the sheet's name; empty for CSV and for what concerns the whole file.
        cell: the address such as `B7`; None where no single cell is at fault.
        heading: the column's heading in the form; empty where it is not about one column.
        value: what was read.
        subject: what the finding is about, whatever row it stands in; part of its identity.
        sentence: the rule in one sentence, with what was read.
        remedy: what to do.
        last_accepted: what stood in the same row and column of the last accepted form.
        example: how a right value looks.
        explanation: the explanation already given.
        valid_until: the last day that explanation holds; None for this period only.
        offered: an earlier explanation of the same finding, and until when it held.
        change: against the round before.
    """

    finding_number: int
    rule_id: str
    severity: Severity
    sheet: str
    source_row: int | None
    cell: str | None
    column_name: str | None
    heading: str
    value: str | None
    subject: str
    sentence: str
    remedy: str
    last_accepted: str | None = None
    example: str | None = None
    explanation: str | None = None
    valid_until: date | None = None
    offered: str | None = None
    change: Change = "new"


@dataclass(frozen=True)
class ReturnedForm:
    """One submission that goes back.

    Attributes:
        sha256: of the bytes that came; empty where nothing was kept.
        file_name: the name the reporter gave it.
        document_kind: xlsx, xls, ods or csv; None where it could not be read.
        title: of the form; empty where it could not be told.
        reporter: name of who reports; empty where it could not be told.
        period: as a form's title line writes it; empty where it could not be told.
        round: the how-manieth form for this obligation.
        reason: why a steward returned it.
        fixed_count: findings of the round before that are gone.
        new_count: findings the round before did not have.
        left_count: findings the round before had as well.
        language: `zh` or `en`: which of the two comes first.
    """

    submission_id: int
    sha256: str
    file_name: str
    document_kind: str | None
    title: str
    reporter: str
    period: str
    round: int
    verdict: ReturnVerdict
    reason: str | None
    fixed_count: int
    new_count: int
    left_count: int
    marks: tuple[Mark, ...]
    language: str = "zh"
