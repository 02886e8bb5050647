"""Which published figures are compared, beyond those that are compared without being asked.

An indicator that a register counts, and a city's total with its units, need no declaration.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Literal

import polars as pl
from pydantic import Field, TypeAdapter, ValidationError

from warehouse.contracts.codes import Codes
from warehouse.contracts.model import Strict, Text, describe_problems

PLACE: Final = "codes/relations.toml"
_COUNTED_SERIES = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*(\[[a-z_]+=[^\]]+\])?")


class Relation(Strict):
    """What every relation says.

    Attributes:
        title: what is compared, as the worklist names it.
        owner: reporter who has to answer for a difference.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    owner: str

    @property
    def terms(self) -> list[tuple[str, str]]:
        """The series by the role each plays: `left` is what is checked."""
        raise NotImplementedError

    @property
    def pair(self) -> tuple[str, str]:
        """Both sides as they are shown, and as a bridge names them: `a + b` and `c / d`."""
        left = (series for role, series in self.terms if role == "left")
        right = (series for role, series in self.terms if role != "left")
        return " + ".join(left), " / ".join(right)


class Departments(Relation):
    """Two figures for one fact: of two departments, or of one under two definitions."""

    kind: Literal["departments"]
    left: str
    right: str

    @property
    def terms(self) -> list[tuple[str, str]]:
        """Two series that should be equal."""
        return [("left", self.left), ("right", self.right)]


class Share(Relation):
    """A share, in per cent unless `times` says otherwise: numerator / denominator x times."""

    kind: Literal["share"]
    series: str
    numerator: str
    denominator: str
    times: int = Field(default=100, gt=0)

    @property
    def terms(self) -> list[tuple[str, str]]:
        """The stated share, and what it is made of."""
        parts = [("numerator", self.numerator), ("denominator", self.denominator)]
        return [("left", self.series), *parts]


class Growth(Relation):
    """A growth in per cent against the same period of the year before: now / then - 1."""

    kind: Literal["growth"]
    series: str
    of: str

    @property
    def terms(self) -> list[tuple[str, str]]:
        """The stated growth, and the series that grew."""
        return [("left", self.series), ("of", self.of)]


class Rank(Relation):
    """A reporting unit's place by a series, the largest figure first; equal figures share one."""

    kind: Literal["rank"]
    series: str
    of: str

    @property
    def terms(self) -> list[tuple[str, str]]:
        """The stated rank, and the series the units are ranked by."""
        return [("left", self.series), ("of", self.of)]


class Part(Relation):
    """Parts that together cannot be more than a whole; what is in no part is left over."""

    kind: Literal["part"]
    parts: tuple[str, ...] = Field(min_length=1)
    whole: str

    @property
    def terms(self) -> list[tuple[str, str]]:
        """The parts, each a `left`, and the whole."""
        return [*(("left", part) for part in self.parts), ("right", self.whole)]


AnyRelation = Annotated[Departments | Share | Growth | Rank | Part, Field(discriminator="kind")]
_RELATIONS: TypeAdapter[tuple[AnyRelation, ...]] = TypeAdapter(tuple[AnyRelation, ...])


def read_relations(texts: Mapping[str, str], codes: Codes) -> tuple[AnyRelation, ...]:
    """Reads the declared relations; none where the file is absent.

    Args:
        texts: of the expectations, by place.
        codes: the code lists the relations name.

    Raises:
        ValueError: an unknown key, series or reporter, a missing sentence, or a code given twice.
    """
    try:
        relations = _RELATIONS.validate_python(read_entries(texts, PLACE, "relation"))
    except ValidationError as error:
        raise ValueError(describe_problems(error)) from error
    refuse_repeats("relation", (relation.code for relation in relations))
    for relation in relations:
        where = f"relation {relation.code}"
        refuse_unknown_reporter(where, relation.owner, codes)
        for _, series in relation.terms:
            refuse_unknown_series(where, series, codes)
    return relations


def read_entries(texts: Mapping[str, str], place: str, table: str) -> list[dict[str, Any]]:
    """The entries of a list that may be absent; it holds nothing but that table.

    Raises:
        ValueError: it is no TOML, or has another key.
    """
    tables = tomllib.loads(texts.get(place, ""))
    unknown = sorted(set(tables) - {table})
    if unknown:
        message = f"unknown key {', '.join(unknown)}"
        raise ValueError(message)
    entries: list[dict[str, Any]] = tables.get(table, [])
    return entries


def refuse_repeats(what: str, names: Iterable[str]) -> None:
    """Refuses a code that stands twice.

    Raises:
        ValueError: naming it.
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            message = f"{what} {name} is declared twice"
            raise ValueError(message)
        seen.add(name)


def refuse_unknown_reporter(where: str, code: str, codes: Codes) -> None:
    """Refuses a reporter no list has.

    Raises:
        ValueError: naming it.
    """
    if code not in {reporter.code for reporter in codes.reporters}:
        message = f"{where} names the unknown reporter {code}"
        raise ValueError(message)


def refuse_unknown_series(where: str, series: str, codes: Codes) -> None:
    """Refuses a series that is neither an indicator nor written as a mart's.

    Whether a mart has the measure is not known here: contracts do not know the SQL models.

    Raises:
        ValueError: naming it.
    """
    is_indicator = series in {indicator.code for indicator in codes.indicators}
    if not is_indicator and not _COUNTED_SERIES.fullmatch(series):
        message = (
            f"{where} names the unknown series {series}: write an indicator's code, or "
            "mart.measure[dimension=value]"
        )
        raise ValueError(message)


def list_relations(relations: Iterable[AnyRelation]) -> pl.DataFrame:
    """One row per series of a relation: the role it plays there."""
    names = ["relation_code", "kind", "role", "series_code", "left_series", "right_series"]
    schema = dict.fromkeys([*names, "title", "title_en", "owner_code"], pl.String())
    rows = [
        (
            relation.code, relation.kind, role, series, *relation.pair, relation.title.zh,
            relation.title.en, relation.owner,
            relation.times if isinstance(relation, Share) else None,
        )
        for relation in relations
        for role, series in relation.terms
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=schema | {"times": pl.Int64()}, orient="row")
