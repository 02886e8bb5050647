"""Files that are no proper form of anybody: refused ones, unknown ones, the same bytes again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Final

from examples.broken import (
    damage,
    encrypt_workbook,
    link_outside,
    make_binary_workbook,
    make_et_file,
    make_letter,
)
from examples.formats import write_grid
from examples.forms import Form
from examples.habits import choose_look
from examples.layout import lay_out
from examples.registers import Registers
from warehouse.contracts.codes import Reporter
from warehouse.contracts.load import Expectations
from warehouse.periods import Period


@dataclass(frozen=True)
class Refusable:
    """A file that is refused before anything is read from it."""

    folder: str
    name: str
    arrival: str
    rule: str
    make: Callable[[Random, bytes], bytes]
    """From a stream of noise and the bytes of a good xlsx."""


REFUSABLE: Final = (
    Refusable(
        "kjj", "2019年一季度资金情况.et", "2019-04-09T16:12", "refused_et_format",
        lambda random, good: make_et_file(random),
    ),
    Refusable(
        "420204", "专利情况表（加密）.xlsx", "2019-04-10T09:03", "refused_encrypted",
        lambda random, good: encrypt_workbook(random),
    ),
    Refusable(
        "420202", "标准制修订情况表.xlsx", "2019-07-09T17:55", "refused_damaged",
        lambda random, good: damage(good),
    ),
    Refusable(
        "fgw", "质量提升项目表_市发改委_2019年二季度.csv", "2019-07-09T10:20", "refused_empty_file",
        lambda random, good: b"",
    ),
    Refusable(
        "wlj", "关于报送质量提升项目表的函.docx", "2019-10-09T11:31", "refused_not_a_table",
        lambda random, good: make_letter(),
    ),
    Refusable(
        "swj", "荣誉名录三季度.xlsb", "2019-10-09T15:08", "refused_unsupported_format",
        lambda random, good: make_binary_workbook(random),
    ),
    Refusable(
        "jxj", "企业荣誉名录（引用台账）.xlsx", "2020-01-09T09:44", "refused_external_links",
        lambda random, good: link_outside(good),
    ),
)  # fmt: skip
LINK: Final = ("czj", "最新报表.ods", "2020-04-09T14:26")
"""A symbolic link to the form that lies beside it."""

FOREIGN_REPORTER: Final = Reporter(code="lsj", name="市粮食局", name_en="Grain Bureau")


def fill_good_workbook(expectations: Expectations) -> bytes:
    """A plain nil report as xlsx: what damaged and linked files are made from."""
    form = _fill_nil(expectations, expectations.codes.reporter("jxj"), Period.parse("2019Q4"))
    grid = lay_out(form, expectations.codes)
    return write_grid(grid, "xlsx", datetime(2020, 1, 9))


def list_unidentified(
    expectations: Expectations, registers: Registers
) -> list[tuple[Form, str, str, str, str]]:
    """Forms that cannot be placed: form, folder, arrival, rule, name without suffix."""
    codes = expectations.codes
    office, commerce = codes.reporter("scjg"), codes.reporter("swj")
    unknown_title = _fill_nil(expectations, office, Period.parse("2019Q1"), "季度工作情况汇总")
    foreign = _fill_nil(expectations, FOREIGN_REPORTER, Period.parse("2019Q2"))
    platforms = expectations.contracts["platforms"]
    third = Period.parse("2019Q3")
    rows = tuple(registers.rows("platforms", "kjj", 2)[:2])
    not_owed = Form(
        platforms, commerce, third, rows, choose_look(platforms, commerce, third, codes)
    )
    return [
        (unknown_title, "scjg", "2019-04-12T17:36", "unidentified_dataset", "Book1"),
        (foreign, "lsj", "2019-07-11T10:02", "unidentified_reporter", "质量提升项目"),
        (not_owed, "swj", "2019-10-11T16:40", "wrong_form", "科创平台情况表"),
    ]


def _fill_nil(
    expectations: Expectations, reporter: Reporter, period: Period, title: str | None = None
) -> Form:
    contract = expectations.contracts["quality_projects"]
    known = expectations.codes.reporter("scjg")
    look = choose_look(contract, known, period, expectations.codes)
    look = replace(look, reporter_name=reporter.name, title=title or contract.title.zh)
    return Form(contract, reporter, period, (), look, is_nil=True)
