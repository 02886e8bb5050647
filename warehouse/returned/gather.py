"""Gathers from the ledger what a returned workbook says of a submission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Contract, list_asking
from warehouse.periods import Period
from warehouse.returned.accepted import find_accepted_values
from warehouse.returned.model import Mark, ReturnedForm, ReturnVerdict
from warehouse.template.notes import describe_filling
from warehouse.wording import Wording, word_finding

_VERDICTS: dict[str, ReturnVerdict] = {"hold": "held", "accept": "held", "return": "returned"}
"""By decision in force; an accepted form of figures comes back where some are withheld, and any
accepted form where a question is open that holds nothing."""
_Key = tuple[int, int]
"""Number of the submission, and of the finding within it."""

_FACTS = """
    select
        submission.submission_id,
        submission.sha256,
        submission.file_name,
        submission.document_kind,
        submission.dataset,
        submission.reporter_code,
        submission.period,
        verdict.action,
        case when verdict.decided_by <> 'gate' then verdict.reason end as reason,
        coalesce(round.round, 1) as round,
        coalesce(round_count.fixed_count, 0) as fixed_count,
        coalesce(round_count.new_count, 0) as new_count,
        coalesce(round_count.left_count, 0) as left_count
    from ledger.submission as submission
    inner join core_verdict as verdict on submission.submission_id = verdict.submission_id
    left join core_round as round on submission.submission_id = round.submission_id
    left join core_round_count as round_count
        on submission.submission_id = round_count.submission_id
    where submission.submission_id in (select unnest($numbers::bigint[]))
    order by submission.submission_id
"""
_FINDINGS = """
    select
        finding.submission_id,
        finding.finding_number,
        finding.rule_id,
        finding.severity,
        finding.sheet,
        finding.source_row,
        finding.cell,
        finding.column_name,
        finding.value,
        finding.expected,
        coalesce(finding.subject, '') as subject,
        finding.explanation,
        finding.valid_until,
        coalesce(fate.change, 'new') as change
    from core_finding as finding
    left join core_finding_fate as fate
        on
            finding.submission_id = fate.submission_id
            and finding.finding_number = fate.finding_number
    where finding.submission_id in (select unnest($numbers::bigint[]))
    order by finding.submission_id, finding.finding_number
"""
_OFFERED = """
    select
        finding.submission_id,
        finding.finding_number,
        max_by(earlier.explanation, earlier.sequence) as explanation,
        max_by(earlier.period, earlier.sequence) as period,
        max_by(coalesce(earlier.valid_until::varchar, ''), earlier.sequence) as valid_until
    from core_finding as finding
    inner join ledger.submission as submission
        on finding.submission_id = submission.submission_id
    inner join ledger.explanation as earlier
        on
            submission.dataset = earlier.dataset
            and submission.reporter_code = earlier.reporter_code
            and finding.rule_id = earlier.rule_id
            and finding.column_name is not distinct from earlier.column_name
            and finding.subject = earlier.subject
    where
        finding.submission_id in (select unnest($numbers::bigint[]))
        and finding.severity = 'explain'
        and finding.explanation is null
        and earlier.sequence <= getvariable('ledger_cut')
    group by finding.submission_id, finding.finding_number
"""


def gather_returns(
    connection: duckdb.DuckDBPyConnection,
    expectations: Expectations,
    submission_ids: Sequence[int],
    language: str = "zh",
) -> dict[int, ReturnedForm]:
    """What goes back of each of these submissions, by its number.

    Args:
        connection: on which `open_views` was called.
        expectations: contracts and codes.
        submission_ids: of submissions up to the ledger cut; others are left out.
        language: `zh` or `en`: which of the two comes first.
    """
    numbers = {"numbers": list(submission_ids)}
    facts = _fetch(connection, _FACTS, numbers)
    findings = _fetch(connection, _FINDINGS, numbers)
    offered = {
        (row["submission_id"], row["finding_number"]): _write_offer(row, language)
        for row in _fetch(connection, _OFFERED, numbers)
    }
    accepted = find_accepted_values(connection, expectations, facts, findings)
    by_submission: dict[int, list[dict[str, Any]]] = {}
    for finding in findings:
        by_submission.setdefault(finding["submission_id"], []).append(finding)
    forms = {}
    for row in facts:
        contract = expectations.contracts.get(row["dataset"] or "")
        marks = tuple(
            _make_mark(finding, contract, expectations, offered, accepted, language)
            for finding in by_submission.get(row["submission_id"], [])
        )
        forms[row["submission_id"]] = _make_form(row, contract, expectations, marks, language)
    return forms


def _fetch(
    connection: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, Any]
) -> list[dict[str, Any]]:
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _make_form(
    row: Mapping[str, Any],
    contract: Contract | None,
    expectations: Expectations,
    marks: tuple[Mark, ...],
    language: str,
) -> ReturnedForm:
    names = {
        reporter.code: reporter.name_en if language == "en" else reporter.name
        for reporter in expectations.codes.reporters
    }
    period = row["period"] or ""
    if period and language != "en":
        period = Period.parse(period).title_zh
    return ReturnedForm(
        submission_id=row["submission_id"],
        sha256=row["sha256"] or "",
        file_name=row["file_name"].rpartition("/")[2],
        document_kind=row["document_kind"],
        title=contract.title.of(language) if contract else "",
        reporter=names.get(row["reporter_code"], row["reporter_code"] or ""),
        period=period,
        round=row["round"],
        verdict=_tell_verdict(row["action"], marks, expectations),
        reason=row["reason"],
        fixed_count=row["fixed_count"],
        new_count=row["new_count"],
        left_count=row["left_count"],
        marks=marks,
        language=language,
    )


def _tell_verdict(action: str, marks: Sequence[Mark], expectations: Expectations) -> ReturnVerdict:
    """What the form is told to be: one that only has a question left that holds nothing counts."""
    asking = list_asking(expectations.codes.common_rules)
    is_held = any(
        mark.severity == "explain" and not mark.explanation and mark.rule_id not in asking
        for mark in marks
    )
    if action == "accept" and not is_held:
        return "accepted"
    return _VERDICTS.get(action, "rejected")


def _make_mark(
    finding: Mapping[str, Any],
    contract: Contract | None,
    expectations: Expectations,
    offered: Mapping[_Key, str],
    accepted: Mapping[_Key, str],
    language: str,
) -> Mark:
    key = (finding["submission_id"], finding["finding_number"])
    column = contract.columns.get(finding["column_name"] or "") if contract else None
    wording = _word(expectations, contract, finding, language)
    example = None
    if contract and column and finding["severity"] == "must_fix":
        example = describe_filling(column, contract).of(language)
    kept = ("finding_number", "rule_id", "severity", "sheet", "source_row", "cell", "column_name",
            "value", "subject", "explanation", "valid_until", "change")  # fmt: skip
    return Mark(
        **{name: finding[name] for name in kept},
        heading=column.heading if column else "",
        sentence=wording.sentence,
        remedy=wording.remedy,
        last_accepted=accepted.get(key),
        example=example,
        offered=offered.get(key),
    )


def _word(
    expectations: Expectations,
    contract: Contract | None,
    finding: Mapping[str, Any],
    language: str,
) -> Wording:
    """The wording of a finding; a rule that was retired since has none left."""
    try:
        dataset = contract.dataset if contract else None
        return word_finding(expectations, dataset, dict(finding), language)
    except KeyError:
        return Wording(finding["rule_id"], "")


def _write_offer(row: Mapping[str, Any], language: str) -> str:
    explanation, period, until = row["explanation"], row["period"], row["valid_until"]
    if language == "en":
        held = f"{period}, valid until {until}" if until else f"{period} only"
        return f"{explanation} ({held})"
    held = f"{period}，有效至 {until}" if until else f"只用于 {period}"
    return f"{explanation}（{held}）"
