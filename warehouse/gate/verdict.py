"""From findings to verdicts: which files are accepted, held or rejected."""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import list_asking

HOLDING = "period_locked"
"""The one question about a form of figures that no single figure can be withheld for."""


class Verdict(NamedTuple):
    """What the gate decides on a file.

    Attributes:
        action: accept, hold or reject: what the ledger records.
        shown: accepted, held or rejected. A form of figures that is accepted with figures withheld
            is shown as held: its clerk has something to explain.
    """

    action: str
    reason: str
    shown: str


def decide(connection: duckdb.DuckDBPyConnection, expectations: Expectations) -> dict[int, Verdict]:
    """The verdict and its reason for every staged submission.

    A file with anything to mend is rejected; a register that leaves something unexplained is held
    as a whole, because a partial total is wrong where nobody sees it; in a form of figures each
    figure stands alone, and only what is unexplained is withheld, unless the form would change a
    period after its lock. A question that does not hold is none of these: its file is accepted.
    """
    counts = connection.execute(
        """
        select
            submission.submission_id,
            submission.dataset,
            count(*) filter (where finding.severity = 'must_fix') as must_fix,
            count(*) filter (
                where finding.severity = 'explain' and finding.explanation is null
                and not list_contains($asking::varchar[], finding.rule_id)
            ) as unexplained,
            count(*) filter (
                where finding.severity = 'explain' and finding.explanation is not null
            ) as explained,
            count(*) filter (
                where finding.rule_id = $holding and finding.explanation is null
            ) as holding,
            count(*) filter (
                where finding.explanation is null
                and list_contains($asking::varchar[], finding.rule_id)
            ) as asked
        from gate_submission as submission
        left join gate_explained as finding
            on submission.submission_id = finding.submission_id
        group by all
        order by all
        """,
        {"holding": HOLDING, "asking": list_asking(expectations.codes.common_rules)},
    ).fetchall()
    return {
        submission_id: _decide_one(expectations, dataset, *numbers)
        for submission_id, dataset, *numbers in counts
    }


def _decide_one(
    expectations: Expectations,
    dataset: str,
    must_fix: int,
    unexplained: int,
    explained: int,
    holding: int,
    asked: int,
) -> Verdict:
    contract = expectations.contracts.get(dataset)
    if must_fix:
        return Verdict("reject", f"{must_fix} findings to mend", "rejected")
    if unexplained and (contract is None or contract.kind == "register" or holding):
        return Verdict("hold", f"{unexplained} findings without an explanation", "held")
    if unexplained:
        return Verdict("accept", f"{unexplained} figures withheld until explained", "held")
    if asked:
        return Verdict("accept", f"{asked} questions open that hold nothing", "accepted")
    if explained:
        return Verdict("accept", f"{explained} findings explained", "accepted")
    return Verdict("accept", "no finding stands against it", "accepted")
