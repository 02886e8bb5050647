"""What would differ: by finding, by submission, and summed up by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_RANKS = {"accepted": 0, "held": 1, "rejected": 2, "waiting": 3}
_SEVERITY_BEHIND = {"held": "explain", "rejected": "must_fix"}
RuleKey = tuple[str | None, str]
"""Dataset, empty where a form's could not be told, and rule."""


@dataclass(frozen=True)
class Hit:
    """One finding that one side alone has.

    Attributes:
        is_explained: an explanation answers it, so that it holds nothing up.
        is_holding: an open question of its rule holds the file or withholds a figure.
        corrected_by: of a new one that holds something up, the first later file for the same
            obligation that was taken over and has it no more, or with another value there.
    """

    rule_id: str
    severity: str
    sheet: str
    cell: str | None
    column_name: str | None
    subject: str | None
    value: str | None
    expected: str | None
    is_explained: bool
    is_holding: bool = True
    corrected_by: int | None = None

    @property
    def is_blocking(self) -> bool:
        """Whether somebody has to mend or explain it."""
        is_open = self.severity == "explain" and not self.is_explained
        return self.severity == "must_fix" or (is_open and self.is_holding)


@dataclass(frozen=True)
class Difference:
    """One submission that would be judged otherwise than it was.

    Attributes:
        dataset: as it would be told now, else as it was told then; so are reporter and period.
        old_action: accept, hold or reject, by the gate; `new_action` may also be wait, where a
            rule cannot be run.
        old_verdict: accepted, held or rejected: what the clerk was told. A form of figures with
            some withheld is accepted, and told to be held.
        added: findings that were not made then.
        gone: findings that were made then and would not be now.
    """

    submission_id: int
    file_name: str
    dataset: str | None
    reporter_code: str | None
    period: str | None
    old_action: str
    new_action: str
    old_verdict: str
    new_verdict: str
    added: tuple[Hit, ...] = ()
    gone: tuple[Hit, ...] = ()

    @property
    def has_new_verdict(self) -> bool:
        """Whether the gate would decide, or the clerk be told, something else."""
        return (self.old_action, self.old_verdict) != (self.new_action, self.new_verdict)

    @property
    def blocked_by(self) -> tuple[Hit, ...]:
        """The new findings for which it would newly be returned or held."""
        if _RANKS[self.new_verdict] <= _RANKS[self.old_verdict]:
            return ()
        severity = _SEVERITY_BEHIND.get(self.new_verdict)
        return tuple(hit for hit in self.added if hit.severity == severity and hit.is_blocking)

    @property
    def released_from(self) -> tuple[Hit, ...]:
        """The findings for which it was returned or held, where it no longer would be."""
        if _RANKS[self.new_verdict] >= _RANKS[self.old_verdict]:
            return ()
        severity = _SEVERITY_BEHIND[self.old_verdict]
        return tuple(hit for hit in self.gone if hit.severity == severity and hit.is_blocking)

    @property
    def corrected_by(self) -> int | None:
        """The first later submission that corrected something it would newly be blocked for."""
        return min((hit.corrected_by for hit in self.blocked_by if hit.corrected_by), default=None)


@dataclass(frozen=True)
class RuleEffect:
    """What one rule of one dataset would do otherwise.

    Attributes:
        hits: findings it makes over all history.
        added: findings it did not make then.
        added_corrected: of these, findings whose reporter later put it right.
        gone: findings it made then and would not make now.
        newly_returned: submissions returned because of it that were not.
        newly_held: submissions held because of it that were accepted.
        blocked_corrected: of these two, submissions whose reporter later put it right.
        released: submissions that were returned or held because of it, and no longer would be.
    """

    dataset: str | None
    rule_id: str
    hits: int
    added: int
    added_corrected: int
    gone: int
    newly_returned: int
    newly_held: int
    blocked_corrected: int
    released: int


def sum_up(
    differences: Sequence[Difference], hits: Mapping[RuleKey, int]
) -> tuple[RuleEffect, ...]:
    """Sums differences up by rule, those that would block most first.

    Args:
        differences: all of them.
        hits: findings by dataset and rule over all history.
    """
    added = _count((item, hit) for item in differences for hit in item.added)
    corrected = _count(
        (item, hit) for item in differences for hit in item.added if hit.corrected_by
    )
    gone = _count((item, hit) for item in differences for hit in item.gone)
    returned = _count(_blocked(differences, "rejected"))
    held = _count(_blocked(differences, "held"))
    blocked_corrected = _count(_blocked(differences, "rejected", "held", corrected=True))
    released = _count(
        (item, hit) for item in differences for hit in _once_a_rule(item.released_from)
    )
    effects = [
        RuleEffect(
            dataset=key[0],
            rule_id=key[1],
            hits=hits.get(key, 0),
            added=added[key],
            added_corrected=corrected[key],
            gone=gone[key],
            newly_returned=returned[key],
            newly_held=held[key],
            blocked_corrected=blocked_corrected[key],
            released=released[key],
        )
        for key in added.keys() | gone.keys()
    ]
    return tuple(sorted(effects, key=_order))


def _order(effect: RuleEffect) -> tuple[int, int, str, str]:
    blocked = effect.newly_returned + effect.newly_held
    return (-blocked, -effect.added - effect.gone, effect.dataset or "", effect.rule_id)


def _blocked(
    differences: Sequence[Difference], *verdicts: str, corrected: bool = False
) -> Iterator[tuple[Difference, Hit]]:
    """One hit a rule of each submission that would newly have one of these verdicts."""
    for item in differences:
        if item.new_verdict in verdicts:
            hits = [hit for hit in item.blocked_by if hit.corrected_by or not corrected]
            yield from ((item, hit) for hit in _once_a_rule(hits))


def _once_a_rule(hits: Iterable[Hit]) -> Iterable[Hit]:
    return {hit.rule_id: hit for hit in hits}.values()


def _count(pairs: Iterable[tuple[Difference, Hit]]) -> Counter[RuleKey]:
    return Counter((item.dataset, hit.rule_id) for item, hit in pairs)
