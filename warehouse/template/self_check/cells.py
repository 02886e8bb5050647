"""Spreadsheet expressions that read a cell the way the gate does: trimmed, folded, typed.

Every function takes expressions (names or ranges of a whole column) and returns one; they belong
into array formulas. Only functions that Excel 2010, WPS and
LibreOffice share are used, and a text in quotes stays below the 255 characters Excel allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from warehouse.contracts.codes import fold_name
from warehouse.gate.type_values import NOT_APPLICABLE

BLANKS = {"　": " ", "\u00a0": " "}
_DIGITS = "0123456789"
_POINT_AND_SIGN = '"||.|-|+|-.|+.|"'
"""What may be left of a number without its digits."""
_MIDNIGHTS = (" 00:00:00", "T00:00:00", " 0:00:00", " 00:00", " 0:00")
_NAME_SPELLINGS = {
    **dict.fromkeys((" ", "·", "•", "・", "‧", "∙", "."), ""),
    "（": "(",
    "）": ")",
    "，": ",",
    "％": "%",
}
_HEADING_SPELLINGS = {
    **dict.fromkeys((" ", "*", "＊", ":", "：", "、", ",", "，"), ""),
    "（": "(",
    "）": ")",
    "／": "/",
    "％": "%",
}
_WILDCARDS = {"~": "～", "*": "＊", "?": "？"}
_INDEX_WIDTH = 3
_LAST_SERIAL = 2_958_465
_FIRST_SERIAL_TEXT, _LAST_SERIAL_TEXT = "25569", "59999"
"""A serial number kept as text counts from 1970 on, as in the gate."""


def quote(text: str) -> str:
    """A text as it is written inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def list_words(words: Iterable[str]) -> str:
    """A list to look a word up in with `is_among`: FIND tells case and knows no wildcards."""
    return quote(f"|{'|'.join(words)}|")


def is_among(text: str, words: str) -> str:
    """Whether a text is one of a list of words, itself an expression."""
    return f'ISNUMBER(FIND("|"&{text}&"|",{words}))'


def replace_all(text: str, replaced: Mapping[str, str]) -> str:
    """A text with each of some characters replaced."""
    for old, new in replaced.items():
        text = f"SUBSTITUTE({text},{quote(old)},{quote(new)})"
    return text


def remove_all(text: str, removed: Iterable[str]) -> str:
    """A text without some characters."""
    return replace_all(text, dict.fromkeys(removed, ""))


def trim(cell: str) -> str:
    """The text of a cell without blanks around it; empty for an error value."""
    return trim_text(f'IFERROR({cell}&"","")')


def trim_text(text: str) -> str:
    """A text without blanks around it."""
    return f"TRIM(CLEAN({replace_all(text, BLANKS)}))"


def squeeze(text: str) -> str:
    """A trimmed text without blanks and with half-width colons, as 合 计： is compared."""
    return replace_all(text, {" ": "", "：": ":"})


def is_absent(text: str) -> str:
    """Whether a trimmed text says that a cell does not apply."""
    return is_among(text, list_words(NOT_APPLICABLE))


def is_filled(text: str) -> str:
    """1 where a trimmed text is a value: neither blank nor said not to apply."""
    return f'({text}<>"")*(1-{is_absent(text)})'


def is_digit(character: str) -> str:
    """1 where a text is one digit."""
    return f'({character}<>"")*ISNUMBER(FIND({character},{quote(_DIGITS)}))'


def is_all_digits(text: str) -> str:
    """Whether a text of up to fifteen characters has digits alone; 1E5 and +5 have not."""
    return f'IFERROR(TEXT(VALUE({text}),REPT("0",LEN({text})))={text},FALSE)'


def fold_number(text: str, *, percent: bool) -> str:
    """A trimmed text half-width and, for percentages, without its sign."""
    half = f"ASC({text})"
    return f"TRIM({remove_all(half, '%')})" if percent else half


def read_number(cell: str, folded: str) -> str:
    """The number in a cell, from the cell and its folded text; an empty text where it is none.

    VALUE alone takes 1e5, 12,34, 50% and 1/2 as well, so the text is looked at first.
    """
    plain = remove_all(folded, ",")
    unsigned = remove_all(folded, "-+")
    whole = f'LEFT({unsigned},FIND(".",{unsigned}&".")-1)'
    is_grouped = f'(TEXT(VALUE({remove_all(whole, ",")}),"#,##0")={whole})'
    shape = (
        f"{is_among(remove_all(plain, _DIGITS), _POINT_AND_SIGN)}"
        f'*ISERROR(FIND("-",{plain},2))*ISERROR(FIND("+",{plain},2))'
        f'*(RIGHT({plain})<>".")*(LEFT({unsigned})<>".")'
        f'*(ISERROR(FIND(",",{folded}))+{is_grouped}>0)'
    )
    from_text = f'IFERROR(IF({shape},VALUE({plain}),""),"")'
    by_cell = f"IF(ISNUMBER({cell}),{cell},{from_text})"
    return f'IF({_are_numbers(cell)},IF(ISNUMBER({cell}),{cell},""),{by_cell})'


def fold_date(text: str) -> str:
    """A trimmed text with hyphens between year, month and day, and without a midnight."""
    half = remove_all(f"ASC({text})", _MIDNIGHTS)
    return replace_all(half, {"年": "-", "月": "-", ".": "-", "/": "-", "日": "", " ": ""})


def read_date(cell: str, folded: str) -> str:
    """The day in a cell as its serial number; an empty text where it is no full date.

    DATEVALUE alone takes 2020-9 for the first of September. Of five digits kept as text a
    spreadsheet meant a serial number, of eight a date.
    """
    hyphens = f"LEN({folded})-LEN({remove_all(folded, '-')})"
    compact = f'LEFT({folded},4)&"-"&MID({folded},5,2)&"-"&RIGHT({folded},2)'
    is_serial = f"({folded}>={quote(_FIRST_SERIAL_TEXT)})*({folded}<={quote(_LAST_SERIAL_TEXT)})"
    from_text = (
        f'IF(LEN({folded})=5,IF({is_serial},VALUE({folded}),""),'
        f'IF((LEN({folded})>10)+(LEFT({folded},4)<"1900"),"",'
        f'IF(MID({folded},5,1)="-",IF({hyphens}=2,DATEVALUE({folded}),""),'
        f'IF(LEN({folded})=8,DATEVALUE({compact}),""))))'
    )
    in_days = f"({cell}>=1)*({cell}<={_LAST_SERIAL})"
    whole = f'IF(INT({cell})={cell},{cell},"")'
    by_cell = f"IF(ISNUMBER({cell})*{in_days},{whole},{from_text})"
    all_days = f"{_are_numbers(cell)}*(MIN({cell},1)>=1)*(MAX({cell})<={_LAST_SERIAL})"
    return f'IF({all_days},IF(ISNUMBER({cell}),{whole},""),IFERROR({by_cell},""))'


def _are_numbers(column: str) -> str:
    """Whether no cell of a column but the mark above it is a text: reading texts takes long."""
    return f"(COUNT({column})+1=COUNTA({column}))"


def list_codes(spellings: Mapping[str, int]) -> str:
    """What `read_code` looks a spelling up in: each with the number of its code, from 1."""
    entries = (f"{fold_name(text)}:{number:0{_INDEX_WIDTH}d}" for text, number in spellings.items())
    return f"|{'|'.join(dict.fromkeys(entries))}|"


def read_code(text: str, listed: str) -> str:
    """The number of the code a trimmed text names in any known spelling; 0 where there is none.

    Looked up as it is and half-width: ASC turns 、 and quotation marks into others besides.
    """
    lookups = []
    for spelled in (text, f"ASC({text})"):
        folded = f"LOWER({replace_all(spelled, _NAME_SPELLINGS)})"
        found = f'FIND("|"&{folded}&":",{listed})+LEN({folded})+2'
        lookups.append(f"VALUE(MID({listed},{found},{_INDEX_WIDTH}))")
    return f"IFERROR({lookups[0]},IFERROR({lookups[1]},0))"


def fold_heading_text(text: str) -> str:
    """A trimmed heading as headings are compared."""
    return f"LOWER({replace_all(text, _HEADING_SPELLINGS)})"


def escape_wildcards(text: str) -> str:
    """A text that MATCH takes literally."""
    return replace_all(text, _WILDCARDS)


def look_up(number: str, values: Sequence[str | float | int]) -> str:
    """The value at a place, from 1, in a short list; an error where there is none."""
    keys = ",".join(str(place) for place in range(1, len(values) + 1))
    shown = ",".join(quote(v) if isinstance(v, str) else f"{v:g}" for v in values)
    return f"LOOKUP({number},{{{keys}}},{{{shown}}})"
