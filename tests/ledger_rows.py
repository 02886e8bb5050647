"""A warehouse in memory of which only the ledger matters: files and decisions written as words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.warehouse_rows import Warehouse
from warehouse.settings import CITY_TIME

SEVERITIES = {"!": "must_fix", "?": "explain", ".": "notice"}


@dataclass(frozen=True)
class Sent:
    """One file received.

    Attributes:
        what: `dataset reporter period day`, `-` where it could not be told; or an exemption,
            `excuse dataset reporter period`.
        action: what the gate decided, and whatever a steward decided afterwards.
        findings: each `!rule subject`, `?rule subject` or `.rule subject` by its severity, with
            ` = text` behind it where the file explains it.
        mends: number of the file it carries the mark of.
        later: explanations a steward wrote down, as `rule subject = text`.
    """

    what: str
    action: str
    findings: Sequence[str] = ()
    mends: int | None = None
    later: Sequence[str] = ()


class Ledger(Warehouse):
    """A warehouse in which only submissions, findings and decisions matter."""

    def receive(self, sent: Sent) -> None:
        """Records a file as a night and a steward would have left it."""
        if sent.what.startswith("excuse "):
            _, dataset, reporter, period = sent.what.split()
            self.chain.append(
                "exemption",
                [
                    {
                        "exemption_id": 1,
                        "kind": "excuse",
                        "dataset": dataset,
                        "reporter_code": reporter,
                        "period": period,
                        "granted_by": "李",
                    }
                    | stamp("2020-10-09", 0)
                ],
            )
            return
        dataset, reporter, period, day = (
            None if word == "-" else word for word in sent.what.split()
        )
        assert day is not None
        first, *then = sent.action.split()
        number = self._keep_file(dataset, reporter, period, day, sent.mends)
        for place, (action, by) in enumerate([(first, "gate"), *((item, "李") for item in then)]):
            self.chain.append(
                "decision",
                [{"submission_id": number, "action": action, "decided_by": by} | stamp(day, place)],
            )
        for place, line in enumerate(sent.findings):
            said, _, text = line.partition(" = ")
            rule, subject = said[1:].split()
            self.connection.execute(
                "insert into ledger.finding (submission_id, finding_number, rule_id, severity, "
                "sheet, subject, explanation) values (?, ?, ?, ?, '', ?, ?)",
                [number, place + 1, rule, SEVERITIES[said[0]], subject, text or None],
            )
        for line in sent.later:
            said, _, text = line.partition(" = ")
            rule, subject = said.split()
            self.chain.append(
                "explanation",
                [
                    {
                        "submission_id": number,
                        "dataset": dataset,
                        "reporter_code": reporter,
                        "period": period,
                        "rule_id": rule,
                        "subject": subject,
                        "explanation": text,
                        "author": "李",
                    }
                    | stamp(day, 9)
                ],
            )

    def _keep_file(
        self, dataset: str | None, reporter: str | None, period: str | None, day: str,
        mends: int | None,
    ) -> int:  # fmt: skip
        self.count += 1
        at = datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=CITY_TIME)
        submission = {
            "submission_id": self.count,
            "dataset": dataset,
            "reporter_code": reporter,
            "period": period,
            "period_type": "quarter" if period else None,
            "is_nil": False,
            "ancestor_id": mends,
            "known_at": at,
        }
        self.chain.append("submission", [submission | stamp(day, 0)])
        return self.count


def stamp(day: str, hour: int) -> dict[str, object]:
    at = datetime.fromisoformat(f"{day}T{10 + hour}:00:00").replace(tzinfo=CITY_TIME)
    return {"night_at": at, "recorded_at": at, "is_replayed": True}
