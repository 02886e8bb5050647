"""Makes rows of the standards register, fast and by arithmetic: the same numbers, the same rows.

Codes come from the reserved zone and every name says 虚构, so no row can be taken for a real one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from warehouse.identifiers.synthetic import make_uscc

HEADINGS = (
    "企业名称", "统一社会信用代码", "所属县(市、区)", "产品名称", "标准编号",
    "标准名称", "标准级别", "参与方式", "发布日期", "标准状态",
)  # fmt: skip
ROWS_A_PRODUCT = 5
ROWS_AN_ENTERPRISE = 50
ROWS_A_STANDARD = 20
_ZONE_DIVISION = "420200"
"""The development zone has no code of its own; its enterprises register with the city."""
_PREFIXES = {
    "国家标准": "GB/T ",
    "行业标准": "YB/T ",
    "地方标准": "DB42/T ",
    "团体标准": "T/SLXH ",
    "企业标准": "Q/SL ",
}
_ROLES = ("执行", "执行", "执行", "参与", "主导")
_SPREAD = 7_919
_FIRST_NUMBER = 90_000
_FIRST_YEAR, _YEARS = 1999, 20


@dataclass(frozen=True)
class Universe:
    """The enterprises and standards that a work set's rows speak of.

    Attributes:
        row_count: rows of the whole set, which decides how many of each there are.
        unit_count: reporting units among which the enterprises are divided.
    """

    row_count: int
    unit_count: int

    @property
    def enterprises_a_unit(self) -> int:
        """Enterprises of each reporting unit."""
        return max(1, self.row_count // ROWS_AN_ENTERPRISE // self.unit_count)

    @property
    def standards(self) -> pl.DataFrame:
        """A row is a standard: number, name, level and day of publication."""
        return _list_standards(max(ROWS_A_PRODUCT, self.row_count // ROWS_A_STANDARD))

    def enterprises(self, unit_code: str) -> pl.DataFrame:
        """A row is an enterprise of one reporting unit: name and credit code."""
        division = unit_code if unit_code.isdigit() else _ZONE_DIVISION
        return _list_enterprises(division, self.enterprises_a_unit)

    def make_rows(self, unit_code: str, unit_name: str, first: int, count: int) -> pl.DataFrame:
        """Rows of one form, text throughout; no key comes twice.

        Five rows speak of one product of one enterprise, each of another standard.

        Args:
            unit_code: reporting unit whose office sends the form.
            unit_name: how its column 所属县(市、区) is filled in.
            first: number of the first row among all of that unit.
            count: rows.
        """
        enterprises, standards = self.enterprises(unit_code), self.standards
        row = pl.int_range(first, first + count, eager=True).alias("row").to_frame()
        thing = pl.col("row") // ROWS_A_PRODUCT
        step = pl.col("row") % ROWS_A_PRODUCT
        stride = standards.height // ROWS_A_PRODUCT
        places = row.select(
            enterprise=thing % enterprises.height,
            product=pl.format("产品{}型", thing // enterprises.height),
            standard=(thing * _SPREAD + step * stride) % standards.height,
            role=(thing + step) % len(_ROLES),
        )
        return pl.concat(
            [
                enterprises[places["enterprise"]],
                standards[places["standard"]],
                places.select(
                    pl.lit(unit_name).alias("所属县(市、区)"),
                    pl.col("product").alias("产品名称"),
                    _pick(_ROLES, pl.col("role")).alias("参与方式"),
                    pl.lit("现行").alias("标准状态"),
                ),
            ],
            how="horizontal",
        ).select(HEADINGS)


def spoil_codes(rows: pl.DataFrame, count: int) -> pl.DataFrame:
    """Gives the first rows a credit code whose last character does not follow from the others."""
    code = pl.col("统一社会信用代码")
    last = pl.when(code.str.ends_with("0")).then(pl.lit("1")).otherwise(pl.lit("0"))
    is_first = pl.int_range(pl.len()) < count
    return rows.with_columns(pl.when(is_first).then(code.str.head(-1) + last).otherwise(code))


@cache
def _list_enterprises(division: str, count: int) -> pl.DataFrame:
    serials = range(1, count + 1)
    return pl.DataFrame(
        {
            "企业名称": [f"虚构{serial:05d}号制造厂" for serial in serials],
            "统一社会信用代码": [make_uscc(division, serial) for serial in serials],
        }
    )


@cache
def _list_standards(count: int) -> pl.DataFrame:
    place = pl.int_range(count, eager=True).alias("place").to_frame()
    level = pl.col("place") % len(_PREFIXES)
    year = _FIRST_YEAR + pl.col("place") % _YEARS
    number = (_FIRST_NUMBER + pl.col("place")).cast(pl.String)
    published_on = pl.date(year, 1 + pl.col("place") % 12, 1 + pl.col("place") % 28)
    return place.select(
        (_pick(list(_PREFIXES.values()), level) + number + "-" + year.cast(pl.String)).alias(
            "标准编号"
        ),
        pl.format("虚构标准第{}号", pl.col("place")).alias("标准名称"),
        _pick(list(_PREFIXES), level).alias("标准级别"),
        published_on.dt.strftime("%Y-%m-%d").alias("发布日期"),
    )


def _pick(texts: list[str] | tuple[str, ...], place: pl.Expr) -> pl.Expr:
    return pl.lit(pl.Series(texts)).gather(place)
