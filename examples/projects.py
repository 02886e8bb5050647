"""The quality improvement projects: the three the report names, the others synthetic.

Shaped so that 2020Q3 counts to the report: 37 projects, of which 1 provincial, 2 municipal, 6
county, and 28 without a level, one for each department but the quality office itself, which runs
the two municipal ones: 29 departments.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from examples.entries import Entry, Row, enter_states
from examples.pool import REPORT_QUARTER, UNIT_SHARES, draw, quarter
from warehouse.contracts.codes import Codes

NOT_APPLICABLE = "不适用"
PROVINCIAL = ("阳新生物医药化工产业质量提升项目", "420222")
MUNICIPAL = (("机动车检验检测产业质量提升行动", 4), ("质量奖培育质量提升行动", 5))
PROVINCIAL_GRANT = Decimal(300_000)
OFFICE = "scjg"
"""质强办 sits in 市市场监管局."""
_COUNTY_SINCE = (0, 1, 2, 4, 4, 5)


def list_projects(codes: Codes, seed: int) -> list[Entry]:
    """A row: a project, in the state it has at the quarter's end."""
    random = draw(seed, "projects")
    departments = [reporter for reporter in codes.reporters if reporter.kind == "department"]
    entries: list[Entry] = []
    for reporter in departments:
        if reporter.code == OFFICE:
            continue
        since = random.choices(range(REPORT_QUARTER + 1), (22, 12, 10, 12, 6, 18, 20))[0]
        name = f"{reporter.name}质量提升示例项目（虚构）"
        entries += _follow(reporter.code, name, NOT_APPLICABLE, reporter.name, since)
    for name, since in MUNICIPAL:
        entries += _follow(OFFICE, name, "市级", codes.reporter(OFFICE).name, since)
    for unit_code, since in zip(UNIT_SHARES, _COUNTY_SINCE, strict=True):
        unit = codes.reporter(unit_code).name
        name = f"{unit}产业集群质量提升示例项目（虚构）"
        fund = Decimal(random.randrange(50_000, 200_000, 10_000))
        entries += _follow(unit_code, name, "县级", f"{unit}人民政府", since, fund, unit_code)
    name, unit_code = PROVINCIAL
    organiser = f"{codes.reporter(unit_code).name}人民政府"
    entries += _follow(
        unit_code, name, "省级", organiser, REPORT_QUARTER, PROVINCIAL_GRANT, unit_code
    )
    return entries


def _follow(
    reporter: str, name: str, level: str, organiser: str, since: int,
    fund: Decimal | None = None, unit_code: str | None = None,
) -> list[Entry]:  # fmt: skip
    started_on = quarter(since).start + timedelta(days=len(name))
    row: Row = {
        "project_name": name,
        "project_level": level,
        "organiser": organiser,
        "reporting_unit": unit_code,
        "started_on": started_on,
        "fund_amount": fund,
    }
    stages = ((0, "立项"), (1, "实施"), (5, "完成"))
    states = [(since + after, row | {"progress": progress}) for after, progress in stages]
    return enter_states(reporter, states)
