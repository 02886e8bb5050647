"""By which words a written report names what the warehouse counts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from warehouse.contracts.codes import Codes, Indicator
from warehouse.contracts.load import DEFAULT_EXPECTATIONS, ContractError
from warehouse.contracts.model import Strict, describe_problems

WORDING_FILE = Path("reports/wording.toml")

Role = Literal["added", "net", "cumulative", "total"]


class Wording(Strict):
    """How one indicator, or one series that no indicator means, is named.

    Attributes:
        counters: accepted beside the indicator's own unit.
        says: lines of words; one line must stand beside the number. `a|b` is either word; the last
            word of a line is what is counted.
        about: lines of words that must all stand in the sentence or in the heading above.
        never: words that may not stand beside the number.
        never_around: words that may not stand in its sentence before the number.
        may: words of `narrowing` that are meant here.
        role: what must stand before the number, 新增 or 净增.
        part_of: the indicator whose part it is.
        as_part: lines that are enough after 其中.
        named: whether names that are listed may be counted where no number is given.
    """

    indicator: str | None = None
    series: str | None = None
    counters: tuple[str, ...] = ()
    says: tuple[str, ...] = Field(min_length=1)
    about: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    never_around: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    role: Literal["added", "net"] | None = None
    part_of: str | None = None
    as_part: tuple[str, ...] = ()
    named: bool = False

    @model_validator(mode="after")
    def _check(self) -> Wording:
        if (self.indicator is None) == (self.series is None):
            message = "a wording names its indicator or its series, not both"
            raise ValueError(message)
        if (self.part_of is None) != (not self.as_part):
            message = f"wording of {self.code}: part_of and as_part go together"
            raise ValueError(message)
        return self

    @property
    def code(self) -> str:
        """The indicator's or the series' code."""
        return self.indicator or self.series or ""


Line = tuple[tuple[str, ...], ...]
"""Words that must all be there; of each, one of several."""


@dataclass(frozen=True)
class Term:
    """A wording made ready for matching, with the facts of what it names.

    Attributes:
        wording: as declared.
        unit: the published unit; None for a series whose unit the published file alone knows.
        is_flow: whether it counts what happened in a period.
        is_periodic: whether it begins anew with each period.
    """

    wording: Wording
    unit: str | None
    is_flow: bool
    is_periodic: bool = False

    @property
    def code(self) -> str:
        """What it names."""
        return self.wording.code

    @cached_property
    def says(self) -> tuple[Line, ...]:
        """The lines that may stand beside the number."""
        return tuple(_split(line) for line in self.wording.says)

    @cached_property
    def about(self) -> tuple[Line, ...]:
        """The lines that must stand in the sentence."""
        return tuple(_split(line) for line in self.wording.about)

    @cached_property
    def as_part(self) -> tuple[Line, ...]:
        """The lines that are enough for a part."""
        return tuple(_split(line) for line in self.wording.as_part)

    @cached_property
    def own_words(self) -> frozenset[str]:
        """Every word it says itself or allows."""
        lines = (*self.says, *self.about, *self.as_part)
        spoken = {word for line in lines for choice in line for word in choice}
        return frozenset({*spoken, *self.wording.may})

    @cached_property
    def counters(self) -> frozenset[str]:
        """The units a number of it may have; empty where any will do."""
        return frozenset({self.unit, *self.wording.counters}) if self.unit else frozenset()


class Vocabulary(Strict):
    """All wordings, and the words that narrow what is counted.

    Attributes:
        narrowing: words that make it less than the thing itself.
        plain: last words of lines that name many things, as 企业: alone they tell nothing.
        themes: things of which one alone may be left out where a text goes on about it.
    """

    narrowing: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    wording: tuple[Wording, ...] = ()


class Lexicon:
    """The vocabulary with what the code lists say of its indicators."""

    def __init__(self, vocabulary: Vocabulary, codes: Codes) -> None:
        """Makes every wording ready.

        Raises:
            ValueError: a wording names an indicator that is not there.
        """
        indicators = {item.code: item for item in codes.indicators}
        named = {item.indicator for item in vocabulary.wording if item.indicator}
        self.wholes = {item.part_of for item in vocabulary.wording if item.part_of}
        named |= self.wholes
        unknown = sorted(named - set(indicators))
        if unknown:
            message = f"unknown indicator {', '.join(unknown)}"
            raise ValueError(message)
        self.terms = tuple(
            _make_term(item, indicators.get(item.indicator or "")) for item in vocabulary.wording
        )
        self.themes = vocabulary.themes
        self.units = {item.code: item.unit for item in codes.indicators}
        self.names = {item.code: item.name for item in codes.indicators}
        self._narrowing = _compile(vocabulary.narrowing)
        heads = {word for term in self.terms for line in term.says for word in line[-1]}
        self._heads = _compile(heads - set(vocabulary.plain))

    def has_topic(self, text: str) -> bool:
        """Whether a text names anything that is counted."""
        return self._heads.search(text) is not None

    def find_strange(self, term: Term, beside: str) -> str | None:
        """A word beside a number that makes it another thing than the term; None without one."""
        covered = _cover(beside, term.own_words)
        for word in term.wording.never:
            for start in _find_all(beside, word):
                if not all(covered[start : start + len(word)]):
                    return word
        for match in self._narrowing.finditer(beside):
            if not all(covered[match.start() : match.end()]):
                return match.group()
        for match in self._heads.finditer(beside):
            if not any(covered[match.start() : match.end()]):
                return match.group()
        return None


def _make_term(wording: Wording, indicator: Indicator | None) -> Term:
    if indicator is None:
        return Term(wording, None, is_flow=False)
    is_flow = indicator.measure_kind == "flow"
    is_periodic = is_flow and indicator.accumulated_since == "period"
    return Term(wording, indicator.unit, is_flow, is_periodic)


def match_line(lines: Sequence[Line], text: str) -> int:
    """How many characters of the best line's words stand in a text; 0 where no line fits."""
    best = 0
    for line in lines:
        found = [max((len(w) for w in choice if w in text), default=0) for choice in line]
        if found and all(found):
            best = max(best, sum(found))
    return best


def load_lexicon(codes: Codes, folder: Path | None = None) -> Lexicon:
    """Reads the vocabulary of a folder of expectations.

    Raises:
        ContractError: the file cannot be read, has an unknown key, or names an unknown indicator.
    """
    path = (folder or DEFAULT_EXPECTATIONS) / WORDING_FILE
    try:
        vocabulary = Vocabulary(**tomllib.loads(path.read_text(encoding="utf-8")))
        return Lexicon(vocabulary, codes)
    except ValidationError as error:
        problem: object = describe_problems(error)
    except (OSError, ValueError) as error:
        problem = error
    message = f"{path.name}：{problem}。请改正该文件。 / {path.name}: {problem}. Mend the file."
    raise ContractError(message)


def _split(line: str) -> Line:
    return tuple(tuple(choice.split("|")) for choice in line.split())


def _compile(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")


def _cover(text: str, words: Iterable[str]) -> bytearray:
    covered = bytearray(len(text))
    for word in words:
        for start in _find_all(text, word):
            covered[start : start + len(word)] = b"\1" * len(word)
    return covered


def _find_all(text: str, word: str) -> Iterator[int]:
    start = text.find(word)
    while start >= 0:
        yield start
        start = text.find(word, start + 1)
