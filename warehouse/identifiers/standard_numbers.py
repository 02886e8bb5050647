"""Numbers of Chinese standards: one spelling for each, its kind and its level.

Settled spellings are `GB 32100-2015`, `GB/T 2260-2007`, `YB/T 4001-2019`, `DB42/T 1234-2020`,
`DB11/501-2017` (a mandatory local standard), `T/HBSIA 001.3-2024`, and for enterprises, whose
numbers are free, `Q/` and what follows. `/XG1-2012` behind a national number is its amendment 1.

A bare `DB/T` is the earthquake industry; only digits behind DB make a standard local. A number
without its year names every edition at once and has no kind here.

All functions on columns but `normalise` expect the spelling that `normalise` gives.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import polars as pl

from warehouse.identifiers.spelling import compose, fold_characters, require_text, respell

StandardKind = Literal[
    "national_mandatory",
    "national_recommended",
    "national_guidance",
    "industry",
    "local_province",
    "local_city",
    "group",
    "enterprise",
    "unknown",
]
KINDS: Final[tuple[str, ...]] = get_args(StandardKind)
FAULTS: Final = ("form",)

LEVELS: Final = {
    "national_mandatory": "国家标准",
    "national_recommended": "国家标准",
    "national_guidance": "国家标准",
    "industry": "行业标准",
    "local_province": "地方标准",
    "local_city": "地方标准",
    "group": "团体标准",
    "enterprise": "企业标准",
}
"""Kind to the level that forms ask for; an unknown kind has none."""

# Letters of industries other than DB. A list, because EN, BS or AS before a number mean abroad.
# CJJ, JGJ, JTG and JTS are the construction series of CJ, JG and JT.
INDUSTRY = (
    "AQ|BB|CB|CH|CJJ|CJ|CY|DA|DL|DY|DZ|EJ|FZ|GA|GC|GH|GM|GY|HB|HG|HJ|HS|HY|JB|JC|JGJ|JG|JR|JTG|JTS"
    "|JT|JY|KA|LB|LD|LS|LY|MH|MR|MT|MZ|NB|NY|QB|QC|QJ|QX|RB|SB|SC|SF|SH|SJ|SL|SN|SW|SY|TB|TD|TY|WB"
    "|WH|WJ|WM|WS|WW|XB|XF|YB|YC|YD|YJ|YS|YY|YZ|ZY"
)
_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])"
_CITY = _PROVINCE + "(?:0[1-9]|[1-9][0-9])"
_GROUP = "[A-Z][A-Z0-9]*?"
_NUMBER = r"[0-9]+(?:\.[0-9]+)*"
# Two digits of a year are met up to the 1990s only.
_YEAR = "(?:(?:19[5-9]|20[0-9])[0-9]|[5-9][0-9])"

_NUMBER_AND_YEAR = f"{_NUMBER}-{_YEAR}"
_SETTLED = (
    rf"^(?:(?:GB|GBZ|GB/T|GB/Z|GBZ/T) {_NUMBER_AND_YEAR}(?:/XG[0-9]+-{_YEAR})?"
    rf"|(?:(?:{INDUSTRY})(?:/[TZ])?|DB/[TZ]|DB{_PROVINCE}/T|DB{_CITY}/T) {_NUMBER_AND_YEAR}"
    rf"|DB(?:{_PROVINCE}|{_CITY})/{_NUMBER_AND_YEAR}"
    rf"|T/{_GROUP} {_NUMBER_AND_YEAR})$"
)
_ENTERPRISE = (
    "^Q/[0-9A-Z\u4e00-\u9fff][0-9A-Z\u4e00-\u9fff .:/()_-]*[0-9][0-9A-Z\u4e00-\u9fff .:/()_-]*$"
)

# Slash, underscore, hyphen, blank or nothing: file names cannot hold a slash, and clerks follow.
_GAP = "[ /_-]*"
_SPELLINGS = (
    rf"^(?:(?P<prefix>GBZ|GB|DB ?{_CITY}|DB ?{_PROVINCE}|DB|{INDUSTRY}){_GAP}(?P<mark>[TZ])"
    rf"|(?P<plain>GBZ|GB|{INDUSTRY})"
    rf"|(?P<local>DB ?{_CITY}|DB ?{_PROVINCE})[ /_-]"
    rf"|T[ /_-]+(?P<group>{_GROUP}))"
    rf"{_GAP}(?P<number>{_NUMBER})[ :_-]+(?P<year>{_YEAR})"
    rf"(?:{_GAP}(?P<amendment>XG ?[0-9]+)[ :_-]+(?P<amended>{_YEAR}))?$"
)


def normalise(series: pl.Series) -> pl.Series:
    """The settled spelling of each number; what is not recognised comes back merely folded.

    Two-digit years stay as written. Enterprise numbers keep their blanks, because whether one
    stands before the digits is the enterprise's choice.
    """
    return respell(series, _SETTLED, _rewrite)


def find_fault(series: pl.Series) -> pl.Series:
    """`form` where the kind is unknown; null where it is known, or no number given.

    Raises:
        TypeError: the column was not read as text.
    """
    return _select(series, pl.when(_kind(pl.col("code")) == "unknown").then(pl.lit("form")))


def kind_of(series: pl.Series) -> pl.Series:
    """One of `KINDS` for each number, null for null."""
    return _select(series, _kind(pl.col("code")))


def level_of(series: pl.Series) -> pl.Series:
    """国家标准, 行业标准, 地方标准, 团体标准 or 企业标准; null where the kind is unknown."""
    level = _kind(pl.col("code")).replace_strict(LEVELS, default=None, return_dtype=pl.String)
    return _select(series, level)


def check_standard_no(code: str | None) -> str | None:
    """The fault of one number as typed, or None."""
    fault: str | None = find_fault(normalise(pl.Series([code], dtype=pl.String))).item()
    return fault


def _kind(code: pl.Expr) -> pl.Expr:
    starts = code.str.starts_with
    return (
        pl.when(code.str.contains(_ENTERPRISE))
        .then(pl.lit("enterprise"))
        .when(~code.str.contains(_SETTLED))
        .then(pl.lit("unknown"))
        .when(starts("GB/T") | starts("GBZ/T"))
        .then(pl.lit("national_recommended"))
        .when(starts("GB/Z"))
        .then(pl.lit("national_guidance"))
        .when(starts("GB"))
        .then(pl.lit("national_mandatory"))
        .when(starts("T/"))
        .then(pl.lit("group"))
        .when(code.str.contains(r"^DB[0-9]{4}/"))
        .then(pl.lit("local_city"))
        .when(code.str.contains(r"^DB[0-9]{2}/"))
        .then(pl.lit("local_province"))
        .when(code.is_not_null())
        .then(pl.lit("industry"))
    )


def _rewrite(texts: pl.Series) -> pl.Series:
    folded = _fold(texts)
    parts = folded.str.extract_groups(_SPELLINGS).struct.unnest().with_columns(folded=folded)
    return parts.select(
        pl.coalesce(_assemble(), _settle_enterprise(pl.col("folded")), pl.col("folded"))
    ).to_series()


def _fold(texts: pl.Series) -> pl.Series:
    """Half-width, upper case, every dash a hyphen, blanks single and none around a point."""
    return compose(
        fold_characters(texts)
        .str.replace_all(r"[\u2010-\u2015\u2212\u2500\u2501\u30FC]", "-")
        .str.replace_all(r"[\u2044\u2215]", "/")
        .str.replace_all(r"\s+", " ")
        .str.replace_all(r" ?\. ?", ".")
        .str.strip_chars()
    )


def _assemble() -> pl.Expr:
    """The settled spelling from the parts of a recognised number; null for the others."""
    prefix, mark, number = pl.col("prefix"), pl.col("mark"), pl.col("number")
    # GBZ without a slash is occupational health, whose numbers are short; GB/Z shares the long
    # run of GB numbers and is often written without its slash.
    is_guidance = (pl.col("plain") == "GBZ") & number.str.contains("^[0-9]{5}")
    start = (
        pl.when(is_guidance)
        .then(pl.lit("GB/Z "))
        .when(pl.col("plain").is_not_null())
        .then(pl.col("plain") + " ")
        .when(pl.col("local").is_not_null())
        .then(pl.col("local").str.replace(" ", "") + "/")
        .when(pl.col("group").is_not_null())
        .then("T/" + pl.col("group") + " ")
        .otherwise(prefix.str.replace(" ", "") + "/" + mark + " ")
    )
    amendment = "/" + pl.col("amendment").str.replace(" ", "") + "-" + pl.col("amended")
    settled = start + number + "-" + pl.col("year") + amendment.fill_null("")
    return pl.when(settled.str.contains(_SETTLED)).then(settled)


def _settle_enterprise(folded: pl.Expr) -> pl.Expr:
    """Slash after the Q and no blanks around joints; null for what is no enterprise number.

    Only a letter may follow another joint than a slash: `Q-235` is a steel grade.
    """
    settled = folded.str.replace(r"^Q ?(?:/ ?|[_-] ?([A-Z]))", "Q/${1}").str.replace_all(
        r" ?([/-]) ?", "${1}"
    )
    return pl.when(settled.str.contains(_ENTERPRISE)).then(settled)


def _select(series: pl.Series, part: pl.Expr) -> pl.Series:
    return require_text(series).to_frame("code").select(part.alias(series.name)).to_series()
