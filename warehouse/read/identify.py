"""Tells which dataset, reporter and period a file is, from what it says of itself.

The template mark comes first, then title, 填报单位 and 报告期 in the sheet, then the file's name.
Where mark and sheet, or two lines of the sheets, say different things, there is no telling which
of them is meant: that is a finding, and what is in dispute stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from warehouse.contracts.codes import Codes, Reporter
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Contract
from warehouse.findings import Finding
from warehouse.periods import Period, find_period
from warehouse.read.form import Identity
from warehouse.read.labels import (
    Line,
    Said,
    find_labelled,
    find_titles,
    lines_of,
    list_titles,
    match_titles,
)
from warehouse.read.sheet import Document

MARK_WORD = "标杆模板"
_PERIOD_CODE = r"\d{4}(?:Q[1-4]|-\d{2})?"
MARK = re.compile(
    MARK_WORD + r"[:：]?\s*(?P<dataset>[a-z][a-z0-9_]*)-(?P<version>\d+)"
    rf"(?:\s+(?!{_PERIOD_CODE}(?:\s|$))(?P<reporter>[A-Za-z0-9]+))?(?:\s+(?P<period>{_PERIOD_CODE}))?"
)


@dataclass(frozen=True)
class Mark:
    """A template mark: the parts it names, and where it stands."""

    said: Said
    dataset: str
    version: int
    reporter: str | None
    period: str | None


def make_mark(contract: Contract, reporter: str = "", period: str = "") -> str:
    """The mark a blank form carries, so that a filled one is known whatever its name."""
    mark = f"{MARK_WORD}：{contract.dataset}-{contract.version} {reporter} {period}"
    return " ".join(mark.split())


def identify(
    document: Document, file_name: str, folder: str, expectations: Expectations
) -> tuple[Identity, list[Finding]]:
    """Identifies a file; what cannot be told is a finding, never a guess.

    The period comes first: who bears a name depends on it. The inbox folder must agree with the
    reporter found; what came of a reporting unit may send in its stead.
    """
    lines = lines_of(document)
    stem = PurePosixPath(file_name).stem
    mark = find_mark(lines)
    contract, findings = _find_contract(lines, stem, mark, expectations)
    period, doubts = _find_period(lines, stem, mark, contract)
    codes = expectations.codes.in_period(period)
    reporter, found = _find_reporter(lines, stem, mark, codes)
    findings += [*found, *doubts]
    if reporter and folder not in ("", reporter.code, *codes.find_successors(reporter.code)):
        owner = codes.reporter_named(folder)
        shown = owner.name if owner else folder
        findings.append(
            Finding("folder_disagrees", "must_fix", value=reporter.name, expected=shown)
        )
    others = frozenset(found.sheet for found in findings if found.rule_id == "second_form")
    return Identity(contract, reporter, period, mark.version if mark else None, others), findings


def find_mark(lines: Sequence[Line]) -> Mark | None:
    """The first template mark."""
    for line in lines:
        for place, text in line.cells:
            if MARK_WORD in text and (found := MARK.search(text)):
                dataset, version, reporter, period = found.groups()
                said = line.say(place, found.group())
                return Mark(said, dataset, int(version), reporter, period)
    return None


def check_obligation(
    identity: Identity, expectations: Expectations, newest: Period | None
) -> list[Finding]:
    """Whether this reporter owes this form for this period.

    Args:
        identity: what the file says it is.
        expectations: contracts and codes.
        newest: the last period that has ended by the night's clock.
    """
    contract, reporter, period = identity.contract, identity.reporter, identity.period
    findings: list[Finding] = []
    if contract and reporter and not _owes(contract, reporter, period, expectations.codes):
        findings.append(
            Finding("wrong_form", "must_fix", value=reporter.name, expected=contract.title.zh)
        )
    if contract and period and period.period_type != contract.period_type:
        words = {"year": "年", "quarter": "季", "month": "月"}
        reason = f"本表按{words[contract.period_type]}报送"
        findings.append(Finding("wrong_period", "must_fix", value=str(period), expected=reason))
    elif period and newest and period > newest:
        findings.append(
            Finding("wrong_period", "must_fix", value=str(period), expected="该期尚未结束")
        )
    return findings


def _owes(contract: Contract, reporter: Reporter, period: Period | None, codes: Codes) -> bool:
    if period is None:
        return reporter in codes.owing(contract.owed_by)
    return reporter in codes.owing_in(contract, period)


def _find_contract(
    lines: Sequence[Line], stem: str, mark: Mark | None, expectations: Expectations
) -> tuple[Contract | None, list[Finding]]:
    """The form a file is; a sheet titled as another one says so, as one file holds one form."""
    contracts = expectations.contracts
    by_sheet: dict[str, list[tuple[str, Said]]] = {}
    for dataset, titles in find_titles(lines, contracts.values()).items():
        for title in titles:
            by_sheet.setdefault(title.sheet, []).append((dataset, title))
    # A sheet that names several forms is a list of contents.
    titled = [said[0] for said in by_sheet.values() if len({dataset for dataset, _ in said}) == 1]
    if mark:
        chosen = mark.dataset if mark.dataset in contracts else None
    elif titled:
        order = [line.sheet for line in lines]
        titled.sort(key=lambda item: order.index(item[1].sheet))
        chosen = titled[0][0]
    else:
        named = match_titles(stem, list_titles(contracts.values()))
        chosen = named.pop() if len(named) == 1 else None
    if chosen is None:
        return None, [_miss_contract(lines, stem, mark)]
    contract = contracts[chosen]
    others = [(dataset, said) for dataset, said in titled if dataset != chosen]
    if mark and any(said.sheet == mark.said.sheet for _, said in others):
        return None, [
            said.dispute("mark_disagrees", contract.title.zh)
            for _, said in others
            if said.sheet == mark.said.sheet
        ]
    return contract, [said.dispute("second_form", contract.title.zh) for _, said in others]


def _miss_contract(lines: Sequence[Line], stem: str, mark: Mark | None) -> Finding:
    if mark:
        return mark.said.dispute("unidentified_dataset")
    shown = " ".join(text for _, text in lines[0].cells)[:60] if lines else stem
    return Finding("unidentified_dataset", "must_fix", value=shown)


def _find_reporter(
    lines: Sequence[Line], stem: str, mark: Mark | None, codes: Codes
) -> tuple[Reporter | None, list[Finding]]:
    claims: list[tuple[Said, Reporter]] = []
    findings: list[Finding] = []
    for said in find_labelled(lines, "reporter"):
        if named := _name_reporter(said.text, codes):
            claims.append((said, named))
        else:
            findings.append(said.dispute("unidentified_reporter"))
    marked = codes.reporter_named(mark.reporter) if mark and mark.reporter else None
    if mark and mark.reporter and marked is None:
        findings.append(mark.said.dispute("unidentified_reporter"))
    chosen = marked or (claims[0][1] if claims else None)
    if chosen:
        rule = "mark_disagrees" if marked else "sheet_disagrees"
        disputes = [said.dispute(rule, chosen.name) for said, named in claims if named != chosen]
        return (None if disputes else chosen), findings + disputes
    if not findings and (chosen := _find_one(stem, codes)) is None:
        findings = [Finding("unidentified_reporter", "must_fix", value=stem)]
    return chosen, findings


def _name_reporter(text: str, codes: Codes) -> Reporter | None:
    """The reporter a label names; whatever stands behind a wide gap may be left out."""
    return codes.reporter_named(text) or codes.reporter_named(re.split(r"\s{2,}", text)[0])


def _find_one(stem: str, codes: Codes) -> Reporter | None:
    """The reporter a file's name names; None where it names none, or two."""
    named = [codes.reporter_named(part) for part in re.split(r"[_＿\s]+", stem)]
    found = list(dict.fromkeys(reporter for reporter in named if reporter))
    return found[0] if len(found) == 1 else None


def _find_period(
    lines: Sequence[Line], stem: str, mark: Mark | None, contract: Contract | None
) -> tuple[Period | None, list[Finding]]:
    claims: list[tuple[Said, Period]] = []
    findings: list[Finding] = []
    for said in find_labelled(lines, "period"):
        if written := find_period(said.text):
            claims.append((said, written))
        else:
            findings.append(said.dispute("unidentified_period"))
    titled = _read_titles(lines, contract)
    # A year in a title may be that of a list's edition; a quarter in it is the period reported.
    kind = contract.period_type if contract else None
    claims += [claim for claim in titled if claim[1].period_type == kind]
    claims = sorted(claims or titled, key=lambda claim: claim[1].period_type != kind)
    marked = find_period(mark.period or "") if mark else None
    chosen = marked or (claims[0][1] if claims else None)
    if chosen:
        rule = "mark_disagrees" if marked else "sheet_disagrees"
        disputes = [
            said.dispute(rule, str(chosen))
            for said, period in claims
            if not _overlap(period, chosen)
        ]
        return (None if disputes else chosen), findings + disputes
    if not findings and (chosen := find_period(stem)) is None:
        shown = " ".join(text for _, text in lines[0].cells)[:60] if lines else stem
        findings = [Finding("unidentified_period", "must_fix", value=shown)]
    return chosen, findings


def _read_titles(lines: Sequence[Line], contract: Contract | None) -> list[tuple[Said, Period]]:
    if contract is None:
        return []
    titles = find_titles(lines, [contract]).get(contract.dataset, [])
    return [(title, period) for title in titles if (period := find_period(title.text))]


def _overlap(one: Period, other: Period) -> bool:
    """Whether two periods may mean the same: 2020 and 2020Q3 may, 2020Q2 and 2020Q3 may not."""
    return one.start <= other.end and other.start <= one.end
