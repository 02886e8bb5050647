"""The shape of a contract: everything that is said about one dataset, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from warehouse.periods import Period

ColumnType = Literal[
    "text",
    "integer",
    "decimal",
    "money",
    "percent",
    "date",
    "code",
    "uscc",
    "application_no",
    "standard_no",
    "industry_code",
    "reporting_unit",
    "indicator_code",
]
Severity = Literal["must_fix", "explain", "notice"]
Dimension = Literal[
    "conformity", "completeness", "accuracy", "consistency", "timeliness", "accessibility"
]
"""Of data quality, after GB/T 36344-2018. Rule sets kept from before it was declared name none."""
NUMERIC_TYPES = frozenset({"integer", "decimal", "money", "percent"})
IDENTIFIER_TYPES = frozenset({"uscc", "application_no", "standard_no", "industry_code"})


class Strict(BaseModel):
    """Refuses unknown keys: a misspelt key must never be a rule that does not run."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """One sentence in both languages; neither may be empty."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def of(self, language: str) -> str:
        """The sentence in `zh` or `en`."""
        return self.en if language == "en" else self.zh


class Column(Strict):
    """One column of a form."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    heading: str = Field(min_length=1)
    spellings: tuple[str, ...] = ()
    type: ColumnType
    required: bool = False
    may_be_not_applicable: bool = False
    codes: tuple[str, ...] = ()
    code_spellings: dict[str, str] = {}
    unit: str | None = None
    minimum: float | None = None
    is_share: bool = False
    may_follow_period: bool = False
    blank_means: str | None = None
    description: Text

    @model_validator(mode="after")
    def _check(self) -> Column:
        if (self.type == "code") != bool(self.codes):
            message = f"column {self.name}: codes belong to type code, and only to it"
            raise ValueError(message)
        unknown = set(self.code_spellings.values()) - set(self.codes)
        if unknown:
            message = f"column {self.name}: code_spellings lead to unknown codes {sorted(unknown)}"
            raise ValueError(message)
        return self


class Rule(Strict):
    """One rule beyond what a column's type already says.

    `expectation` names a Great Expectations class and its arguments, judged row by row;
    `check` names a file of `sql/check/`, judged over the form and what is already kept.
    A rule that names no `dimension` doubts a value: accuracy.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    severity: Severity
    dimension: Dimension = "accuracy"
    owner: str = Field(min_length=1)
    column: str | None = None
    expectation: str | None = None
    check: str | None = None
    arguments: dict[str, Any] = {}
    sentence: Text
    remedy: Text

    @model_validator(mode="after")
    def _check(self) -> Rule:
        if (self.expectation is None) == (self.check is None):
            message = f"rule {self.id}: name either an expectation or a check"
            raise ValueError(message)
        return self


class Figure(Strict):
    """A number that one form amounts to, compared over time and with declared totals.

    Attributes:
        expression: SQL over the typed rows of one reporter's form.
        measure_kind: `stock` as of the period's end, `flow` within the period.
        by_unit: compared for each reporting unit in the form rather than for the form as a whole.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    expression: str = Field(min_length=1)
    measure_kind: Literal["stock", "flow"]
    column: str
    by_unit: bool = False
    title: Text


class Deadline(Strict):
    """A day of a month after the period's end, moved to the next working day."""

    months_after: int = Field(ge=0)
    day: int = Field(ge=1, le=28)


class Ended(Strict):
    """Something that held up to and including a period, and why it does no longer."""

    until: str
    reason: Text

    @property
    def last_day(self) -> date:
        """The last day on which it held.

        Raises:
            ValueError: `until` is no period.
        """
        return Period.parse(self.until).end


class EarlierOwners(Ended):
    """Who owed a form before those who owe it now."""

    owed_by: tuple[str, ...] = Field(min_length=1)


def refuse_disorder(what: str, ended: tuple[Ended, ...]) -> None:
    """Whether things that ended one after the other stand in that order.

    Raises:
        ValueError: they do not.
    """
    ends = [entry.last_day for entry in ended]
    if ends != sorted(set(ends)):
        message = f"{what} go by the periods they ended in, each once"
        raise ValueError(message)


class Contract(Strict):
    """Everything expected of one dataset. The file's stem is the dataset's name."""

    dataset: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: int = Field(ge=1)
    title: Text
    title_spellings: tuple[str, ...] = ()
    each_row_is: Text
    kind: Literal["register", "figures"]
    content: Literal["snapshot", "increment"]
    period_type: Literal["year", "quarter", "month"]
    key: tuple[str, ...] = Field(min_length=1)
    owed_by: tuple[str, ...] = Field(min_length=1)
    owed_before: tuple[EarlierOwners, ...] = ()
    owed_from: str
    nil_report: bool = False
    money_unit: str = "万元"
    owner: str = Field(min_length=1)
    due: Deadline
    lock: Deadline
    column: tuple[Column, ...] = Field(min_length=1)
    figure: tuple[Figure, ...] = ()
    rule: tuple[Rule, ...] = Field(min_length=1)

    @property
    def columns(self) -> dict[str, Column]:
        """The columns by name, in the form's order."""
        return {column.name: column for column in self.column}

    def owed_by_in(self, period: Period) -> tuple[str, ...]:
        """Who owes the form for a period, as `owed_by` says it."""
        earlier = (entry for entry in self.owed_before if period.end <= entry.last_day)
        return next((entry.owed_by for entry in earlier), self.owed_by)

    @property
    def ever_owed_by(self) -> frozenset[str]:
        """Who owes the form or ever did, as `owed_by` says it."""
        return frozenset(self.owed_by).union(*(entry.owed_by for entry in self.owed_before))

    @model_validator(mode="after")
    def _check(self) -> Contract:
        names = [column.name for column in self.column]
        _refuse_repeats("column", names)
        refuse_disorder("entries of owed_before", self.owed_before)
        _refuse_repeats("rule", [rule.id for rule in self.rule])
        headings = [text for column in self.column for text in (column.heading, *column.spellings)]
        _refuse_repeats("heading", headings)
        for place in (*self.key, *(r.column for r in self.rule), *(f.column for f in self.figure)):
            if place is not None and place not in names:
                message = f"names the unknown column {place}"
                raise ValueError(message)
        return self


def _refuse_repeats(what: str, names: list[str]) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        message = f"{what} named twice: {', '.join(repeated)}"
        raise ValueError(message)


class CommonRule(Strict):
    """A rule that follows from a form's shape or a column's type; its texts have placeholders.

    Attributes:
        holds: whether an open question of this rule holds the file or withholds a figure; where it
            does not, it waits for its answer beside figures that count.
    """

    severity: Severity
    dimension: Dimension = "accuracy"
    owner: str = Field(min_length=1)
    holds: bool = True
    sentence: Text
    remedy: Text


def list_asking(rules: Mapping[str, CommonRule]) -> list[str]:
    """The common rules whose open questions neither hold a file nor withhold a figure."""
    return [rule_id for rule_id, rule in rules.items() if not rule.holds]


def describe_problems(error: ValidationError) -> str:
    """What a model refused, key by key, in one line."""
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc']) or 'contract'}: {problem['msg']}"
        for problem in error.errors()
    )
