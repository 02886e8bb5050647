"""Finds the places a text speaks of: the city, its areas, the province, the nation, others."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError, model_validator

from warehouse.contracts.codes import Codes
from warehouse.contracts.model import Strict, Text, describe_problems
from warehouse.report.reading.folding import fold_text
from warehouse.told import ToldFault

PLACES_FILE: Final = "reports/places.toml"
"""Its place within the folder of expectations."""
PlaceKind = Literal["city", "reporting_unit", "other", "province", "nation"]
NATION: Final = "全国"


class PlacesUnreadable(ToldFault):
    """The list of places is not there or says something it may not."""

    def __init__(self, path: Path, problem: object) -> None:
        """Says which file it is and what is wrong with it."""
        super().__init__(
            Text(
                zh=f"{path.name}：地名表无法读取：{problem}。请改正该文件。",
                en=f"{path.name}: the list of places cannot be read: {problem}. Mend the file.",
            )
        )


class Province(Strict):
    """A province; its places by their full name, with the short one or nothing.

    Attributes:
        counties: county-level places, of the home province only.
    """

    name: str = Field(min_length=2)
    short: str = Field(min_length=2)
    cities: dict[str, str] = Field(default_factory=dict)
    counties: dict[str, str] = Field(default_factory=dict)


class Places(Strict):
    """All places outside the city.

    Attributes:
        home_province: name of the one the city lies in.
        not_after: by short name, the signs after which it is a part of another word.
    """

    home_province: str
    not_after: dict[str, str] = Field(default_factory=dict)
    province: tuple[Province, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _check(self) -> Places:
        if self.home_province not in {item.name for item in self.province}:
            message = f"home_province {self.home_province} is none of the provinces"
            raise ValueError(message)
        return self

    def list_spellings(self) -> tuple[tuple[str, str, PlaceKind], ...]:
        """Every spelling with the name it stands for and its kind."""
        found: list[tuple[str, str, PlaceKind]] = []
        for item in self.province:
            for name, short in [*item.counties.items(), *item.cities.items()]:
                found += [(name, name, "other"), (short, name, "other")]
                if name.endswith("自治州") and short:
                    found.append((f"{short}州", name, "other"))
            kind: PlaceKind = "province" if item.name == self.home_province else "other"
            found += [(item.name, item.name, kind), (item.short, item.name, kind)]
        return tuple(entry for entry in found if entry[0])


@dataclass(frozen=True)
class PlaceSpan:
    """A place as a text names it; `end` is one after its last character.

    Attributes:
        name: its settled name, such as 黄石市, 湖北省 or 全国.
        code: of the reporting unit or the city; None for others.
        is_whole: whether it stands for the place itself; not where it begins the name of an office,
            an enterprise, a product or a list, such as 黄石港饼 or 湖北省商务厅.
    """

    start: int
    end: int
    name: str
    kind: PlaceKind
    code: str | None = None
    is_whole: bool = True


@dataclass(frozen=True)
class _Spelling:
    text: str
    name: str
    kind: PlaceKind
    code: str | None
    is_short: bool


_HAN = "[\u4e00-\u9fff]"
_HERE: Final = {
    "city": "全市 我市 本市 市内 全市域 市域",
    "province": "全省 我省 本省 省内",
    "nation": "全国 我国 国内 中国 全中国",
}
# 安全市场, 其中国家标准
_HERE_NOT_AFTER: Final = {
    "全市": "安健完齐", "全市域": "安健完齐", "全省": "安健完齐", "全国": "安健完齐",
    "本市": "成基资样", "本省": "成基资样", "市内": "城都上超股县", "市域": "城", "省内": "节外",
    "国内": "外其", "中国": "其",
}  # fmt: skip
_ALWAYS_WHOLE: Final = frozenset(f"{_HERE['city']} {_HERE['province']}".split())
_OFFICES = (
    "局|厅|委员会|委|办公室|办|政府|人大|政协|法院|检察院|党校|院|学院|大学|中学|医院|公司|集团|股份"
    "|协会|商会|学会|联合会|总工会|工商联|妇联|银行|日报|晚报|晨报|广播电视台|电视台|中心|研究所|实验室"
    "|厂|队|支队|总站|馆|海关|税务局|消委会|消协"
)
_PRODUCTS = (
    "公司|集团|股份|有色|特殊钢|特钢|港饼|饼|酒|茶|啤酒|水泥|药业|科技|电器|重工|食品|饮料|名牌|驰名商标"
    "|著名商标|鲁班奖|品牌价值|老字号|赛区|赛|大会|交易会|博览会|展销会|论坛|广场|产业园|工业园|园区|新区|湖"
    "|铁矿|港务|大道|大桥|路(?!线|径)|百强|百佳|\\d+强|奖|项目|目录|精品|优品|制造20\\d\\d|质造|智造|好人|精神"
)
_PART = "[\u4e00-\u9fff（）()·](?<![的有共在已获为完、，等和与及是年月第居占比内外])"
_IS_OFFICE: Final = re.compile(rf"(?:{_PART}){{0,9}}?(?:{_OFFICES})(?![\u4e00-\u9fff]?[制标度])")
_IS_PRODUCT: Final = re.compile(rf"(?:{_PART}){{0,12}}?(?:{_PRODUCTS})")
_IS_DIRECTION: Final = re.compile("[岸麓侧]|部[地区位]?|路")
_NATION_AS_PLACE: Final = re.compile("[的境大]|[，。；、）)：:]|$")
_NATIONAL_BODY: Final = re.compile("人大|政协|工商联|妇联|总工会|性|人民代表")
_ZONE = re.compile("^(?:市)?(?:经济技术)?(?:开发区|经开区)$")
_ZONE_ALONE: Final = re.compile("[\u4e00-\u9fffA-Za-z0-9](?<![在和与及于由对向各为是其中])$")
_DOTS = "·•・‧∙"


def load_places(folder: Path) -> Places:
    """Reads the places outside the city.

    Args:
        folder: that of the expectations.

    Raises:
        PlacesUnreadable: the file is not there, is no TOML, or has an unknown key.
    """
    path = folder / PLACES_FILE
    try:
        return Places(**tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise PlacesUnreadable(path, describe_problems(error)) from error
    except (OSError, ValueError, TypeError) as error:
        raise PlacesUnreadable(path, error) from error


def find_places(text: str, codes: Codes, places: Places) -> list[PlaceSpan]:
    """Finds every place, the longest spelling first, by its place in the text.

    Args:
        text: as it was read.
        codes: whose reporting units are told from other places; a spelling that two units had one
            after the other is that of `codes.day`.
        places: those outside the city.
    """
    folded = fold_text(text)
    index = _index(_list_spellings(codes, places))
    found: list[PlaceSpan] = []
    at = 0
    while at < len(folded):
        spelling = _match(folded, at, index, places)
        if spelling is None:
            at += 1
            continue
        end = at + len(spelling.text)
        is_whole = _is_whole(folded, at, end, spelling)
        found.append(PlaceSpan(at, end, spelling.name, spelling.kind, spelling.code, is_whole))
        at = end
    return found


def _list_spellings(codes: Codes, places: Places) -> Iterator[_Spelling]:
    """All spellings, those that win over equal ones last."""
    for text, name, kind in places.list_spellings():
        yield _Spelling(text, name, kind, None, is_short=text[-1] not in "省市县区州盟")
    city = codes.city
    named = {"city": city.name, "province": places.home_province, "nation": NATION}
    for unit in sorted(codes.reporting_units, key=lambda item: item.is_valid(codes.day)):
        of_unit: PlaceKind = "city" if unit.is_city else "reporting_unit"
        for variant in _vary((unit.name, *unit.spellings)):
            is_short = variant[-1] not in "市县区"
            yield _Spelling(variant, unit.name, of_unit, unit.code, is_short)
    kinds: tuple[PlaceKind, ...] = ("city", "province", "nation")
    for kind in kinds:
        for text in _HERE[kind].split():
            code = city.code if kind == "city" else None
            yield _Spelling(text, named[kind], kind, code, is_short=False)


def _vary(names: Iterable[str]) -> list[str]:
    """The names with every kind of middle dot, and with none."""
    return [name.replace("·", dot) for name in names for dot in (*_DOTS, "")]


def _index(spellings: Iterable[_Spelling]) -> dict[str, list[_Spelling]]:
    """The spellings by their first two signs, the longest first."""
    chosen = {item.text: item for item in spellings}
    index: dict[str, list[_Spelling]] = {}
    for item in sorted(chosen.values(), key=lambda entry: -len(entry.text)):
        index.setdefault(item.text[:2], []).append(item)
    return index


def _match(
    text: str, at: int, index: dict[str, list[_Spelling]], places: Places
) -> _Spelling | None:
    for item in index.get(text[at : at + 2], ()):
        if text.startswith(item.text, at) and _is_word(text, at, item, places):
            return item
    return None


def _is_word(text: str, at: int, item: _Spelling, places: Places) -> bool:
    """Whether it is no part of another word: 安全市场, 经济南部, 黄石港口, 大冶湖北岸."""
    end = at + len(item.text)
    before, after = text[at - 1 : at], text[end : end + 1]
    barred = places.not_after.get(item.text, "") + _HERE_NOT_AFTER.get(item.text, "")
    if before and before in barred:
        return False
    if item.text.endswith("市") and after == "场":
        return False
    if item.text.endswith("港") and after in {"口", "务", "航"}:
        return False
    return not (item.is_short and item.text[-1] in "东南西北" and _IS_DIRECTION.match(text, end))


def _is_whole(text: str, start: int, end: int, item: _Spelling) -> bool:
    if item.text == "中国":
        before = text[start - 1 : start]
        is_free = not before or not re.match(_HAN, before) or before in "在于到"
        return is_free and bool(_NATION_AS_PLACE.match(text, end))
    if item.text == "国内":
        return not text.startswith("生产总值", end)
    if item.kind == "nation":
        return not _NATIONAL_BODY.match(text, end)
    if item.kind == "reporting_unit" and _ZONE.match(item.text) and start:
        return not _ZONE_ALONE.search(text, max(start - 1, 0), start)
    if item.text in _ALWAYS_WHOLE:
        return True
    if _IS_OFFICE.match(text, end):
        return False
    return not (item.is_short and _IS_PRODUCT.match(text, end))
