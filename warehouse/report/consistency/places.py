"""The places a figure may speak of: the reporting units, and the wider areas they lie in."""

from __future__ import annotations

import re
from functools import lru_cache

from warehouse.contracts.load import load_expectations

CITY = "city"
_CITY_WORDS = ("全市", "我市", "本市", "全市合计")
_WIDER = ("全国", "全省", "湖北省", "湖北", "我省", "全球", "国内", "我国", "省内", "行业")
_NARROWER = ("全区", "全县", "我区", "我县", "本区", "本县", "城区", "市区", "高新区", "园区")


@lru_cache(maxsize=1)
def _list_names() -> dict[str, str]:
    codes = load_expectations().codes
    names: dict[str, str] = {}
    for unit in sorted(codes.reporting_units, key=lambda unit: unit in codes.units):
        if unit.is_city:
            names |= {name: CITY for name in (unit.name, *unit.spellings) if name != "市本级"}
        else:
            names |= dict.fromkeys((unit.name, *unit.spellings), unit.code)
    return names | dict.fromkeys(_CITY_WORDS, CITY) | {word: word for word in (*_WIDER, *_NARROWER)}


@lru_cache(maxsize=1)
def _compile_names() -> re.Pattern[str]:
    longest_first = sorted(_list_names(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


@lru_cache(maxsize=1)
def list_counties() -> frozenset[str]:
    """The codes of today's reporting units, the city left out."""
    return frozenset(unit.code for unit in load_expectations().codes.counties)


def find_places(text: str) -> list[str]:
    """The places named, in order: a reporting unit's code, `city`, or the word for any other."""
    names = _list_names()
    return [names[found.group()] for found in _compile_names().finditer(text)]


def drop_places(text: str) -> str:
    """The words without the names of places."""
    return _compile_names().sub("", text)


def names_another_place(text: str, scope: str | None) -> bool:
    """Whether the last place named in a text is not the one a figure is said to be of."""
    named, said = find_places(text), find_places(scope or "")
    return bool(named) and bool(scope) and named[-1:] != said[-1:]
