"""Tells which dataset, reporter and period a file is, from what it says of itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from warehouse.contracts.codes import Reporter, fold_name
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Contract
from warehouse.findings import Finding
from warehouse.periods import Period, find_period
from warehouse.read.form import Identity
from warehouse.read.headings import head_of
from warehouse.read.sheet import Document

MARK_WORD = "标杆模板"
MARK = re.compile(
    MARK_WORD + r"[:：]?\s*(?P<dataset>[a-z][a-z0-9_]*)-(?P<version>\d+)"
    r"(?:\s+(?P<reporter>[A-Za-z0-9]+))?(?:\s+(?P<period>\d{4}(?:Q[1-4]|-\d{2})?))?"
)
_REPORTER_LABEL = re.compile(r"填报单位(?:名称)?\s*[:：]\s*\t*(?P<value>[^\t]+?)\s*(?=\t|报告期|单位\s*[:：]|$)")
_PERIOD_LABEL = re.compile(r"报告期(?:别)?\s*[:：]\s*\t*(?P<value>[^\t]+?)\s*(?=\t|填报单位|单位\s*[:：]|$)")
_MONEY_LABEL = re.compile(r"(?<!填报)(?:计量|金额)?单位\s*[:：]\s*\t*(?P<value>[^\t\s]+)")


def lines_of(document: Document) -> list[str]:
    """The first rows of every visible sheet as lines, cells parted by tabs."""
    return [
        "\t".join(cell for cell in cells if cell)
        for sheet in document.sheets
        for _, cells in head_of(sheet)
    ]


def make_mark(contract: Contract, reporter: str = "", period: str = "") -> str:
    """The mark a blank form carries, so that a filled one is known whatever its name."""
    mark = f"{MARK_WORD}：{contract.dataset}-{contract.version} {reporter} {period}"
    return mark.strip()


def identify(
    document: Document, file_name: str, folder: str, expectations: Expectations
) -> tuple[Identity, list[Finding]]:
    """Identifies a file; what cannot be told is a finding, never a guess.

    The template mark comes first, then title, 填报单位 and 报告期 in the sheet, then the file's
    name; the inbox folder must agree with the reporter found.
    """
    lines = lines_of(document)
    stem = PurePosixPath(file_name).stem
    mark = next((found for line in lines if (found := MARK.search(line))), None)
    contract = _find_contract(lines, stem, mark, expectations)
    reporter, named = _find_reporter(lines, stem, mark, contract, expectations)
    period, written = _find_period(lines, stem, mark, contract)
    findings: list[Finding] = []
    shown = lines[0].replace("\t", " ")[:60] if lines else stem
    if contract is None:
        findings.append(Finding("unidentified_dataset", "must_fix", value=shown))
    if reporter is None:
        findings.append(Finding("unidentified_reporter", "must_fix", value=named or stem))
    elif folder and reporter.code != folder:
        findings.append(
            Finding("folder_disagrees", "must_fix", value=reporter.name, expected=folder)
        )
    if period is None:
        findings.append(Finding("unidentified_period", "must_fix", value=written or shown))
    version = int(mark["version"]) if mark else None
    return Identity(contract, reporter, period, version), findings


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
    if contract and reporter and reporter not in expectations.codes.owing(contract.owed_by):
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


def find_money_unit(lines: Iterable[str]) -> str | None:
    """The unit of money a form's unit line names, as written."""
    for line in lines:
        if found := _MONEY_LABEL.search(line):
            return unicodedata.normalize("NFKC", found["value"]).strip("()")
    return None


def _find_contract(
    lines: list[str], stem: str, mark: re.Match[str] | None, expectations: Expectations
) -> Contract | None:
    if mark and mark["dataset"] in expectations.contracts:
        return expectations.contracts[mark["dataset"]]
    titles = {
        fold_name(title): contract
        for contract in expectations.contracts.values()
        for title in (contract.title.zh, *contract.title_spellings)
    }
    for text in (*lines, stem):
        folded = fold_name(text)
        found = [title for title in titles if title in folded]
        if found:
            return titles[max(found, key=len)]
    return None


def _find_reporter(
    lines: list[str],
    stem: str,
    mark: re.Match[str] | None,
    contract: Contract | None,
    expectations: Expectations,
) -> tuple[Reporter | None, str | None]:
    codes = expectations.codes
    if mark and mark["reporter"]:
        return codes.reporter_named(mark["reporter"]), mark["reporter"]
    for line in lines:
        if found := _REPORTER_LABEL.search(line):
            return codes.reporter_named(found["value"]), found["value"]
    for part in re.split(r"[_＿\s]+", stem):
        if reporter := codes.reporter_named(part):
            return reporter, part
    return None, None


def _find_period(
    lines: list[str], stem: str, mark: re.Match[str] | None, contract: Contract | None
) -> tuple[Period | None, str | None]:
    if mark and mark["period"]:
        return find_period(mark["period"]), mark["period"]
    for line in lines:
        if found := _PERIOD_LABEL.search(line):
            return find_period(found["value"]), found["value"]
    titled = [line for line in lines[:3] if contract and _is_title(line, contract)]
    for text in (*titled, stem):
        if period := find_period(text):
            return period, text
    return None, None


def _is_title(line: str, contract: Contract) -> bool:
    return any(
        fold_name(title) in fold_name(line)
        for title in (contract.title.zh, *contract.title_spellings)
    )
