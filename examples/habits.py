"""How each office writes its forms: file format, names, periods, dates, and the file's name."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from examples.forms import Look, write_period
from warehouse.contracts.codes import Codes, Reporter
from warehouse.contracts.model import Contract
from warehouse.periods import Period

_OFFICES: Final = {
    "420202": Look(has_seq=True),
    "420203": Look("xls", is_joined=True, period_style=1),
    "420204": Look("csv-gb18030", date_style="slash", period_style=3, has_column_numbers=False),
    "420222": Look(has_groups=True, has_other_headings=True, reporter_name="阳新县市场监督管理局"),
    "420281": Look("csv-bom", is_bare=True, date_style="iso"),
    "420205": Look("xls", is_joined=True, date_style="slash"),
    "KFQ": Look("csv", period_style=1, date_style="chinese", reporter_name="黄石开发区"),
    "KFQTS": Look("csv", period_style=1, date_style="chinese", reporter_name="黄石开发区·铁山区"),
    "scjg": Look(period_style=2, reporter_name="黄石市市场监督管理局"),
    "jxj": Look(is_joined=True, has_seq=True, reporter_name="市经济和信息化局"),
    "swj": Look("csv-gb18030", date_style="chinese", period_style=4),
    "kjj": Look("xls", period_style=3, has_other_headings=True),
    "czj": Look("ods", is_joined=True, period_style=1),
}
_EXCEPTIONS: Final = {
    ("enterprises", "scjg"): Look("csv", is_bare=True, date_style="iso"),
    ("indicators", "czj"): Look("csv-gb18030", period_style=0),
    ("indicators", "kjj"): Look("csv", period_style=0),
    ("honours", "swj"): Look("ods", period_style=4),
    ("platforms", "jxj"): Look("ods", is_joined=True),
    ("platforms", "kjj"): Look(period_style=3),
    ("quality_projects", "420281"): Look(template_age=0),
}
_MONEY_UNITS: Final = {"scjg": "万元", "jxj": "亿元", "swj": "元", "kjj": "千元", "czj": "万元"}
_TEMPLATES_FROM: Final = Period(2020, 2, "quarter")
"""From then on two more offices fill the template they were given."""
# None of these is bare: a list that did not change, or a nil report, would be the same bytes as the
# quarter before, and the same bytes are the same submission.
_SMALL_OFFICES: Final = (
    Look(),
    Look("xls", period_style=1),
    Look("csv-gb18030", date_style="iso", has_column_numbers=False),
    Look("ods", is_joined=True),
    Look(template_age=0),
    Look("csv-bom", date_style="iso"),
    Look("xls", has_other_headings=True, period_style=3),
)
_TITLES: Final = ("{title}", "{title}", "黄石市{title}", "{period}{title}", "{other}")
_NAMES: Final = (
    "{title}_{reporter}_{period}",
    "{period}{title}",
    "{reporter}{period}报表",
    "{sheet}",
    "{title}（定稿）",
    "报质强办-{reporter}-{title}",
)


def choose_look(contract: Contract, reporter: Reporter, period: Period, codes: Codes) -> Look:
    """The look of a form of that office for that period."""
    dataset = contract.dataset
    look = _EXCEPTIONS.get((dataset, reporter.code)) or _OFFICES.get(reporter.code)
    if look is None:
        place = [known.code for known in codes.reporters].index(reporter.code)
        look = _SMALL_OFFICES[place % len(_SMALL_OFFICES)]
    if period >= _TEMPLATES_FROM and reporter.code in {"420204", "kjj"} and dataset != "indicators":
        look = Look(template_age=0)
    if dataset == "funding":
        look = replace(look, money_unit=_MONEY_UNITS[reporter.code])
    return replace(look, title=_choose_title(contract, reporter, period))


def name_file(contract: Contract, reporter: Reporter, period: Period, look: Look) -> str:
    """The file's name without its suffix; a bare form's name says what the form does not."""
    written = write_period(period, 0)
    title = contract.title.zh
    if look.file_name is not None:
        return look.file_name
    if look.is_bare:
        return f"{title}_{reporter.name}_{written}"
    sheet = "导出" if look.file_format.startswith("csv") else "新建 Microsoft Excel 工作表"
    pattern = _NAMES[_weigh(contract.dataset, reporter.code) % len(_NAMES)]
    return pattern.format(title=title, reporter=reporter.name, period=written, sheet=sheet)


def _choose_title(contract: Contract, reporter: Reporter, period: Period) -> str:
    other = contract.title_spellings[0] if contract.title_spellings else contract.title.zh
    pattern = _TITLES[_weigh(reporter.code, contract.dataset) % len(_TITLES)]
    return pattern.format(title=contract.title.zh, other=other, period=write_period(period, 0))


def _weigh(*texts: str) -> int:
    return sum(place * code for place, code in enumerate("/".join(texts).encode(), start=1))
