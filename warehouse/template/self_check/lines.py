"""A line of a self-check: one rule, and where a form breaks it as an array of the spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import CommonRule, Rule, Severity, Text
from warehouse.gate.suite import plan_suite
from warehouse.template.notes import name_subject, open_sentence
from warehouse.template.self_check.area import EntryArea


@dataclass(frozen=True)
class Line:
    """One rule, of one column or of the form.

    Attributes:
        hits: an array that is 1 in each row that breaks the rule; None where no formula can tell.
        place: the range in which hits stand, row for row; None where they are of the whole form.
        is_partial: the gate looks at more than the formula does.
    """

    rule_id: str
    column: str | None
    severity: Severity
    sentence: Text
    hits: str | None = None
    place: str | None = None
    is_partial: bool = False


@dataclass(frozen=True)
class Found:
    """What a check finds in one column.

    Attributes:
        hits: an array that is 1 in each row that breaks the rule; None where no formula can tell.
        is_whole: one number instead, for the form as a whole.
    """

    column: str | None
    hits: str | None = None
    is_whole: bool = False


class Draft:
    """Makes the lines of one form."""

    def __init__(self, area: EntryArea) -> None:
        """Plans the suite of the area's contract."""
        self.area = area
        alone = {area.contract.dataset: area.contract}
        self.suite = plan_suite(area.contract, Expectations(alone, area.codes, {}))

    def add(
        self,
        rule_id: str,
        column: str | None,
        hits: str | None,
        *,
        expected: str | None = None,
        is_partial: bool = False,
    ) -> Line:
        """A line; its hits are limited to rows of data where they stand in a column."""
        rule = self.find_rule(rule_id)
        place = self.area.raw(column) if column and hits else None
        return Line(
            rule_id=rule_id,
            column=column,
            severity=rule.severity,
            sentence=self._word(rule, column, expected),
            hits=hits,
            place=place,
            is_partial=is_partial,
        )

    def add_found(self, rule_id: str, found: Found) -> Line:
        """A line for what a check finds."""
        if found.hits is None or not found.is_whole:
            hits = self.in_rows(found.hits) if found.hits else None
            return self.add(rule_id, found.column, hits)
        return replace(self.add(rule_id, found.column, found.hits), place=None)

    def add_block(self, rule_id: str, hits: str, place: str, columns: Sequence[str] = ()) -> Line:
        """A line whose hits may stand in any column of a range, or in those named."""
        rule, known = self.find_rule(rule_id), self.area.contract.columns
        subject = "、".join(known[name].heading for name in columns) or "…"
        sentence = Text(
            zh=open_sentence(rule.sentence.zh, subject), en=open_sentence(rule.sentence.en, subject)
        )
        return Line(rule_id, None, rule.severity, sentence, hits, place)

    def in_rows(self, condition: str) -> str:
        """A condition limited to the rows of data."""
        return f"{self.area.rows}*{condition}"

    def find_rule(self, rule_id: str) -> Rule | CommonRule:
        """The contract's own rule, else a common one."""
        own = {rule.id: rule for rule in self.area.contract.rule}
        return own.get(rule_id) or self.area.codes.common_rules[rule_id]

    def _word(self, rule: Rule | CommonRule, column: str | None, expected: str | None) -> Text:
        contract = self.area.contract
        if column in contract.columns:
            heading = contract.columns[column or ""].heading
            subject = Text(zh=heading, en=heading)
        elif isinstance(rule, Rule):
            subject = name_subject(rule, contract)
        else:
            subject = Text(zh="…", en="…")
        return Text(
            zh=open_sentence(rule.sentence.zh, subject.zh, expected),
            en=open_sentence(rule.sentence.en, subject.en, expected),
        )
