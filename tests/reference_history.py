"""What the warehouse should say of a random history, in plain Python: slow, and plain to see.

Nothing here reads SQL or the warehouse's own code. A ledger is a list of entries; which file
counts, what a figure is and why it moved is told by going through the list from its beginning.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import chinese_calendar
from random_history import (
    ALL_UNITS,
    CITY,
    NOT_APPLICABLE,
    STEWARD,
    Decision,
    Exemption,
    File,
    Night,
    Question,
    end_of,
)

ALL = "全部"
DEPARTMENTS = (
    "scjg", "jxj", "swj", "kjj", "czj", "fgw", "jyj", "gaj", "mzj", "sfj", "rsj", "zgj", "sthj",
    "zjj", "jtj", "slj", "nyj", "wlj", "wjw", "tyj", "yjj", "sjj", "gzw", "tjj", "lyj", "ybj",
    "cgw", "jrb", "zwj",
)  # fmt: skip
OWED_BY: dict[str, Sequence[str]] = {
    "standards": ALL_UNITS,
    "patents": ALL_UNITS,
    "trademarks": ("scjg",),
    "funding": ("scjg", "jxj", "swj", "kjj", "czj"),
    "honours": ("scjg", "jxj", "swj"),
    "quality_projects": (*DEPARTMENTS, *ALL_UNITS),
    "platforms": ("kjj", "jxj"),
    "services": ("scjg",),
    "enterprises": ("scjg",),
    "indicators": ("scjg", "jxj", "swj", "czj", "kjj"),
}
FIRST_OWED = "2019Q1"
JOINED, BEFORE_JOINED, JOINED_ON = "KFQTS", ("420205", "KFQ"), date(2019, 4, 1)
"""The zone and 铁山区 were two units before; the first figure of the one cannot be compared
with theirs."""
FACTORS = {"亿元": Decimal(100_000_000), "万元": Decimal(10_000), "千元": Decimal(1000)}

FigureKey = tuple[str, str, str]
"""Series code, period, reporting unit."""
Form = tuple[str, str, str]


class Entry(NamedTuple):
    """One ledger entry: a file, a verdict of the gate, an act of a steward, or a release."""

    sequence: int
    kind: str
    at: datetime
    submission_id: int
    what: Any
    by: str


class Meaning(NamedTuple):
    """What a figure is: name, unit, stock or flow, whether it adds up over reporting units."""

    name: str
    unit: str
    kind: str
    is_additive: bool

    @property
    def adds_over_periods(self) -> bool:
        """A flow of which no two periods can have anything in common."""
        return self.kind == "flow" and self.is_additive

    @property
    def accumulated_since(self) -> str | None:
        """Every flow here is of its period alone."""
        return "period" if self.kind == "flow" else None


class Figure(NamedTuple):
    """What the warehouse says of one figure."""

    value: Decimal | None
    value_state: str
    expected: int
    included: int
    status: str
    qualifier: str | None
    meaning: Meaning
    has_break: bool = False


class Part(NamedTuple):
    """One part of why a figure moved."""

    cause: str
    sequence: int | None
    submission_id: int | None
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class Release:
    """One published state.

    Attributes:
        parts: why each figure moved that was published before.
    """

    number: int
    cut: int
    at: datetime
    method: str
    figures: Mapping[FigureKey, Figure]
    parts: Mapping[FigureKey, Sequence[Part]]


class Vintage(NamedTuple):
    """A figure as it was said, from one release to before another; None: it still stands."""

    figure: Figure
    from_release: int
    to_release: int | None


@dataclass
class Reference:
    """A ledger as a list, and what follows from it."""

    entries: list[Entry] = field(default_factory=list)
    files: dict[int, File] = field(default_factory=dict)
    releases: list[Release] = field(default_factory=list)

    # --- recording -------------------------------------------------------------------------------

    def receive(self, night: Night) -> None:
        """What stewards did, then the night's files, then the gate's verdicts on them."""
        day = night.at - timedelta(hours=8)
        for act in night.acts:
            number = 0 if isinstance(act, Exemption) else act.submission_id
            self.record(type(act).__name__, day, number, act, STEWARD)
        numbers = range(len(self.files) + 1, len(self.files) + 1 + len(night.files))
        for number, file in zip(numbers, night.files, strict=True):
            self.files[number] = file
            self.record("File", night.at, number, file, "gate")
        for number in numbers:
            decision = Decision(number, self.files[number].verdict)
            self.record("Decision", night.at, number, decision, "gate")

    def publish(self, night: Night, method: str) -> Release:
        """A release of all that is known now.

        Args:
            night: its clock and definitions.
            method: the same as long as the definitions are.
        """
        cut = max((e.sequence for e in self.entries if e.kind != "Release"), default=0)
        figures = self.figures(cut, night.at, night.edition)
        release = Release(
            len(self.releases) + 1, cut, night.at, method, figures,
            self._split(figures, cut, night, method),
        )  # fmt: skip
        self.releases.append(release)
        self.record("Release", night.at, 0, release.number, "")
        return release

    def record(self, kind: str, at: datetime, number: int, what: Any, by: str) -> None:
        """Appends an entry."""
        self.entries.append(Entry(len(self.entries) + 1, kind, at, number, what, by))

    # --- what is known as of an entry ------------------------------------------------------------

    def figures(self, cut: int, at: datetime, edition: str) -> dict[FigureKey, Figure]:
        """Every figure as of a ledger entry, by a clock and definitions."""
        return Known(self, cut, at, edition).figures()

    # --- vintages and changes --------------------------------------------------------------------

    def vintages(self) -> dict[FigureKey, list[Vintage]]:
        """Every state of every figure ever published."""
        told: dict[FigureKey, list[Vintage]] = defaultdict(list)
        for key in {key for release in self.releases for key in release.figures}:
            standing: Figure | None = None
            since = 0
            for release in self.releases:
                now = release.figures.get(key)
                if now == standing:
                    continue
                if standing is not None:
                    told[key].append(Vintage(standing, since, release.number))
                standing, since = now, release.number
            if standing is not None:
                told[key].append(Vintage(standing, since, None))
        return dict(told)

    def _split(
        self, figures: dict[FigureKey, Figure], cut: int, night: Night, method: str
    ) -> dict[FigureKey, list[Part]]:
        """Why the figures that were ever published before moved: the entries since, one by one."""
        published = {key for release in self.releases for key in release.figures}
        if not published:
            return {}
        before = self.releases[-1]
        moved = {
            key
            for key in published
            if _value(figures, key) != _value(before.figures, key)
            or (key in figures) != (key in before.figures)
        }
        parts: dict[FigureKey, list[Part]] = {key: [] for key in moved}
        state: Mapping[FigureKey, Figure] = before.figures
        base = "passing_of_time" if before.method == method else "definition_change"
        steps = [Entry(before.cut, base, night.at, 0, None, "")]
        steps += [e for e in self.entries if before.cut < e.sequence <= cut] if moved else []
        for step in steps:
            after = self.figures(step.sequence, night.at, night.edition)
            for key in moved:
                if _value(after, key) != _value(state, key):
                    parts[key].append(self._name(step, _value(state, key), _value(after, key)))
            state = after
        return parts

    def _name(self, entry: Entry, before: Decimal | None, after: Decimal | None) -> Part:
        if entry.kind in {"passing_of_time", "definition_change"}:
            return Part(entry.kind, None, None, before, after)
        number = entry.submission_id or None
        return Part(self._cause(entry), entry.sequence, number, before, after)

    def _cause(self, entry: Entry) -> str:
        if entry.kind != "Decision" or (entry.by != "gate" and entry.what.action != "withdraw"):
            return "decision"
        if entry.what.action == "withdraw":
            return "withdrawal"
        form = self.files[entry.submission_id].form
        earlier = Known(self, entry.sequence - 1, entry.at, "first").counting
        return "correction" if form in earlier else "late_form"


def _value(figures: Mapping[FigureKey, Figure], key: FigureKey) -> Decimal | None:
    return figures[key].value if key in figures else None


class Known:
    """What was known as of a ledger entry.

    Attributes:
        entries: up to that entry.
        counting: the submission that counts, by form.
        excused: forms that need not be sent.
    """

    def __init__(self, reference: Reference, cut: int, at: datetime, edition: str) -> None:
        self.files = reference.files
        self.entries = [entry for entry in reference.entries if entry.sequence <= cut]
        self.today = at.date()
        self.edition = edition
        self.counting = self._find_counting()
        self.exempted = self._find_exempted()
        self.excused = {
            (dataset, reporter, period)
            for kind, dataset, reporter, period in self.exempted
            if kind == "excuse"
        }
        self._coverage: dict[tuple[str, str, str], tuple[int, int, str] | None] = {}

    def _find_counting(self) -> dict[Form, int]:
        """The last accepted file of each form, by its number."""
        last: dict[int, str] = {}
        for entry in self.entries:
            if entry.kind == "Decision":
                last[entry.submission_id] = entry.what.action
        counting: dict[Form, int] = {}
        for number in sorted(last):
            if last[number] == "accept":
                counting[self.files[number].form] = number
        return counting

    def _find_exempted(self) -> dict[tuple[str, str, str, str], date | None]:
        """Exceptions in force, with their last day: of one kind the last granted counts."""
        granted: dict[tuple[str, str, str, str], date | None] = {}
        for entry in self.entries:
            if entry.kind == "Exemption":
                act = entry.what
                granted[act.kind, act.dataset, act.reporter, act.period] = act.ends_on
        return {
            what: ends_on
            for what, ends_on in granted.items()
            if (ends_on is None and what[0] == "excuse") or (ends_on and ends_on >= self.today)
        }

    def rows(self, dataset: str) -> list[dict[str, Any]]:
        """The rows that count, with period, reporter and number of their form."""
        return [
            {**row, "period": period, "reporter": reporter, "submission_id": number}
            for (name, reporter, period), number in sorted(self.counting.items())
            if name == dataset
            for row in self._read(number)
        ]

    def _read(self, number: int) -> list[dict[str, Any]]:
        """A file's rows; a doubtful figure is blank while a question about it is open."""
        answered = {
            entry.what.question
            for entry in self.entries
            if entry.kind == "Explanation" and entry.submission_id == number
        }
        rows = self.files[number].records
        for line, column, rule in self.files[number].doubtful:
            if (line, column, rule) not in answered:
                rows[line][column] = None
        return rows

    # --- coverage --------------------------------------------------------------------------------

    def owed(self, dataset: str, period: str) -> list[str]:
        """Who owes a form of a period that has ended."""
        if period < FIRST_OWED or end_of(period) >= self.today:
            return []
        if self.edition == "two_departments" and dataset == "services":
            return ["scjg", "jxj"]
        return list(OWED_BY[dataset])

    def is_open(self, form: Form) -> bool:
        """Whether a form may still change without being a revision."""
        dataset, reporter, period = form
        if reporter not in self.owed(dataset, period):
            return False
        if form in self.excused and form not in self.counting:
            return False
        open_until = self.exempted.get(("lock", *form)) or lock_date(period)
        return max(open_until, lock_date(period)) >= self.today

    def is_revised(self, form: Form) -> bool:
        """Whether what counts for a form changed after its lock date.

        A file's first acceptance is a change, as is every other decision after it, and the answer
        to the last question about a doubtful figure of the file that counts.
        """
        dataset, reporter, period = form
        turns: list[Entry] = []
        last: dict[int, str] = {}
        answered: set[tuple[int, Question]] = set()
        for entry in self.entries:
            number = entry.submission_id
            if not number or self.files[number].form != form:
                continue
            if entry.kind == "Decision":
                action, before = entry.what.action, last.get(number)
                if action != before and (before is not None or action == "accept"):
                    last[number] = action
                    turns.append(entry)
            elif entry.kind == "Explanation" and (number, entry.what.question) not in answered:
                answered.add((number, entry.what.question))
                accepted = [one for one, action in last.items() if action == "accept"]
                is_in = bool(accepted) and number == max(accepted)
                if is_in and self._is_settled(number, entry.what.question, answered):
                    turns.append(entry)
        if len(turns) < 2 or reporter not in self.owed(dataset, period):
            return False
        return turns[-1].at.date() > lock_date(period)

    def _is_settled(
        self, number: int, question: Question | None, answered: Iterable[tuple[int, Question]]
    ) -> bool:
        """Whether nothing more is asked about the figure a question was about."""
        asked = [one for one in self.files[number].doubtful if question and one[:2] == question[:2]]
        return bool(asked) and {(number, one) for one in asked} <= set(answered)

    def status(self, forms: Iterable[Form], *, is_complete: bool = True) -> str:
        """Of a figure that rests on forms."""
        forms = list(forms)
        if not is_complete or any(self.is_open(form) for form in forms):
            return "provisional"
        return "revised" if any(self.is_revised(form) for form in forms) else "final"

    def coverage(self, dataset: str, period: str, unit: str) -> tuple[int, int, str] | None:
        """Expected and included forms of a unit, and the status; None where none is included."""
        asked = dataset, period, unit
        if asked not in self._coverage:
            self._coverage[asked] = self._cover(*asked)
        return self._coverage[asked]

    def _cover(self, dataset: str, period: str, unit: str) -> tuple[int, int, str] | None:
        owed = {(dataset, reporter, period) for reporter in self.owed(dataset, period)}
        included = {form for form in self.counting if form[0] == dataset and form[2] == period}
        forms = {
            form
            for form in (owed - self.excused) | included
            if unit == CITY or form[1] not in ALL_UNITS or form[1] == unit
        }
        if unit not in {CITY, *units_of(period)}:
            return None
        here = forms & included
        if not here:
            return None
        is_complete = forms == here
        return len(forms), len(here), self.status(forms, is_complete=is_complete)

    # --- figures ---------------------------------------------------------------------------------

    def figures(self) -> dict[FigureKey, Figure]:
        """Every figure."""
        found: dict[FigureKey, Figure] = {}
        for mart in MARTS:
            periods = {form[2] for form in self.counting if form[0] in mart.datasets}
            for period in periods:
                for dataset, cell, values in mart.count(self, period):
                    self._keep(found, mart, dataset, period, cell, values)
        found |= self._reported()
        for series, period, unit in found:
            if unit == JOINED and self._is_after_break(found, series, period):
                found[series, period, unit] = found[series, period, unit]._replace(has_break=True)
        return found

    def _is_after_break(self, found: Iterable[FigureKey], series: str, period: str) -> bool:
        """Whether the figure before one of the joined unit is of the time of the two."""
        earlier = [
            one
            for code, one, unit in found
            if code == series and unit in {JOINED, *BEFORE_JOINED} and one < period
        ]
        return bool(earlier) and end_of(max(earlier)) < JOINED_ON <= end_of(period)

    def _keep(
        self,
        found: dict[FigureKey, Figure],
        mart: Mart,
        dataset: str,
        period: str,
        cell: Cell,
        values: dict[str, Any],
    ) -> None:
        coverage = self.coverage(dataset, period, cell.unit)
        if coverage is None:
            return
        named = [
            f"{name}={value}"
            for name, value in zip(mart.dimensions, cell.dimensions, strict=True)
            if value != ALL
        ]
        label = f"[{','.join(named)}]" if named else ""
        for measure, value in values.items():
            if value is not None:
                code = f"{mart.name}.{measure}{label}"
                meaning = describe(code, f"{mart.name}.{measure}", self.edition)
                found[code, period, cell.unit] = Figure(
                    Decimal(value), "value", *coverage, None, meaning
                )

    def _reported(self) -> dict[FigureKey, Figure]:
        """What departments state: blank says nothing, not applicable says so."""
        found: dict[FigureKey, Figure] = {}
        for row in self.rows("indicators"):
            form = ("indicators", row["reporter"], row["period"])
            key = (row["indicator_code"], row["period"], row["reporting_unit"])
            value, state = row["value"], "value"
            if value is None and not self._was_not_applicable(row):
                continue
            if value is None or value == NOT_APPLICABLE:
                value, state = None, "not_applicable"
            else:
                value *= FACTORS.get(row["unit"], 1)
            meaning = describe(row["indicator_code"], row["indicator_code"], self.edition)
            found[key] = Figure(value, state, 1, 1, self.status([form]), row["qualifier"], meaning)
        return found

    def _was_not_applicable(self, row: dict[str, Any]) -> bool:
        """A figure written as not applicable has no value that could be withheld."""
        return any(
            written["value"] == NOT_APPLICABLE
            for written in self.files[row["submission_id"]].records
            if written["indicator_code"] == row["indicator_code"]
            and written["reporting_unit"] == row["reporting_unit"]
        )


def lock_date(period: str) -> date:
    """The 15th of the second month after a quarter, or the next working day."""
    end = end_of(period)
    month = end.month + 1
    day = date(end.year + month // 12, month % 12 + 1, 15)
    while not chinese_calendar.is_workday(day):
        day += timedelta(days=1)
    return day


def units_of(period: str) -> tuple[str, ...]:
    """The reporting units of a period's last day."""
    if end_of(period) >= JOINED_ON:
        return ALL_UNITS
    return (*(unit for unit in ALL_UNITS if unit != JOINED), *BEFORE_JOINED)


# --- meanings ------------------------------------------------------------------------------------

MEANINGS = {
    "standards.standard_count": Meaning("标准项数", "项", "stock", False),
    "standards.enterprise_count": Meaning("企业数", "家", "stock", False),
    "standards.product_count": Meaning("产品种数", "种", "stock", False),
    "patents.application_count": Meaning("申请件数", "件", "stock", False),
    "patents.grant_count": Meaning("授权件数", "件", "stock", False),
    "patents.valid_count": Meaning("有效件数", "件", "stock", False),
    "patents.high_value_count": Meaning("高价值件数", "件", "stock", False),
    "patents.patentee_count": Meaning("专利权人数", "个", "stock", False),
    "trademarks.application_count": Meaning("申请量", "件", "flow", True),
    "trademarks.registration_count": Meaning("注册量", "件", "flow", True),
    "trademarks.valid_count": Meaning("有效注册量", "件", "stock", True),
    "funding.amount_yuan": Meaning("金额", "元", "flow", True),
    "funding.recipient_count": Meaning("受益单位数", "家", "flow", False),
    "projects.project_count": Meaning("项目数", "项", "stock", False),
    "projects.organiser_count": Meaning("组织单位数", "个", "stock", False),
    "projects.department_count": Meaning("市直部门数", "个", "stock", False),
    "projects.fund_yuan": Meaning("专项经费", "元", "stock", False),
    "brands.brand_count": Meaning("品牌数", "个", "stock", False),
    "brands.brand_value_yuan": Meaning("品牌价值", "元", "stock", False),
    "platforms.platform_count": Meaning("平台数", "个", "stock", False),
    "services.service_count": Meaning("服务家次", "家次", "flow", True),
    "services.enterprise_count": Meaning("服务企业数", "家", "flow", False),
    "enterprises.enterprise_count": Meaning("企业数", "家", "stock", False),
    "enterprises.added_count": Meaning("新增数", "家", "flow", False),
    "enterprises.removed_count": Meaning("退出数", "家", "flow", False),
    "std_total_count": Meaning("执行和参与制修订标准项数", "项", "stock", False),
    "ip_special_fund_amount": Meaning("知识产权专项资金运用额", "元", "flow", True),
    "fee_reduction_amount": Meaning("减免各项费用额", "元", "flow", True),
    "workers_dispatched_count": Meaning("输送职工人数", "人", "flow", True),
}
INDICATOR_NAMES = {
    "standards.enterprise_count": "执行和参与制修订标准的企业数",
    "standards.product_count": "执行和参与制修订标准的产品种数",
    "standards.standard_count": "执行和参与制修订标准项数",
    "standards.standard_count[standard_level=国家标准]": "其中国家标准项数",
    "services.service_count[service_type=知识产权服务]": "知识产权服务企业家次",
    "services.enterprise_count[service_type=质量奖培育]": "质量奖培育专题服务企业数",
    "funding.amount_yuan[programme=知识产权专项资金]": "知识产权专项资金运用额",
    "funding.amount_yuan[programme=市长质量奖,funding_kind=奖励]": "市长质量奖奖金",
    "funding.amount_yuan[funding_kind=贷款授信]": "协调贷款或授信批复额",
    "enterprises.enterprise_count[list_name=湖北企业百强]": "入围湖北企业百强数",
    "enterprises.enterprise_count[list_name=隐形冠军示范及培育企业]": "隐形冠军示范及培育企业数",
    "enterprises.enterprise_count[list_name=市长质量奖]": "市长质量奖标杆企业数",
    "enterprises.enterprise_count[list_name=市长质量奖,ownership=民营]": "其中民营企业数",
    "brands.brand_count[list_name=荆楚优品]": "荆楚优品目录农产品品牌数",
    "projects.department_count": "组织质量提升项目的市直部门数",
    "projects.project_count": "质量提升项目数",
    "projects.project_count[project_level=省级]": "省级示范项目数",
    "projects.fund_yuan[project_level=省级]": "省级示范项目专项经费",
    "projects.project_count[project_level=市级]": "市级质量提升行动数",
    "platforms.platform_count[platform_type=产业研究院]": "产业研究院数",
    "platforms.platform_count[platform_type=重点实验室,level=省]": "省级重点实验室数",
    "patents.valid_count[patent_type=发明]": "有效发明专利拥有量",
    "trademarks.application_count": "商标申请量",
    "trademarks.registration_count": "商标注册量",
    "trademarks.valid_count": "有效商标注册量",
}
"""Series that count an indicator of the code list go by its name."""

NEW_NAME = "执行和参与制修订标准项数（新）"


def describe(series_code: str, measure: str, edition: str) -> Meaning:
    """What a series means; one that counts an indicator goes by the indicator's name."""
    meaning = MEANINGS[measure]
    is_total = series_code in {"std_total_count", "standards.standard_count"}
    if edition == "renamed" and is_total:
        is_additive = meaning.is_additive or series_code == "std_total_count"
        return meaning._replace(name=NEW_NAME, is_additive=is_additive)
    return meaning._replace(name=INDICATOR_NAMES.get(series_code, meaning.name))


# --- marts ---------------------------------------------------------------------------------------


class Cell(NamedTuple):
    """A reporting unit or the city, and values of a mart's dimensions, 全部 for all."""

    unit: str
    dimensions: tuple[str, ...]


Rows = list[dict[str, Any]]
Counted = tuple[str, Cell, dict[str, Any]]
"""Dataset the cell rests on, the cell, its measures."""


@dataclass(frozen=True)
class Mart:
    """What one mart counts.

    Attributes:
        count: its cells in one period.
    """

    name: str
    datasets: tuple[str, ...]
    dimensions: tuple[str, ...]
    count: Callable[[Known, str], list[Counted]]


def spread(rows: Rows, dimensions: Sequence[str]) -> dict[Cell, Rows]:
    """Every row goes into its unit's cells and the city's, with each dimension named or all."""
    cells: dict[Cell, Rows] = defaultdict(list)
    for row in rows:
        units = [CITY] if row["reporting_unit"] is None else [CITY, row["reporting_unit"]]
        values = [(ALL, row[name]) for name in dimensions]
        for unit, *cell in itertools.product(units, *values):
            cells[Cell(unit, tuple(cell))].append(row)
    return cells


def tabulate(
    known: Known,
    period: str,
    dataset: str,
    dimensions: Sequence[str],
    rows: Rows,
    measure: Callable[[Rows], dict[str, Any]],
) -> list[Counted]:
    """The cells of a mart that adds a row of zeros for a unit which reported nothing."""
    cells = spread([row for row in rows if row["period"] == period], dimensions)
    every = (ALL,) * len(dimensions)
    for unit in (CITY, *units_of(period)):
        if not any(cell.unit == unit for cell in cells):
            cells[Cell(unit, every)] = []
    return [(dataset, cell, measure(inside)) for cell, inside in cells.items()]


def add(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is there; None where nothing is."""
    there = [value for value in values if value is not None]
    return sum(there, Decimal(0)) if there else None


def known_as(rows: Rows, name: str) -> Rows:
    """Rows with `who`: the code, else the highest one any row gives for the name, else the name."""
    codes: dict[str, str] = {}
    for row in rows:
        if row["uscc"]:
            codes[row[name]] = max(row["uscc"], codes.get(row[name], ""))
    return [row | {"who": row["uscc"] or codes.get(row[name], row[name])} for row in rows]


def count_standards(known: Known, period: str) -> list[Counted]:
    rows = known.rows("standards")
    if known.edition == "own_part":
        rows = [row for row in rows if row["role"] != "执行"]

    def measure(inside: Rows) -> dict[str, Any]:
        return {
            "standard_count": len({row["standard_no"] for row in inside}),
            "enterprise_count": len({row["uscc"] for row in inside}),
            "product_count": len(
                {(row["uscc"], row["product_name"]) for row in inside if row["product_name"]}
            ),
        }

    return tabulate(known, period, "standards", ("standard_level", "role"), rows, measure)


def count_patents(known: Known, period: str) -> list[Counted]:
    rows = known_as(
        [row for row in known.rows("patents") if row["period"] == period], "patentee_name"
    )

    def measure(inside: Rows) -> dict[str, Any]:
        return {
            "application_count": len({row["application_no"] for row in inside}),
            "grant_count": len({row["application_no"] for row in inside if row["granted_on"]}),
            "valid_count": len(
                {row["application_no"] for row in inside if row["legal_status"] == "有效"}
            ),
            "high_value_count": len(
                {row["application_no"] for row in inside if row["is_high_value"] == "是"}
            ),
            "patentee_count": len({row["who"] for row in inside}),
        }

    return tabulate(known, period, "patents", ("patent_type",), rows, measure)


def count_trademarks(known: Known, period: str) -> list[Counted]:
    measures = ("application_count", "registration_count", "valid_count")
    by_unit: dict[str, dict[str, Any]] = {
        unit: dict.fromkeys(measures) for unit in units_of(period)
    }
    for row in known.rows("trademarks"):
        if row["period"] == period and row["reporting_unit"] in by_unit:
            by_unit[row["reporting_unit"]] = {name: row[name] for name in measures}
    city = {name: add_all(cell[name] for cell in by_unit.values()) for name in measures}
    return [
        ("trademarks", Cell(unit, ()), values) for unit, values in [(CITY, city), *by_unit.items()]
    ]


def add_all(values: Iterable[int | None]) -> int | None:
    """The sum; None where one is missing."""
    every = list(values)
    return None if None in every else sum(value for value in every if value is not None)


def count_funding(known: Known, period: str) -> list[Counted]:
    rows = known.rows("funding")
    if known.edition == "no_credit":
        rows = [row for row in rows if row["funding_kind"] != "贷款授信"]
    rows = known_as([row for row in rows if row["period"] == period], "recipient_name")
    rows = [row | {"ownership": row["ownership"] or "未注明"} for row in rows]

    def measure(inside: Rows) -> dict[str, Any]:
        return {
            "amount_yuan": add(row["amount"] for row in inside) or 0,
            "recipient_count": len({row["who"] for row in inside}),
        }

    dimensions = ("programme", "funding_level", "funding_kind", "ownership")
    return tabulate(known, period, "funding", dimensions, rows, measure)


def count_projects(known: Known, period: str) -> list[Counted]:
    """A project two reporters send counts once, and so does its fund: the larger one stated."""
    rows = [row for row in known.rows("quality_projects") if row["period"] == period]
    stated: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        project = row["project_name"], row["organiser"]
        before = stated.get(project)
        fund = row["fund_amount"]
        if fund is not None and (before is None or fund > before["fund_amount"]):
            stated[project] = row

    def measure(inside: Rows) -> dict[str, Any]:
        return {
            "project_count": len({(row["project_name"], row["organiser"]) for row in inside}),
            "organiser_count": len({row["organiser"] for row in inside}),
            "department_count": len({row["reporter"] for row in inside} & set(DEPARTMENTS)),
            "fund_yuan": add(
                row["fund_amount"]
                for row in inside
                if stated.get((row["project_name"], row["organiser"])) == row
            ),
        }

    return tabulate(known, period, "quality_projects", ("project_level", "progress"), rows, measure)


def count_brands(known: Known, period: str) -> list[Counted]:
    rows = known.rows("honours")

    def measure(inside: Rows) -> dict[str, Any]:
        brands: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        for row in inside:
            values = brands[row["brand_or_product"] or row["enterprise_name"]]
            if row["brand_value"] is not None:
                values.append((row["granted_on"], row["brand_value"]))
        return {
            "brand_count": len(brands),
            "brand_value_yuan": add(max(values)[1] for values in brands.values() if values),
        }

    return tabulate(known, period, "honours", ("list_name",), rows, measure)


def count_platforms(known: Known, period: str) -> list[Counted]:
    def measure(inside: Rows) -> dict[str, Any]:
        platforms = {(row["platform_name"], row["platform_type"]) for row in inside}
        return {"platform_count": len(platforms)}

    rows = known.rows("platforms")
    return tabulate(known, period, "platforms", ("platform_type", "level"), rows, measure)


def count_services(known: Known, period: str) -> list[Counted]:
    def measure(inside: Rows) -> dict[str, Any]:
        return {
            "service_count": len(inside),
            "enterprise_count": len({row["uscc"] for row in inside}),
        }

    rows = known.rows("services")
    return tabulate(known, period, "services", ("service_type",), rows, measure)


def count_enterprises(known: Known, period: str) -> list[Counted]:
    """Who is on a list, and who joined and left since the period before, where that can be told."""
    listed = [
        ("enterprises", row | {"list_name": "全部在营", "who": row["uscc"]})
        for row in known.rows("enterprises")
        if row["status"] == "在营"
    ]
    listed += [("honours", row) for row in known_as(known.rows("honours"), "enterprise_name")]
    counted: list[Counted] = []
    for dataset, name in sorted({(dataset, row["list_name"]) for dataset, row in listed}):
        mine = [row for of, row in listed if of == dataset and row["list_name"] == name]
        counted += _compare(known, dataset, period, mine)
    return counted


def _compare(known: Known, dataset: str, period: str, rows: Rows) -> list[Counted]:
    dimensions = ("list_name", "ownership")
    earlier = previous(period)
    now = spread([row for row in rows if row["period"] == period], dimensions)
    before = spread([row for row in rows if row["period"] == earlier], dimensions)
    counted: list[Counted] = []
    for cell in now.keys() | before.keys():
        if cell.dimensions[0] == ALL:
            continue
        here = {row["who"] for row in now.get(cell, [])}
        there = {row["who"] for row in before.get(cell, [])}
        can_join = bool(before) and _is_complete(known, dataset, earlier, cell.unit)
        can_leave = can_join and _is_complete(known, dataset, period, cell.unit)
        if here or can_leave:
            values = {
                "enterprise_count": len(here),
                "added_count": len(here - there) if can_join else None,
                "removed_count": len(there - here) if can_leave else None,
            }
            counted.append((dataset, cell, values))
    return counted


def _is_complete(known: Known, dataset: str, period: str, unit: str) -> bool:
    coverage = known.coverage(dataset, period, unit)
    return coverage is not None and coverage[0] == coverage[1]


def previous(period: str) -> str:
    """The quarter before."""
    year, part = int(period[:4]), int(period[5])
    return f"{year}Q{part - 1}" if part > 1 else f"{year - 1}Q4"


MARTS = (
    Mart("standards", ("standards",), ("standard_level", "role"), count_standards),
    Mart("patents", ("patents",), ("patent_type",), count_patents),
    Mart("trademarks", ("trademarks",), (), count_trademarks),
    Mart(
        "funding", ("funding",), ("programme", "funding_level", "funding_kind", "ownership"),
        count_funding,
    ),
    Mart("projects", ("quality_projects",), ("project_level", "progress"), count_projects),
    Mart("brands", ("honours",), ("list_name",), count_brands),
    Mart("platforms", ("platforms",), ("platform_type", "level"), count_platforms),
    Mart("services", ("services",), ("service_type",), count_services),
    Mart("enterprises", ("enterprises", "honours"), ("list_name", "ownership"), count_enterprises),
)  # fmt: skip
