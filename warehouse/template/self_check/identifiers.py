"""Spreadsheet expressions that judge identifiers: credit codes, patent and standard numbers.

The alphabets, weights and lists are those of `warehouse.identifiers`. The expressions stand for
whole columns: they use MMULT over the characters and belong into array formulas.
"""

from __future__ import annotations

from collections.abc import Iterable

from warehouse.identifiers import industry, patents, standard_numbers, uscc
from warehouse.identifiers.check_digits import DIGITS, DIGITS_AND_X
from warehouse.template.self_check.cells import (
    is_absent,
    is_all_digits,
    is_among,
    is_digit,
    list_words,
    quote,
    remove_all,
    replace_all,
)

_MARKS = ("'", "`", "‘", "’", "\u200b", "\ufeff", " ")
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u2501\u30fc", "-")
_USCC_LENGTH = 18
_NEVER = 99
"""Stands for the place of a character that is in no alphabet."""


def fold_code(cell: str, text: str, *, is_long_number: bool) -> str:
    """A code half-width, upper case and without blanks; empty where it does not apply.

    Args:
        cell: the cell itself.
        text: its trimmed text.
        is_long_number: write a number out in full, where `&` would give 9.1E+17.
    """
    written = f'IF(ISNUMBER({cell}),TEXT({cell},"0"),{text})' if is_long_number else text
    folded = f"UPPER({remove_all(f'ASC({written})', _MARKS)})"
    return f'IFERROR(IF({is_absent(text)},"",{folded}),"")'


def judge_uscc(code: str) -> dict[str, str]:
    """By rule whether a folded credit code breaks it."""
    places = _place_characters(code, 1, _USCC_LENGTH, uscc.ALPHABET)
    highest = _row(10 if place in range(3, 9) else len(uscc.ALPHABET) for place in range(1, 19))
    is_shaped = (
        f"(LEN({code})={_USCC_LENGTH})*ISNUMBER(FIND(LEFT({code},1),{quote(uscc.AUTHORITIES)}))"
        f"*(MMULT(({places}>{highest})*1,{_column([1] * _USCC_LENGTH)})=0)"
    )
    is_whole = f"(MOD(MMULT({places}-1,{_column([*uscc.WEIGHTS, 1])}),31)=0)"
    organisation = _place_characters(code, 9, 16, uscc.ORGANISATION_ALPHABET)
    check = f"MID({code},17,1)"
    is_organisation = (
        f"(({check}={quote(uscc.HEAD_OFFICE_SUFFIX)})"
        f"+ISNUMBER(FIND({check},{quote(DIGITS_AND_X)}))"
        f"*(MOD(MMULT({organisation}-1,{_column(uscc.ORGANISATION_WEIGHTS)})"
        f"+IFERROR(FIND({check},{quote(DIGITS_AND_X)})-1,0),11)=0)>0)"
    )
    is_scientific = (
        f'(ISNUMBER(FIND("E+",{code}))+(IFERROR(FIND(".",{code}),0)>=17)*ISNUMBER(VALUE({code}))>0)'
    )
    is_registration = f"((LEN({code})=15)+(LEN({code})=13))*{is_all_digits(code)}"
    is_right = f"{is_whole}*{is_organisation}"
    is_cut = f'(RIGHT({code},3)="000")*{is_all_digits(f"LEFT({code},15)")}*(1-{is_right})'
    is_other = f"(1-{is_scientific})*(1-{is_registration})*(1-{is_shaped})"
    return {
        "identifier_form": f'({code}<>"")*{is_other}',
        "registration_number": is_registration,
        "precision_loss": f"({is_scientific}+{is_shaped}*{is_cut}>0)",
        "check_digit": f"{is_shaped}*(1-{is_cut})*(1-{is_right})",
    }


def split_application_no(code: str) -> str:
    """The digits and check character of a folded patent number: no letters before it, no dot."""
    return remove_all(code, ("ZL", "CN", "."))


def judge_application_no(code: str, number: str) -> dict[str, str]:
    """By rule whether a patent number breaks it.

    Args:
        code: as folded.
        number: as split.
    """
    is_formed = _is_formed(number)
    is_scientific = f'ISNUMBER(FIND("E+",{code}))'
    return {
        "identifier_form": f'({code}<>"")*(1-{is_scientific})*(1-{is_formed})',
        "precision_loss": f"{is_scientific}*1",
        "check_digit": f"{is_formed}*(1-{_is_checked(number)})",
    }


def read_patent_type(number: str) -> str:
    """发明, 实用新型 or 外观设计 by a patent number that is right; else an empty text."""
    digits = ",".join(patents.TYPES)
    names = ",".join(map(quote, patents.TYPES.values()))
    found = f"LOOKUP(VALUE({_type_digit(number)}),{{{digits}}},{{{names}}})"
    return f'IFERROR(IF({_is_formed(number)}*{_is_checked(number)},{found},""),"")'


def read_filed_year(number: str) -> str:
    """The year of application by a patent number that is right; else an empty text."""
    short = f"VALUE(LEFT({number},2))"
    year = f"IF(LEN({number})=13,VALUE(LEFT({number},4)),{short}+IF({short}>=85,1900,2000))"
    return f'IFERROR(IF({_is_formed(number)}*{_is_checked(number)},{year},""),"")'


def fold_standard_no(text: str) -> str:
    """A trimmed standard number half-width, upper case, with plain hyphens and no blank at them."""
    folded = f"UPPER({replace_all(f'ASC({text})', _DASHES)})"
    return replace_all(folded, {" -": "-", "- ": "-", "⁄": "/", "∕": "/"})


def read_standard_level(number: str) -> str:
    """The level a folded standard number tells by its letters; empty where it has no known form.

    Of the number itself only the year at the end is looked at.
    """
    bare = remove_all(number, " ")
    letters = remove_all(number, " /_-")
    levels = standard_numbers.LEVELS
    is_industry = "+".join(_starts_with_letters(letters, length) for length in (2, 3))
    last, before = f"MID(RIGHT({number},5),1,1)", f"MID(RIGHT({number},3),1,1)"
    has_year = (
        f'IFERROR(ISNUMBER(FIND({last},"-:_ "))*(VALUE(RIGHT({number},4))>=1950)'
        f"*(VALUE(RIGHT({number},4))<=2099),0)"
        f'+IFERROR(ISNUMBER(FIND({before},"-:_ "))*(VALUE(RIGHT({number},2))>=50),0)>0'
    )
    dated = (
        f'IF(ISNUMBER(FIND(LEFT({number},2),"T/ T_ T- T ")),{quote(levels["group"])},'
        f'IF((LEFT({bare},2)="DB")*{is_digit(f"MID({bare},3,1)")},'
        f"{quote(levels['local_province'])},"
        f'IF(LEFT({bare},2)="GB",{quote(levels["national_mandatory"])},'
        f'IF({is_industry}>0,{quote(levels["industry"])},""))))'
    )
    is_enterprise = f'(LEFT({bare},1)="Q")*ISNUMBER(FIND(MID({bare},2,1),"/_-"))*(LEN({bare})>2)'
    return f'IF({is_enterprise},{quote(levels["enterprise"])},IF({has_year},{dated},""))'


def judge_industry_code(code: str) -> dict[str, str]:
    """Whether a folded industry code is none."""
    has_letter = f'(LEFT({code},1)>="A")'
    digits = f"MID({code},1+{has_letter},99)"
    length = f"(LEN({code})-{has_letter})"
    section = f"MID({quote(''.join(industry.SECTIONS.values()))},VALUE(LEFT({digits},2)),1)"
    is_known = (
        f"IFERROR(({length}>=2)*({length}<=4)*{is_all_digits(digits)}"
        f'*IF({has_letter},LEFT({code},1)={section},{section}<>""),0)'
    )
    return {"identifier_form": f'({code}<>"")*(1-{is_known})'}


def _type_digit(number: str) -> str:
    return f"MID({number},IF(LEN({number})=13,5,3),1)"


def _is_formed(number: str) -> str:
    """1 where a number has the length, digits, year and type digit of an application number."""
    year, short = f"VALUE(LEFT({number},4))", f"VALUE(LEFT({number},2))"
    return (
        f"IFERROR(ISNUMBER(VALUE(LEFT({number},LEN({number})-1)))"
        f"*ISNUMBER(FIND(RIGHT({number},1),{quote(DIGITS_AND_X)}))"
        f"*((LEN({number})=13)*({year}>=2003)*({year}<=2099)"
        f"+(LEN({number})=9)*(({short}>=85)+({short}<=3))>0)"
        f"*ISNUMBER(FIND({_type_digit(number)},{quote(''.join(patents.TYPES))})),0)"
    )


def _is_checked(number: str) -> str:
    """Whether the last character follows from those before it."""
    length = len(patents.WEIGHTS)
    digits = _place_characters(number, 1, length, DIGITS)
    before_last = f"IF({_row(range(1, length + 1))}<LEN({number}),{digits}-1,0)"
    remainder = f"MOD(MMULT({before_last},{_column(patents.WEIGHTS)}),11)"
    return f"(MID({quote(DIGITS_AND_X)},{remainder}+1,1)=RIGHT({number},1))"


def _starts_with_letters(letters: str, length: int) -> str:
    """Whether the letters of an industry stand before the digits, or before T or Z and digits."""
    known = [entry for entry in standard_numbers.INDUSTRY.split("|") if len(entry) == length]
    known += ["DB"] if length == len("DB") else []
    mark, after = f"MID({letters},{length + 1},1)", f"MID({letters},{length + 2},1)"
    return (
        f"{is_among(f'LEFT({letters},{length})', list_words(known))}"
        f'*({is_digit(mark)}+((({mark}="T")+({mark}="Z"))*{is_digit(after)})>0)'
    )


def _place_characters(code: str, first: int, last: int, alphabet: str) -> str:
    """The place of each character in an alphabet, from 1: a row of numbers for every code."""
    places = _row(range(first, last + 1))
    return f"IFERROR(FIND(MID({code},{places},1),{quote(alphabet)}),{_NEVER})"


def _row(values: Iterable[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _column(values: Iterable[int]) -> str:
    return "{" + ";".join(map(str, values)) + "}"
