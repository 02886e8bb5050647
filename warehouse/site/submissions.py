"""One page per file received, and the list of the newest ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from warehouse.collect.archive import path_of
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Text, list_asking
from warehouse.decide.difference import compare_submission
from warehouse.decide.model import Difference
from warehouse.fault import UserFault
from warehouse.identifiers.synthetic import RESERVED_PREFIX
from warehouse.settings import CITY_TIME
from warehouse.site.causes import group_findings
from warehouse.site.form_period import place
from warehouse.site.neighbourhood import Original, open_original
from warehouse.site.page import Page, Site
from warehouse.site.privacy import mask_numbers
from warehouse.site.received import Received, Row, state_of, summarise_file
from warehouse.site.text import say

MOST_DIFFERENCES = 200
"""Rows of each kind of difference a page shows; it says how many more there are."""
MOST_LISTED = 1_000
"""Files in the list of those received; older ones are found by form and period."""

_KEEP_FINDINGS = """
    create or replace temp table site_finding as
    select finding.*, fate.change
    from core_finding as finding
    left join core_finding_fate as fate using (submission_id, finding_number)
"""
"""The fate of a finding looks over all rounds: asked once for all pages, not once a page."""
_FINDINGS = "select * from site_finding where submission_id = ? order by finding_number"


@dataclass
class SubmissionPages:
    """The pages of all files received.

    Attributes:
        judgements: hash of Great Expectations' own result, by night and dataset.
    """

    site: Site
    received: Received
    judgements: Mapping[tuple[datetime, str], str]
    _rules: dict[str, Expectations] = field(default_factory=dict)
    _has_findings: bool = False

    def list_pages(self) -> Iterator[Page]:
        """The page of every file, and the list of the newest."""
        for row in self.received.submissions.values():
            yield self._plan(row)
        newest = list(self.received.submissions.values())[-MOST_LISTED:][::-1]
        older = len(self.received.submissions) - len(newest)
        listed = [summarise_file(self.site, row) for row in newest]
        yield Page(
            "submissions/index.html",
            "submissions.html",
            [newest, older],
            lambda: {"rows": listed, "older": older},
        )

    def _plan(self, row: Row) -> Page:
        number = row["submission_id"]
        rounds = self.received.rounds_of(row)
        inputs = {
            "row": row,
            "rounds": rounds,
            "decisions": self.received.decisions.get(number),
            "explanations": self.received.explanations.get(number),
            "deliveries": self.received.deliveries.get(number),
            "judgement": self.judgements.get((row["night_at"], row["dataset"])),
            "compared": self.received.comparable_with(row),
        }
        return Page(
            f"submissions/{number}.html", "submission.html", inputs, lambda: self._fill(row)
        )

    def _fill(self, row: Row) -> dict[str, Any]:
        number = row["submission_id"]
        expectations = self._find_rules(row["rule_set"])
        findings = self._read_findings(row)
        located = any(finding["source_row"] or finding["cell"] for finding in findings)
        archive = self.site.settings.archive
        original = open_original(row, archive, expectations) if located else None
        difference = self._compare(row)
        return summarise_file(self.site, row) | {
            "causes": group_findings(findings, row["dataset"], expectations, original),
            "form_page": place(row["dataset"], row["period"]) if row["round"] else None,
            "asked": self._list_asked(findings),
            "is_first_round": row["previous_submission_id"] is None,
            "successor": self.received.successor_of(row),
            "rounds": [(item, state_of(item)) for item in self.received.rounds_of(row)],
            "decisions": self.received.decisions.get(number, []),
            "gate_reasons": _word_gate(row),
            "explanations": self._word_explanations(number, row["dataset"], expectations),
            "deliveries": self.received.deliveries.get(number, []),
            "original": f"../archive/{path_of(archive, row['sha256']).relative_to(archive)}"
            if row["sha256"]
            else None,
            "judgement": name_judgement(row["night_at"], row["dataset"])
            if (row["night_at"], row["dataset"]) in self.judgements
            else None,
            "difference": difference,
            "has_rows": difference is not None
            and difference.against is not None
            and difference.is_readable
            and difference.is_comparable,
            "lone_columns": self._list_lone_columns(difference),
            "most": MOST_DIFFERENCES,
            "is_synthetic": self._is_synthetic(row, original, difference),
        }

    def _read_findings(self, row: Row) -> list[Row]:
        if row["findings_state"] is None:
            return []
        if not self._has_findings:
            self.site.connection.execute(_KEEP_FINDINGS)
            self._has_findings = True
        is_first = row["previous_submission_id"] is None
        return [
            finding | {"change": None if is_first else finding["change"]}
            for finding in self.site.fetch(_FINDINGS, [row["submission_id"]])
        ]

    def _list_asked(self, findings: list[Row]) -> list[str]:
        """The rules of open questions that hold nothing."""
        asking = list_asking(self.site.expectations.codes.common_rules)
        asked = {row["rule_id"] for row in findings if row["is_open"]}
        return sorted(asked.intersection(asking))

    def _find_rules(self, rule_set: str | None) -> Expectations:
        """The contracts a file was judged with; those in force where they were not kept."""
        from warehouse.night.rules import load_kept_rules  # the night imports this package

        rules = self.site.rules
        if not rule_set or rule_set == rules.rule_set:
            return rules.expectations
        if rule_set not in self._rules:
            try:
                kept = load_kept_rules(self.site.settings.archive, rule_set).expectations
            except UserFault:
                kept = rules.expectations
            self._rules[rule_set] = kept
        return self._rules[rule_set]

    def _compare(self, row: Row) -> Difference | None:
        """The difference from what was accepted last; None where nothing can be compared.

        Of an accepted file rows are addressed and not cells, which spares reading it again: half of
        the time of its page.
        """
        if row["round"] is None:
            return None
        archive = None if row["action"] == "accept" else self.site.settings.archive
        try:
            return compare_submission(
                self.site.connection, self.site.expectations, row["submission_id"], archive,
                across_periods=False,
            )  # fmt: skip
        except UserFault:
            return None

    def _list_lone_columns(self, difference: Difference | None) -> list[tuple[int, str]]:
        """Place and heading of the columns that say what a row is beyond its key."""
        if difference is None or difference.dataset is None:
            return []
        key = self.site.expectations.contracts[difference.dataset].key
        return [
            (place, heading)
            for place, (name, heading) in enumerate(difference.columns.items())
            if name not in key
        ]

    def _word_explanations(
        self, number: int, dataset: str | None, expectations: Expectations
    ) -> list[Row]:
        contract = expectations.contracts.get(dataset or "")
        columns = contract.columns if contract else {}
        return [
            item
            | {
                "heading": columns[item["column_name"]].heading
                if item["column_name"] in columns
                else item["column_name"],
                "explanation": mask_numbers(item["explanation"]),
                "about": self.site.name_subject(item["subject"]),
                "author_name": self.site.name_reporter(item["author"]),
            }
            for item in self.received.explanations.get(number, [])
        ]

    def _is_synthetic(
        self, row: Row, original: Original | None, difference: Difference | None
    ) -> bool:
        """Whether the form, or the one it is compared with, names an example enterprise."""
        contract = self.site.expectations.contracts.get(row["dataset"] or "")
        columns = [item.name for item in contract.column if item.type == "uscc"] if contract else []
        if not contract or not columns:
            return False
        if original and any(
            original.form.rows[name].str.slice(8, 3).eq(RESERVED_PREFIX).any()
            for name in columns
            if name in original.form.rows.columns
        ):
            return True
        numbers = [row["submission_id"]]
        numbers += [difference.against] if difference and difference.against else []
        test = " or ".join(f"\"{name}\"[9:11] = '{RESERVED_PREFIX}'" for name in columns)
        found = self.site.connection.execute(
            f"select 1 from core.{contract.dataset} "  # noqa: S608
            f"where list_contains(?, submission_id) and ({test}) limit 1",
            [numbers],
        ).fetchone()
        return found is not None


def _word_gate(row: Row) -> dict[str, Text]:
    """Why the gate decided as it did, by what it decided."""
    count = row["explain_count"]
    return {
        "accept": say("nothing to mend; to explain: {count}", count=count)
        if count
        else say("nothing to mend or to explain"),
        "hold": say("to explain: {count}", count=count),
        "reject": say("to mend: {count}", count=row["must_fix_count"]),
    }


def name_judgement(night_at: datetime, dataset: str) -> str:
    """Where Great Expectations' own result of a night and dataset lies, below the site."""
    return f"judgements/{night_at.astimezone(CITY_TIME):%Y%m%dT%H%M%S}-{dataset}.json"
