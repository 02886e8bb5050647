"""Forms and reporters by the name a reader knows them by, in the language in force."""

from __future__ import annotations

from biaogan.messages import language
from warehouse.contracts.load import Expectations


def name_form(dataset: str | None, expectations: Expectations) -> str | None:
    """The title of a form; None where no contract has it."""
    contract = expectations.contracts.get(dataset or "")
    return contract.title.of(language()) if contract else None


def name_reporter(code: str | None, expectations: Expectations) -> str | None:
    """The name of a reporter; None where nobody has the code."""
    for reporter in expectations.codes.reporters:
        if reporter.code == code:
            return reporter.name_en if language() == "en" else reporter.name
    return None
