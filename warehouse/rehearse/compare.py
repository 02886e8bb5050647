"""Holds what would be said of each file against what was said, and both against what came later."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from warehouse.ledger.load import KEPT
from warehouse.rehearse.differences import Difference, Hit, RuleEffect, RuleKey, sum_up
from warehouse.rehearse.history import Past, Sitting
from warehouse.rehearse.judge import Judged

Obligation = tuple[str, str, str]


class Comparison:
    """The running account over all sittings, given in the order they were held.

    Attributes:
        reworded: submissions with the same findings, of which one says something else: another
            value or another expectation.
    """

    def __init__(self) -> None:
        """Begins with nothing."""
        self.reworded: list[int] = []
        self._differences: list[Difference] = []
        self._hits: Counter[RuleKey] = Counter()
        self._open: dict[Obligation, set[tuple[int, Hit]]] = defaultdict(set)
        self._corrected: dict[tuple[int, Hit], int] = {}

    def add(self, sitting: Sitting, judged: Judged) -> None:
        """Compares one sitting."""
        for number, rule_id, count in judged.count_hits():
            self._hits[judged.facts[number]["dataset"], rule_id] += count
        added, gone = _by_submission(judged.list_added()), _by_submission(judged.list_gone())
        found: dict[int, Difference] = {}
        for past in sitting.submissions:
            number = past.incoming.submission_id
            if number not in judged.verdicts:
                continue
            difference = _describe(past, judged, added[number], gone[number])
            if difference.has_new_verdict or difference.added or difference.gone:
                found[number] = difference
            elif number in judged.reworded:
                self.reworded.append(number)
        self._differences += found.values()
        self._look_later(sitting, judged, found)

    def finish(self) -> tuple[tuple[Difference, ...], tuple[RuleEffect, ...]]:
        """All differences, with what became of them later, and their sum by rule."""
        differences = tuple(
            replace(
                item,
                added=tuple(
                    replace(hit, corrected_by=self._corrected.get((item.submission_id, hit)))
                    for hit in item.added
                ),
            )
            for item in self._differences
        )
        return differences, sum_up(differences, self._hits)

    def _look_later(
        self, sitting: Sitting, judged: Judged, found: Mapping[int, Difference]
    ) -> None:
        """Lets the files of this sitting correct what earlier ones were found to be wrong in.

        Only a file that was taken over tells anything: of one that was returned, nobody knows
        whether its figures are right.
        """
        taken_over = {
            past.incoming.submission_id for past in sitting.submissions if past.action in KEPT
        }
        obligations = _list_obligations(sitting, judged)
        blocked = {obligations[number] for number in found.keys() & obligations.keys()}
        said = judged.list_said(
            number
            for number in taken_over & obligations.keys()
            if obligations[number] in blocked or self._open.get(obligations[number])
        )
        for number, obligation in sorted(obligations.items()):
            if number in said:
                self._correct(number, obligation, said[number])
            if number in found:
                self._open[obligation] |= {
                    (number, hit) for hit in found[number].added if hit.is_blocking
                }

    def _correct(self, number: int, obligation: Obligation, said: set[tuple[Any, ...]]) -> None:
        for wrong in list(self._open[obligation]):
            hit = wrong[1]
            if (hit.rule_id, hit.column_name, hit.subject, hit.value) not in said:
                self._corrected[wrong] = number
                self._open[obligation].discard(wrong)


def _by_submission(rows: Iterable[dict[str, Any]]) -> defaultdict[int, list[Hit]]:
    hits: defaultdict[int, list[Hit]] = defaultdict(list)
    for row in rows:
        hits[row.pop("submission_id")].append(Hit(**row))
    return hits


def _describe(past: Past, judged: Judged, added: list[Hit], gone: list[Hit]) -> Difference:
    """One submission, different or not; where a rule could not be run its findings say nothing."""
    number = past.incoming.submission_id
    facts, verdict = judged.facts[number], judged.verdicts[number]
    is_judged = verdict.action != "wait"
    return Difference(
        submission_id=number,
        file_name=past.incoming.file_name,
        dataset=facts["dataset"] or past.dataset,
        reporter_code=facts["reporter_code"] or past.reporter_code,
        period=facts["period"] or past.period,
        old_action=past.action,
        new_action=verdict.action,
        old_verdict=past.tell_verdict(judged.asking),
        new_verdict=verdict.shown,
        added=tuple(added) if is_judged else (),
        gone=tuple(gone) if is_judged else (),
    )


def _list_obligations(sitting: Sitting, judged: Judged) -> dict[int, Obligation]:
    """What each file was sent for, where that can be told."""
    obligations = {}
    for past in sitting.submissions:
        number = past.incoming.submission_id
        facts = judged.facts.get(number)
        if facts and facts["dataset"] and facts["reporter_code"] and facts["period"]:
            obligations[number] = (facts["dataset"], facts["reporter_code"], facts["period"])
    return obligations
