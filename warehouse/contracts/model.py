"""The shape of a contract: everything that is said about one dataset, once."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

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

    @model_validator(mode="after")
    def _check(self) -> Contract:
        names = [column.name for column in self.column]
        _refuse_repeats("column", names)
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
    """A rule that follows from a form's shape or a column's type; its texts have placeholders."""

    severity: Severity
    dimension: Dimension = "accuracy"
    owner: str = Field(min_length=1)
    sentence: Text
    remedy: Text


def describe_problems(error: ValidationError) -> str:
    """What a model refused, key by key, in one line."""
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc']) or 'contract'}: {problem['msg']}"
        for problem in error.errors()
    )
