"""Exceptions a steward grants for one form: from its lock, or from sending it at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from warehouse.contracts.codes import Reporter
from warehouse.contracts.model import Contract, Text
from warehouse.decide.failure import NotUnderstood
from warehouse.decide.ledger import Ledger
from warehouse.decide.texts import require_future, require_name, require_reason
from warehouse.periods import Period

Kind = Literal["lock", "excuse"]


@dataclass(frozen=True)
class Exempted:
    """An exception that stands in the ledger.

    Attributes:
        kind: lock: may be changed until it ends; excuse: need not be sent.
        until: the last day it holds; None for an excuse without end.
    """

    exemption_id: int
    kind: Kind
    dataset: str
    reporter_code: str
    period: str
    by: str
    reason: str
    until: date | None


def append_exemption(
    ledger: Ledger,
    kind: Kind,
    dataset: str,
    reporter: str,
    period: str,
    by: str,
    reason: str,
    until: date | None = None,
) -> Exempted:
    """Appends one exception; granted again, the later one counts.

    Args:
        ledger: opened to be written.
        kind: lock or excuse.
        dataset: such as standards.
        reporter: who owes it, by code or name.
        period: such as 2020Q3.
        by: who answers for it.
        reason: why.
        until: the last day it holds; an excuse may be without end, an open lock never.

    Raises:
        NotUnderstood: there is no such form, nobody is named, no reason is given, or the last day
            is missing or has passed.
    """
    by, reason = require_name(by), require_reason(reason)
    owing, of_period = _find_form(ledger, dataset, reporter, period)
    if kind == "lock" and until is None:
        zh = "锁定的例外必须有截止日（--until），到期自动重新锁定。"
        en = "An exception to a lock needs a last day (--until), after which it locks again."
        raise NotUnderstood(Text(zh=zh, en=en))
    require_future(until, ledger.today)
    number = ledger.number("exemption")
    ledger.append(
        "exemption",
        [
            {
                "exemption_id": number,
                "kind": kind,
                "dataset": dataset,
                "reporter_code": owing.code,
                "period": str(of_period),
                "granted_by": by,
                "reason": reason,
                "ends_on": until,
            }
        ],
    )
    return Exempted(number, kind, dataset, owing.code, str(of_period), by, reason, until)


def _find_form(ledger: Ledger, dataset: str, reporter: str, period: str) -> tuple[Reporter, Period]:
    contract = ledger.expectations.contracts.get(dataset)
    if contract is None:
        known = "、".join(ledger.expectations.contracts)
        zh, en = f"没有报表 {dataset}；现有：{known}。", f"There is no dataset {dataset}: {known}."
        raise NotUnderstood(Text(zh=zh, en=en))
    of_period = _find_period(contract, period)
    codes = ledger.expectations.codes.in_period(of_period)
    owing = codes.reporter_named(reporter)
    if owing is None or owing not in codes.owing_in(contract, of_period):
        zh = f"{of_period} 的“{contract.title.zh}”不由 {reporter} 报送，无须例外。"
        en = f"{reporter} does not owe {dataset} for {of_period}: there is nothing to except."
        raise NotUnderstood(Text(zh=zh, en=en))
    return owing, of_period


def _find_period(contract: Contract, text: str) -> Period:
    """The period, of the contract's type, for which the form is owed."""
    first = Period.parse(contract.owed_from)
    try:
        period = Period.parse(text)
    except ValueError:
        period = None
    if period is None or period.period_type != contract.period_type or period < first:
        zh = f"“{contract.title.zh}”没有报告期 {text}；首期是 {first}，以后各期照此书写。"
        en = f"{contract.dataset} has no period {text}; the first is {first}, later ones likewise."
        raise NotUnderstood(Text(zh=zh, en=en))
    return period
