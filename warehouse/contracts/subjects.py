"""The subjects the site shows on one page each, with their main series."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from pydantic import Field, ValidationError, model_validator

from warehouse.contracts.codes import Codes
from warehouse.contracts.model import Strict, Text, describe_problems

SUBJECTS_FILE = "codes/subjects.toml"
"""Its place among the texts of `Expectations`; a rule set kept from earlier has none."""
_SERIES = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*(\[[^\[\]]+\])?$"


class MainSeries(Strict):
    """One main series of a subject: all of one indicator, or one series of the marts.

    Attributes:
        indicator: its code; what is reported and what is counted of it are shown side by side.
        series: a `series_code` of `mart.series` that counts what no indicator means.
        title: what it is called within its subject.
    """

    indicator: str | None = None
    series: str | None = Field(default=None, pattern=_SERIES)
    title: Text

    @model_validator(mode="after")
    def _check(self) -> MainSeries:
        if (self.indicator is None) == (self.series is None):
            message = f"main series {self.title.zh}: name its indicator or its series, not both"
            raise ValueError(message)
        return self

    @property
    def code(self) -> str:
        """What names it: the indicator, else the series."""
        return self.indicator or self.series or ""


class Subject(Strict):
    """主题: what one page is about.

    Attributes:
        code: names the page.
        about: what the figures are, and what they must not be taken for.
        datasets: the forms it comes from; their coverage is shown below the charts.
        main: its main series, in their order.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    about: Text
    datasets: tuple[str, ...] = Field(min_length=1)
    main: tuple[MainSeries, ...] = Field(min_length=1)


def build_subjects(
    texts: Mapping[str, str], codes: Codes, datasets: Collection[str]
) -> tuple[Subject, ...]:
    """Reads the subjects from the texts of all expectations.

    Args:
        texts: by place; without `codes/subjects.toml` there are no subjects.
        codes: whose indicators the main series may name.
        datasets: those that have a contract.

    Raises:
        ValueError: an unknown key, indicator or dataset, or one code or main series twice.
    """
    if SUBJECTS_FILE not in texts:
        return ()
    tables = tomllib.loads(texts[SUBJECTS_FILE])
    _refuse("unknown key", set(tables) - {"subject"})
    try:
        subjects = tuple(Subject(**entry) for entry in tables.get("subject", ()))
    except ValidationError as error:
        raise ValueError(describe_problems(error)) from error
    main = [item for subject in subjects for item in subject.main]
    indicators = {item.code for item in codes.indicators}
    _refuse("unknown indicator", {item.indicator for item in main if item.indicator} - indicators)
    _refuse("no contract for", {name for item in subjects for name in item.datasets} - {*datasets})
    _refuse("code given twice:", _find_repeated([subject.code for subject in subjects]))
    for subject in subjects:
        repeated = _find_repeated([item.code for item in subject.main])
        _refuse(f"subject {subject.code}: main series given twice:", repeated)
    return subjects


def _find_repeated(names: Sequence[str]) -> set[str]:
    return {name for name, count in Counter(names).items() if count > 1}


def _refuse(problem: str, names: Collection[str]) -> None:
    if names:
        message = f"{problem} {', '.join(sorted(names))}"
        raise ValueError(message)
