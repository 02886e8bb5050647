"""What the ledger says of the files behind a figure: their judgement, decisions and findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Text
from warehouse.evidence.model import Decision, Missing, Note, Submission
from warehouse.evidence.originals import Originals
from warehouse.site.causes import hide, write_address
from warehouse.site.privacy import mask_numbers
from warehouse.wording import word_finding

Facts = dict[str, Any]

_KEPT = {
    "evidence_round": """
        select round.submission_id, round.round
        from core_round as round
        semi join core_included_submission as counts using (submission_id)
    """,
    "evidence_form": """
        select
            coverage.dataset, coverage.period, coverage.reporter_code, coverage.state,
            coverage.submission_id, reporter.reporting_unit_code
        from core_coverage as coverage
        inner join codes_reporter as reporter on coverage.reporter_code = reporter.reporter_code
        where coverage.is_expected or coverage.state in ('accepted', 'nil')
    """,
    "evidence_finding": """
        select finding.*
        from core_finding as finding
        semi join core_included_submission as counts using (submission_id)
    """,
    "evidence_judgement": """
        select night_at, dataset, max(rules_run) as rules_run
        from ledger.judgement
        group by night_at, dataset
    """,
}
"""What looks over the whole ledger: asked once for all figures, not once a figure."""
_SUBMISSIONS = """
    select submission.*, round.round, judgement.rules_run
    from ledger.submission as submission
    left join evidence_round as round on submission.submission_id = round.submission_id
    left join evidence_judgement as judgement
        on submission.night_at = judgement.night_at and submission.dataset = judgement.dataset
    where submission.submission_id in ({numbers})
    order by submission.submission_id
"""
_DECISIONS = """
    select submission_id, action, decided_by, reason, night_at as at
    from ledger.decision
    where sequence <= getvariable('ledger_cut') and submission_id in ({numbers})
    order by sequence
"""
_FINDINGS = """
    select *
    from evidence_finding
    where submission_id in ({numbers})
    order by submission_id, finding_number
"""
_FORMS = """
    select *
    from evidence_form
    where
        list_contains($datasets, dataset)
        and list_contains($periods, period)
        and ($unit::varchar is null or reporting_unit_code is null or reporting_unit_code = $unit)
    order by dataset, period, reporter_code
"""


def keep_facts(connection: duckdb.DuckDBPyConnection) -> None:
    """Keeps, for the connection, what is asked of the ledger for every figure."""
    for table, query in _KEPT.items():
        connection.execute(f"create or replace temp table {table} as {query}")


def fetch(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    values: list[Any] | dict[str, Any] | None = None,
) -> list[Facts]:
    """The rows of a query, each by its columns' names."""
    result = connection.execute(query, values or [])
    names = [item[0] for item in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def find_forms(
    connection: duckdb.DuckDBPyConnection,
    datasets: Collection[str],
    periods: Collection[str],
    unit: str | None,
) -> list[Facts]:
    """The forms a figure should rest on, with their states; a unit's are the city's and its own.

    Here and below, `keep_facts` was called.
    """
    return fetch(
        connection,
        _FORMS,
        {"datasets": sorted(datasets), "periods": sorted(periods), "unit": unit},
    )


def read_facts(connection: duckdb.DuckDBPyConnection, numbers: Collection[int]) -> dict[int, Facts]:
    """Rows of `ledger.submission` by number, with round and rules run."""
    rows = fetch(connection, _SUBMISSIONS.format(numbers=_list_numbers(numbers)))
    return {row["submission_id"]: row for row in rows}


@dataclass
class Submissions:
    """The files behind figures, each asked for once: many figures rest on the same.

    Attributes:
        connection: on which `keep_facts` was called.
        originals: of the same data root.
    """

    connection: duckdb.DuckDBPyConnection
    originals: Originals
    _facts: dict[int, Facts] = field(default_factory=dict, init=False)
    _described: dict[int, Submission] = field(default_factory=dict, init=False)

    def read_facts(self, numbers: Set[int]) -> dict[int, Facts]:
        """Rows of `ledger.submission` by number, with round and rules run."""
        if unread := numbers - self._facts.keys():
            self._facts |= read_facts(self.connection, unread)
        return {number: self._facts[number] for number in sorted(numbers)}

    def describe(self, rows_used: Mapping[int, int]) -> tuple[Submission, ...]:
        """Files, with what was found and decided, each in the words of its own rules.

        Args:
            rows_used: by submission, how many of its rows are behind the figure.
        """
        if unread := rows_used.keys() - self._described.keys():
            self._described |= self._describe(unread)
        return tuple(
            replace(self._described[number], rows_used=count)
            for number, count in sorted(rows_used.items())
        )

    def _describe(self, numbers: Set[int]) -> dict[int, Submission]:
        listed = _list_numbers(numbers)
        decisions, findings = (
            _group(fetch(self.connection, query.format(numbers=listed)))
            for query in (_DECISIONS, _FINDINGS)
        )
        return {
            number: _describe(
                row,
                decisions.get(number, []),
                findings.get(number, []),
                self.originals.find_expectations(row["rule_set"]),
            )
            for number, row in self.read_facts(numbers).items()
        }


def _list_numbers(numbers: Collection[int]) -> str:
    return ", ".join(str(number) for number in sorted(numbers)) or "null"


def describe_missing(forms: Iterable[Facts], expectations: Expectations) -> tuple[Missing, ...]:
    """The forms that do not count, and what became of each."""
    return tuple(
        Missing(
            _title(form["dataset"], expectations),
            name_reporter(form["reporter_code"], expectations),
            form["period"],
            form["state"],
        )
        for form in forms
        if form["state"] not in {"accepted", "nil"}
    )


def name_reporter(code: str | None, expectations: Expectations) -> Text:
    """What a reporter is called; a code that no list has stands for itself."""
    for item in expectations.codes.reporters:
        if item.code == code:
            return Text(zh=item.name, en=item.name_en)
    return Text(zh=code or "?", en=code or "?")


def _title(dataset: str | None, expectations: Expectations) -> Text:
    contract = expectations.contracts.get(dataset or "")
    return contract.title if contract else Text(zh=dataset or "?", en=dataset or "?")


def _group(rows: Iterable[Facts]) -> dict[int, list[Facts]]:
    grouped: dict[int, list[Facts]] = defaultdict(list)
    for row in rows:
        grouped[row["submission_id"]].append(row)
    return grouped


def _describe(
    row: Facts,
    decisions: list[Facts],
    findings: list[Facts],
    expectations: Expectations,
) -> Submission:
    names = set(Submission.__dataclass_fields__) & set(row)
    return Submission(
        **{name: row[name] for name in names},
        dataset_title=_title(row["dataset"], expectations),
        reporter=name_reporter(row["reporter_code"], expectations),
        rows_used=0,
        decisions=tuple(
            Decision(item["action"], item["decided_by"], mask_numbers(item["reason"]), item["at"])
            for item in decisions
        ),
        notes=tuple(_note(item, row["dataset"], expectations) for item in findings),
    )


def _note(finding: Facts, dataset: str, expectations: Expectations) -> Note:
    shown = finding | {"value": hide(finding)}
    try:
        said = [
            word_finding(expectations, dataset, shown, language).sentence
            for language in ("zh", "en")
        ]
    except KeyError:  # a rule that no kept contract has any more
        said = [finding["rule_id"]] * 2
    return Note(
        finding["rule_id"],
        finding["severity"],
        write_address(finding),
        Text(zh=said[0], en=said[1]),
        mask_numbers(finding["explanation"]),
        finding["explained_by"],
        finding["is_open"],
    )
