"""Takes in one archived file: what it is, what it holds, and what is wrong with it as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from warehouse.contracts.load import Expectations
from warehouse.findings import Finding
from warehouse.gate.staged import Staged
from warehouse.periods import period_containing
from warehouse.read.document import read_document
from warehouse.read.form import Form, Identity, empty_rows
from warehouse.read.identify import check_obligation, identify
from warehouse.read.layout import read_form
from warehouse.read.refuse import Limits, Reason, Refused
from warehouse.read.sheet import Document


@dataclass(frozen=True)
class Incoming:
    """One file to take in.

    Attributes:
        submission_id: the number it will have.
        path: its bytes in the archive; None where it was refused at its source.
        refusal: why it was refused at its source.
    """

    submission_id: int
    path: Path | None
    sha256: str | None
    size_bytes: int
    source: str
    folder: str
    file_name: str
    known_at: datetime
    refusal: str | None = None


@dataclass(frozen=True)
class Taken:
    """A file taken in: its form, and the facts the ledger keeps of it."""

    staged: Staged
    facts: dict[str, Any]


def take_in(incoming: Incoming, expectations: Expectations, today: date) -> Taken:
    """Reads one file. Whatever is wrong with it becomes a finding; nothing is raised."""
    document: Document | None = None
    try:
        if incoming.path is None:
            refusal = Finding(f"refused_{incoming.refusal}", "must_fix", value=incoming.file_name)
            form = _refused_form(incoming, expectations, refusal)
        else:
            document = read_document(incoming.path, file_name=incoming.file_name, limits=Limits())
            form = _read_form(document, incoming, expectations, today)
    except Refused as refused:
        form = _refused_form(incoming, expectations, _describe_refusal(refused, incoming.file_name))
    except Exception as error:  # a file our own readers fail on must not stop the night
        failure = Finding(
            "refused_reader_failed", "must_fix", value=incoming.file_name,
            expected=type(error).__name__,
        )  # fmt: skip
        form = _refused_form(incoming, expectations, failure)
    return Taken(Staged(incoming.submission_id, form), _list_facts(incoming, form, document))


def _read_form(
    document: Document, incoming: Incoming, expectations: Expectations, today: date
) -> Form:
    if document.has_external_links:
        refused: Reason = "external_links"
        raise Refused(refused)
    identity, findings = identify(document, incoming.file_name, incoming.folder, expectations)
    contract = identity.contract
    newest = period_containing(today, contract.period_type).previous if contract else None
    findings += check_obligation(identity, expectations, newest)
    form = read_form(document, identity, expectations.codes)
    return replace(form, findings=(*findings, *form.findings))


def _refused_form(incoming: Incoming, expectations: Expectations, refusal: Finding) -> Form:
    """A file that cannot be read still says something by its name."""
    nothing = Document(
        kind="", encoding=None, sheets=(), has_macros=False, has_external_links=False
    )
    identity, _ = identify(nothing, incoming.file_name, incoming.folder, expectations)
    identity = identity if identity.contract else Identity()
    rows = empty_rows(identity.contract)
    return Form(identity, rows, rows, findings=(refusal,))


def _describe_refusal(refused: Refused, file_name: str) -> Finding:
    details = "；".join(
        f"{name} {value}" for name, value in refused.facts.items() if name != "limit"
    )
    value = f"{file_name}（{details}）" if details else file_name
    limit = refused.facts.get("limit")
    return Finding(
        f"refused_{refused.reason}", "must_fix", value=value, expected=str(limit) if limit else None
    )


def _list_facts(incoming: Incoming, form: Form, document: Document | None) -> dict[str, Any]:
    identity = form.identity
    return {
        "submission_id": incoming.submission_id,
        "sha256": incoming.sha256,
        "size_bytes": incoming.size_bytes,
        "source": incoming.source,
        "folder": incoming.folder,
        "file_name": incoming.file_name,
        "document_kind": document.kind if document else None,
        "encoding": document.encoding if document else None,
        "dataset": identity.contract.dataset if identity.contract else None,
        "reporter_code": identity.reporter.code if identity.reporter else None,
        "period": str(identity.period) if identity.period else None,
        "period_type": identity.period.period_type if identity.period else None,
        "is_nil": form.is_nil,
        "row_count": form.rows.height,
        "template_version": identity.template_version,
        "ancestor_id": form.ancestor_id,
        "known_at": incoming.known_at,
    }
