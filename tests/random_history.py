"""Random histories of two years: files late, corrected, withdrawn, returned and accepted again.

A history is a list of nights. A file is told by its typed rows and what the gate makes of it, so
that a reference of a few lines can be held against the warehouse. Names and numbers come from small
pools: things must meet again, in another unit, another form or another quarter.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from warehouse.identifiers.synthetic import make_application_no, make_uscc
from warehouse.settings import CITY_TIME

QUARTERS = tuple(f"{year}Q{part}" for year in (2020, 2021) for part in (1, 2, 3, 4))
EDITIONS = ("first", "no_credit", "own_part", "two_departments", "renamed")
"""Definitions in force: `tests/test_random_history.py` says what each changes in contracts or SQL,
`tests/reference_history.py` what it changes in the figures."""
UNITS = ("420202", "420222", "KFQTS")
ALL_UNITS = ("420202", "420203", "420204", "420222", "420281", "KFQTS")
CITY = "420200"
NOT_APPLICABLE = "/"
STEWARD = "李"

Row = tuple[Any, ...]
Question = tuple[int, str, str]
"""Line, column and rule: why a figure is withheld until somebody says that it is right."""

FIELDS: dict[str, tuple[str, ...]] = {
    "standards": (
        "reporting_unit", "standard_no", "uscc", "product_name", "standard_level", "role",
    ),
    "patents": (
        "reporting_unit", "application_no", "patent_type", "patentee_name", "uscc", "granted_on",
        "legal_status", "is_high_value",
    ),
    "trademarks": ("reporting_unit", "application_count", "registration_count", "valid_count"),
    "funding": (
        "reporting_unit", "programme", "funding_level", "funding_kind", "recipient_name", "uscc",
        "ownership", "amount",
    ),
    "honours": (
        "reporting_unit", "list_name", "edition", "enterprise_name", "uscc", "ownership",
        "brand_or_product", "granted_on", "brand_value",
    ),
    "quality_projects": (
        "reporting_unit", "project_level", "progress", "project_name", "organiser", "fund_amount",
    ),
    "platforms": ("reporting_unit", "platform_name", "platform_type", "level"),
    "services": ("reporting_unit", "uscc", "service_type", "service_date"),
    "enterprises": ("reporting_unit", "uscc", "ownership", "status"),
    "indicators": ("reporting_unit", "indicator_code", "unit", "value", "qualifier"),
}  # fmt: skip
KEYS = {
    "standards": ("uscc", "standard_no", "product_name"),
    "patents": ("application_no",),
    "trademarks": ("reporting_unit",),
    "funding": ("recipient_name", "programme"),
    "honours": ("list_name", "edition", "enterprise_name", "brand_or_product"),
    "quality_projects": ("project_name", "organiser"),
    "platforms": ("platform_name", "platform_type"),
    "services": ("uscc", "service_type", "service_date"),
    "enterprises": ("uscc",),
    "indicators": ("indicator_code", "reporting_unit"),
}
REPORTERS: dict[str, tuple[str, ...]] = {
    "standards": UNITS,
    "patents": UNITS,
    "trademarks": ("scjg",),
    "funding": ("scjg", "czj"),
    "honours": ("scjg", "jxj", "swj"),
    "quality_projects": ("fgw", "scjg", "420222"),
    "platforms": ("kjj", "jxj"),
    "services": ("scjg",),
    "enterprises": ("scjg",),
    "indicators": ("scjg", "jxj"),
}
"""Who sends here; some who owe a form never do, so that coverage has holes."""
NIL = frozenset({"funding", "services", "quality_projects"})
FIGURES = frozenset({"trademarks", "indicators"})
OWN_INDICATORS = {
    "scjg": (("std_total_count", ("项",)), ("ip_special_fund_amount", ("元", "万元"))),
    "jxj": (("fee_reduction_amount", ("亿元", "万元")), ("workers_dispatched_count", ("人",))),
}


@dataclass(frozen=True)
class File:
    """A form as it came.

    Attributes:
        rows: values in the order of the dataset's `FIELDS`; None is blank.
        verdict: what the gate decides: accept, hold or reject.
        doubtful: questions; a figure is withheld until all of its own are answered.
    """

    dataset: str
    reporter: str
    period: str
    rows: tuple[Row, ...] = ()
    verdict: str = "accept"
    is_nil: bool = False
    doubtful: tuple[Question, ...] = ()

    @property
    def form(self) -> tuple[str, str, str]:
        """What it is a file of."""
        return self.dataset, self.reporter, self.period

    @property
    def records(self) -> list[dict[str, Any]]:
        """Its rows by column."""
        return [dict(zip(FIELDS[self.dataset], row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Decision:
    """What a steward decides on a submission: accept, return or withdraw."""

    submission_id: int
    action: str


@dataclass(frozen=True)
class Explanation:
    """Why a doubtful figure is right.

    Attributes:
        question: None for one about the form as a whole, which withholds no figure.
    """

    submission_id: int
    question: Question | None


@dataclass(frozen=True)
class Exemption:
    """A form that need not be sent (excuse), or may be changed after its lock (lock)."""

    kind: str
    dataset: str
    reporter: str
    period: str
    ends_on: date | None


Act = Decision | Explanation | Exemption


@dataclass(frozen=True)
class Night:
    """One night, and what stewards did on the day before it.

    Attributes:
        at: its clock; not always later than that of the night before.
        edition: definitions in force.
    """

    at: datetime
    acts: tuple[Act, ...] = ()
    files: tuple[File, ...] = ()
    edition: str = "first"


@dataclass(frozen=True)
class History:
    """Nights in the order they were run; files are numbered through, from 1."""

    nights: tuple[Night, ...]

    @property
    def files(self) -> list[File]:
        """Every file, the first is submission 1."""
        return [file for night in self.nights for file in night.files]


# --- rows ----------------------------------------------------------------------------------------

FIRMS = {name: make_uscc("420200", number) for number, name in enumerate("甲乙丙丁", start=1)}
_LEVELS = {"GB/T 1001-2019": "国家标准", "DB42/T 1002-2019": "地方标准", "Q/JIA 3-2019": "企业标准"}
_amounts = st.decimals("0.00", "9000000.00", places=2) | st.just(Decimal("9007199254740993.01"))
_counts = st.integers(0, 40)


def _one_of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def _standards(unit: str, _: date) -> st.SearchStrategy[Row]:
    return st.builds(
        lambda number, firm, product, role: (
            unit, number, FIRMS[firm], product, _LEVELS[number], role,
        ),
        st.sampled_from(list(_LEVELS)), _one_of(*FIRMS), _one_of(None, "茶", "酒"),
        _one_of("主导", "参与", "执行"),
    )  # fmt: skip


def _patents(unit: str, _: date) -> st.SearchStrategy[Row]:
    numbers = [make_application_no(2019, kind, serial) for serial, kind in enumerate("123")]
    types = {"1": "发明", "2": "实用新型", "3": "外观设计"}
    return st.builds(
        lambda number, firm, coded, granted, status, high: (
            unit, number, types[number[4]], firm, FIRMS[firm] if coded else None, granted, status,
            high,
        ),
        st.sampled_from(numbers), _one_of(*FIRMS), st.booleans(), _one_of(None, date(2019, 12, 3)),
        _one_of("审中", "有效", "失效"), _one_of(None, "是", "否"),
    )  # fmt: skip


def _funding(_: str, __: date) -> st.SearchStrategy[Row]:
    return st.tuples(
        st.sampled_from(UNITS), _one_of("知识产权专项资金", "市长质量奖"), _one_of("市", "省"),
        _one_of("奖励", "贷款授信"), _one_of(*FIRMS), _one_of(None, *FIRMS.values()),
        _one_of(None, "民营", "国有"), _amounts,
    )  # fmt: skip


_LISTS = {"jxj": ("湖北企业百强", "隐形冠军示范及培育企业"), "scjg": ("市长质量奖",)}


def _honours(reporter: str, _: date) -> st.SearchStrategy[Row]:
    # Of one brand the latest edition's value counts, so no two are given on one day.
    own = _LISTS.get(reporter, ("荆楚优品",))
    given = {
        case: date(2018, 1, 1) + timedelta(days=number * 3 + REPORTERS["honours"].index(reporter))
        for number, case in enumerate(itertools.product("一二", own, FIRMS))
    }
    return st.builds(
        lambda unit, name, edition, firm, code, ownership, brand, value: (
            unit, name, edition, firm, code, ownership, brand, given[edition, name, firm], value,
        ),
        st.sampled_from(UNITS), st.sampled_from(own), _one_of("一", "二"), _one_of(*FIRMS),
        _one_of(None, *FIRMS.values()), _one_of("民营", "国有"), _one_of(None, "劲", "雨润"),
        st.none() | _amounts,
    )  # fmt: skip


def _quality_projects(reporter: str, _: date) -> st.SearchStrategy[Row]:
    units = (reporter,) if reporter in ALL_UNITS else (None, *UNITS)
    return st.tuples(
        st.sampled_from(units), _one_of("省级", "市级"), _one_of("立项", "实施"),
        _one_of("质量月", "标准化"), _one_of("发改委", "阳新县"), st.none() | _amounts,
    )  # fmt: skip


def _platforms(_: str, __: date) -> st.SearchStrategy[Row]:
    return st.tuples(
        st.sampled_from(UNITS), _one_of("中心一", "中心二"), _one_of("重点实验室", "产业研究院"),
        _one_of("国家", "省"),
    )  # fmt: skip


def _services(_: str, end: date) -> st.SearchStrategy[Row]:
    return st.tuples(
        st.sampled_from(UNITS), _one_of(*FIRMS.values()), _one_of("知识产权服务", "质量奖培育"),
        _one_of(end, end - timedelta(days=9)),
    )  # fmt: skip


def _enterprises(_: str, __: date) -> st.SearchStrategy[Row]:
    return st.tuples(
        st.sampled_from(UNITS), _one_of(*FIRMS.values()), _one_of("民营", "国有"),
        _one_of("在营", "在营", "注销"),
    )  # fmt: skip


def _indicators(reporter: str, _: date) -> st.SearchStrategy[Row]:
    choices = [(code, unit) for code, units in OWN_INDICATORS.get(reporter, ()) for unit in units]
    values = _one_of(None, NOT_APPLICABLE, Decimal(0)) | st.decimals(0, 9000, places=4)
    return st.builds(
        lambda area, choice, value, qualifier: (area, *choice, value, qualifier),
        _one_of(CITY, "420222"), st.sampled_from(choices), values, _one_of(None, "近"),
    )  # fmt: skip


_ROWS: dict[str, Callable[[str, date], st.SearchStrategy[Row]]] = {
    "standards": _standards, "patents": _patents, "funding": _funding, "honours": _honours,
    "quality_projects": _quality_projects, "platforms": _platforms, "services": _services,
    "enterprises": _enterprises, "indicators": _indicators,
}  # fmt: skip


@st.composite
def _trademarks(draw: st.DrawFn) -> tuple[Row, ...]:
    """The six units' counts; now and then one is left out, and then the city has no figure."""
    left_out = draw(st.sampled_from((None, None, "420204")))
    counts = draw(st.tuples(_counts, _counts, _counts))
    return tuple(
        (unit, *(count + place for count in counts))
        for place, unit in enumerate(ALL_UNITS)
        if unit != left_out
    )


def draw_rows(draw: st.DrawFn, dataset: str, reporter: str, period: str) -> tuple[Row, ...]:
    """A form's rows, no two with the same key."""
    if dataset == "trademarks":
        return draw(_trademarks())
    key = [FIELDS[dataset].index(name) for name in KEYS[dataset]]
    rows = _ROWS[dataset](reporter, end_of(period))
    return tuple(
        draw(
            st.lists(
                rows, min_size=1, max_size=4, unique_by=lambda row: tuple(row[at] for at in key)
            )
        )
    )


def end_of(period: str) -> date:
    """The last day of a quarter."""
    year, part = int(period[:4]), int(period[5])
    return date(year + part // 4, part * 3 % 12 + 1, 1) - timedelta(days=1)


# --- nights --------------------------------------------------------------------------------------


@dataclass
class _Past:
    """What has come so far, so that a later night can speak of it."""

    files: list[File] = field(default_factory=list)
    action: dict[int, str] = field(default_factory=dict)


@st.composite
def histories(
    draw: st.DrawFn,
    datasets: Sequence[str] = tuple(FIELDS),
    nights: int = 6,
    least_nights: int = 1,
    least_files: int = 0,
    editions: Sequence[str] = EDITIONS,
) -> History:
    """Histories of up to so many nights over the eight quarters, with up to four files each.

    A history is about two or three of the datasets, so that its few files meet each other.
    """
    about = draw(st.lists(st.sampled_from(datasets), min_size=1, max_size=3, unique=True))
    sizes = st.integers(least_files, 4)
    past = _Past()
    played: list[Night] = []
    at = datetime(2020, 4, 20, 2, tzinfo=CITY_TIME)
    edition = "first"
    for _ in range(draw(st.integers(least_nights, nights))):
        at = max(at + timedelta(days=draw(st.sampled_from(_STEPS))), _EARLIEST)
        if draw(st.integers(0, 5)) == 5:
            edition = draw(st.sampled_from(editions))
        acts = tuple(act for act in _draw_acts(draw, past) if act)
        files = tuple(_draw_file(draw, past, about, at.date()) for _ in range(draw(sizes)))
        for file in files:
            past.files.append(file)
            past.action[len(past.files)] = file.verdict
        played.append(Night(at, acts, files, edition))
    return History(tuple(played))


_EARLIEST = datetime(2020, 4, 1, 2, tzinfo=CITY_TIME)
_STEPS = (91, 91, 120, 30, 1, 0, -40)
"""Days between nights; 0 is the same second again, and a clock may have been wrong."""


def _draw_file(draw: st.DrawFn, past: _Past, about: Sequence[str], today: date) -> File:
    """A form that had not come, or another file of one that had."""
    if past.files and draw(st.booleans()):
        dataset, reporter, period = draw(st.sampled_from(past.files)).form
    else:
        dataset = draw(st.sampled_from(about))
        reporter = draw(st.sampled_from(REPORTERS[dataset]))
        ended = [quarter for quarter in QUARTERS if end_of(quarter) < today]
        period = draw(st.sampled_from([*ended[-3:], "2018Q4"]))
    verdict = draw(st.sampled_from(("accept", "accept", "accept", "hold", "reject")))
    if dataset in NIL and draw(st.integers(0, 4)) == 4:
        return File(dataset, reporter, period, is_nil=True, verdict=verdict)
    rows = draw_rows(draw, dataset, reporter, period)
    doubtful: Iterable[Question] = ()
    if dataset in FIGURES and draw(st.booleans()):
        columns = {"trademarks": FIELDS["trademarks"][1:], "indicators": ("value", "qualifier")}
        asked = list(itertools.product(range(len(rows)), columns[dataset], ("jumps", "falls")))
        doubtful = draw(st.lists(st.sampled_from(asked), max_size=3, unique=True))
    return File(dataset, reporter, period, rows, verdict, doubtful=tuple(sorted(doubtful)))


def _draw_acts(draw: st.DrawFn, past: _Past) -> list[Act | None]:
    kinds = (_decide, _decide, _explain, _exempt)
    return [
        draw(st.sampled_from(kinds))(draw, past)
        for _ in range(draw(st.integers(0, 3)) if past.files else 0)
    ]


def _decide(draw: st.DrawFn, past: _Past) -> Decision | None:
    number = draw(st.integers(1, len(past.files)))
    action = past.action[number]
    if past.files[number - 1].verdict == "reject":
        allowed = ["withdraw"]
    elif action in {"accept", "hold"}:
        allowed = ["return", "withdraw", "accept"]
    else:
        allowed = ["accept", "withdraw"]
    allowed = [name for name in allowed if name != action]
    if not allowed:
        return None
    past.action[number] = draw(st.sampled_from(allowed))
    return Decision(number, past.action[number])


def _explain(draw: st.DrawFn, past: _Past) -> Explanation | None:
    asked = [
        (number, question)
        for number, file in enumerate(past.files, start=1)
        for question in file.doubtful
    ]
    return Explanation(*draw(st.sampled_from(asked))) if asked else None


def _exempt(draw: st.DrawFn, past: _Past) -> Exemption:
    dataset, _, period = draw(st.sampled_from(past.files)).form
    reporter = draw(st.sampled_from(REPORTERS[dataset]))
    days = [date(2020, 9, 30), date(2021, 6, 30), date(2022, 6, 30)]
    kind = draw(st.sampled_from(("excuse", "lock")))
    ends_on = draw(st.sampled_from([None, *days] if kind == "excuse" else days))
    return Exemption(kind, dataset, reporter, period, ends_on)


# --- the same history told otherwise -------------------------------------------------------------


def merge_nights(history: History, joined: Sequence[bool]) -> History:
    """The same acts and files in fewer nights: a night that is marked joins the one before.

    A steward's act comes before the files of its night, so a night with acts joins none.
    """
    nights: list[Night] = []
    for night, is_joined in zip(history.nights, [*joined, *[False] * 99], strict=False):
        joint = night
        if is_joined and nights and not night.acts:
            before = nights.pop()
            joint = replace(night, acts=before.acts, files=(*before.files, *night.files))
        nights.append(joint)
    return History(tuple(nights))


def sort_files(history: History) -> History:
    """The same files, each night's in the order of what they are files of, and so renumbered."""
    numbers: dict[int, int] = {}
    nights: list[Night] = []
    for night in history.nights:
        first = len(numbers) + 1
        ordered = sorted(enumerate(night.files, start=first), key=lambda item: item[1].form)
        numbers |= {old: new for new, (old, _) in enumerate(ordered, start=first)}
        acts = tuple(
            act
            if isinstance(act, Exemption)
            else replace(act, submission_id=numbers[act.submission_id])
            for act in night.acts
        )
        nights.append(replace(night, acts=acts, files=tuple(file for _, file in ordered)))
    return History(tuple(nights))
