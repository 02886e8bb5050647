"""Forms that would change a period after its lock date."""

from __future__ import annotations

import duckdb

from warehouse.contracts.load import Expectations
from warehouse.gate.verdict import HOLDING


def stage_locked(
    connection: duckdb.DuckDBPyConnection, dataset: str, expectations: Expectations
) -> None:
    """A form of a locked period for which something was accepted must say why it revises it.

    A first form that is merely late is welcome: a hole in a figure is worse than a late one. The
    lock date already counts an exemption in force; it locks again by itself.
    """
    connection.execute(
        """
        insert into gate_finding
        select
            submission.submission_id, $rule_id, $severity, '', null, null, null, null,
            coverage.locked_on::varchar
        from gate_submission as submission
        inner join core_coverage as coverage
            on
                submission.dataset = coverage.dataset
                and submission.reporter_code = coverage.reporter_code
                and submission.period = coverage.period
        where
            submission.dataset = $dataset
            and coverage.state in ('accepted', 'nil')
            and coverage.locked_on < getvariable('night_at')::date
        """,
        {
            "rule_id": HOLDING,
            "severity": expectations.codes.common_rules[HOLDING].severity,
            "dataset": dataset,
        },
    )
