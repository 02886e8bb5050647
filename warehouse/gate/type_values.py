"""Types one column of text: numbers, dates, codes and identifiers, never guessing.

Each function takes the text as read and returns the typed values with the masks of what is wrong.
What does not parse is null in the values and true in a mask; it never passes silently.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from warehouse.contracts.codes import fold_name
from warehouse.identifiers import IDENTIFIERS, patents, standard_numbers

NOT_APPLICABLE = ("-", "—", "——", "－", "–", "/", "不适用", "N/A")
NOT_APPLICABLE_VALUE = "不适用"
NUMBER = pl.Decimal(28, 6)
MONEY = pl.Decimal(20, 2)
_WIDE = pl.Decimal(38, 10)
_FULL_WIDTH = r"[\x{FF01}-\x{FF5E}\x{3000}]"
_GROUPED = r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$"
_PLAIN = r"^[+-]?\d+(\.\d+)?$"
_DIGITS = 15
_LARGE = rf"^[+-]?0*[1-9]\d{{{_DIGITS}}}"
_READ_ALL_THE_SAME = frozenset({"full_width", "thousands_separator", "serial_date"})
_DAY = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:[ T]0{1,2}:00(?::00)?)?"
)
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
# From 1970 on: as a serial number 20209, which is meant for 2020-09, would be a day of 1955.
_SERIAL_DAYS = range(25_569, 60_000)
_FIRST_YEAR = 1900
_SERIAL_ORIGIN = date(1899, 12, 30)


@dataclass
class Flag:
    """Rows that break, or brush against, one common rule.

    Attributes:
        mask: true where the rule speaks.
        expected: what would have been right, one for all rows or one a row.
    """

    rule_id: str
    mask: pl.Series
    expected: str | pl.Series | None = None


@dataclass
class Typed:
    """Typed values of one column, facets derived from them, and what was noticed."""

    values: pl.Series
    facets: dict[str, pl.Series] = field(default_factory=dict)
    flags: list[Flag] = field(default_factory=list)


def fold_width(text: pl.Series) -> tuple[pl.Series, Flag | None]:
    """Turns full-width characters of numbers and codes into half-width ones, and says so."""
    wide = text.str.contains(_FULL_WIDTH).fill_null(value=False)
    if not wide.any():
        return text, None
    return text.str.normalize("NFKC"), Flag("full_width", wide)


def type_number(text: pl.Series, *, example: str, integer: bool, percent: bool) -> Typed:
    """Numbers as exact decimals; a percentage may end in `%`, commas may group thousands."""
    values, flags = _read_decimals(text, example=example, percent=percent)
    if not integer:
        return _tell_read(Typed(values.cast(NUMBER, strict=False), flags=flags))
    whole = values.cast(pl.Int64, strict=False)
    broken = values.is_not_null() & (whole.cast(_WIDE) != values).fill_null(value=True)
    flags.append(Flag("not_an_integer", broken))
    return _tell_read(Typed(_keep(whole, ~broken), flags=flags))


def type_money(text: pl.Series, factor: pl.Series) -> Typed:
    """Sums of money in yuan, exact to the fen; `factor` is the yuan in one unit of the form."""
    amount, flags = _read_decimals(text, example="210.5", percent=False)
    yuan = amount * factor.cast(pl.Decimal(18, 0))
    values = yuan.cast(MONEY, strict=False)
    distance = (values.cast(_WIDE) - yuan.cast(_WIDE)).cast(pl.Float64).abs()
    noise = 1e-4
    imprecise = (distance > noise).fill_null(value=False)
    flags.append(Flag("too_precise", imprecise))
    flags.append(Flag("too_large", yuan.is_not_null() & values.is_null()))
    return _tell_read(Typed(_keep(values, ~imprecise), flags=flags))


def _read_decimals(text: pl.Series, *, example: str, percent: bool) -> tuple[pl.Series, list[Flag]]:
    """Numbers with ten decimals, which drops the binary noise of computed cells.

    More than fifteen digits before the point are refused: a spreadsheet has made up those behind.
    """
    stripped, wide = fold_width(text.str.strip_chars())
    if percent:
        stripped = stripped.str.strip_suffix("%").str.strip_chars_end()
    plain, flags = _ungroup(stripped)
    flags += [wide] if wide else []
    parses = plain.str.contains(_PLAIN).fill_null(value=False)
    flags.append(Flag("not_a_number", text.is_not_null() & ~parses, example))
    if (plain.str.len_bytes() > _DIGITS).any():
        large = parses & plain.str.contains(_LARGE).fill_null(value=False)
        flags.append(Flag("too_large", large))
        parses = parses & ~large
    return _keep(plain, parses).cast(_WIDE, strict=False), flags


def _tell_read(typed: Typed) -> Typed:
    """Limits what is said of how a text was read to those that were read."""
    read = typed.values.is_not_null()
    for flag in typed.flags:
        if flag.rule_id in _READ_ALL_THE_SAME:
            flag.mask = flag.mask & read
    return typed


def type_date(text: pl.Series) -> Typed:
    """Dates written to the day; a spreadsheet's serial number is read and said to be one."""
    stripped, wide = fold_width(text.str.strip_chars())
    distinct = stripped.drop_nulls().unique()
    parsed = {written: parse_date(written) for written in distinct}
    values = _map(stripped, {w: day for w, (day, _) in parsed.items() if day}, pl.Date())
    serial = stripped.is_in([written for written, (_, is_serial) in parsed.items() if is_serial])
    flags = [
        Flag("not_a_date", text.is_not_null() & values.is_null(), "2020-09-30"),
        Flag("serial_date", serial.fill_null(value=False), values.cast(pl.String)),
    ]
    return _tell_read(Typed(values, flags=flags + ([wide] if wide else [])))


def parse_date(written: str) -> tuple[date | None, bool]:
    """One date, and whether it was a spreadsheet's serial number; None where it is no full date."""
    match = _DAY.fullmatch(written) or _COMPACT_DAY.fullmatch(written)
    if match:
        try:
            day = date(*(int(part) for part in match.groups()[:3]))
        except ValueError:
            return None, False
        return (day if day.year >= _FIRST_YEAR else None), False
    if written.isascii() and written.isdigit() and int(written) in _SERIAL_DAYS:
        return _SERIAL_ORIGIN + timedelta(days=int(written)), True
    return None, False


def type_code(text: pl.Series, spellings: dict[str, str], names: dict[str, str]) -> Typed:
    """Codes by any known spelling. An unknown one stays as written, for the suite to refuse.

    Args:
        text: as read.
        spellings: folded spelling to code.
        names: code to the name a form should carry, for the notice.
    """
    stripped = text.str.strip_chars()
    distinct = stripped.drop_nulls().unique().to_list()
    known = {written: spellings.get(fold_name(written), written) for written in distinct}
    values = _map(stripped, known, pl.String())
    expected = {
        written: names[code]
        for written, code in known.items()
        if code in names and written not in {code, names[code]}
    }
    varied = stripped.is_in(list(expected)).fill_null(value=False)
    return Typed(
        values, flags=[Flag("spelling_recognised", varied, _map(stripped, expected, pl.String()))]
    )


def type_identifier(text: pl.Series, column_type: str, name: str) -> Typed:
    """Identifiers in their canonical form, with the fault each one has as a facet to be judged.

    Each is looked at once: a register names an enterprise in many rows.
    """
    identifier = IDENTIFIERS[column_type]
    folded, wide = fold_width(text)
    written = folded.unique()
    values = identifier.normalise(written)
    fault = identifier.find_fault(values)
    facets = {f"{name}__fault": fault}
    # A number that is wrong in itself says nothing sure of the cells beside it.
    sound = _keep(values, fault.is_null())
    if column_type == "standard_no":
        facets[f"{name}__level"] = standard_numbers.level_of(sound)
    if column_type == "application_no":
        facets[f"{name}__patent_type"] = patents.patent_type_of(sound)
        facets[f"{name}__filed_year"] = patents.application_year_of(sound)
    judged = pl.DataFrame({"as written": written, name: values, **facets})
    spread = pl.DataFrame({"as written": folded}).join(
        judged, on="as written", how="left", nulls_equal=True, maintain_order="left"
    )
    if wide:
        wide.mask = wide.mask & spread[f"{name}__fault"].is_null()
    return Typed(spread[name], {facet: spread[facet] for facet in facets}, [wide] if wide else [])


def _ungroup(text: pl.Series) -> tuple[pl.Series, list[Flag]]:
    grouped = text.str.contains(_GROUPED).fill_null(value=False)
    if not grouped.any():
        return text, []
    plain = text.zip_with(~grouped, text.str.replace_all(",", "", literal=True))
    return plain, [Flag("thousands_separator", grouped)]


def _keep(values: pl.Series, mask: pl.Series) -> pl.Series:
    if mask.all():
        return values
    return values.zip_with(mask, pl.Series([None], dtype=values.dtype))


def _map(text: pl.Series, known: Mapping[str, object], dtype: pl.DataType) -> pl.Series:
    return text.replace_strict(known, default=None, return_dtype=dtype)
