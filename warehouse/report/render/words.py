"""The words a template has for periods and for the release: dates it need not write itself."""

from __future__ import annotations

from warehouse.periods import PARTS, Period
from warehouse.report.figures import ReleaseName

_TO_DATE = {"quarter": ("一季度", "上半年", "前三季度", "全年")}


class PeriodWords:
    """A period in a template: `{{ period.title_zh }}`; printed by itself, 2020Q3.

    Attributes:
        code: as 2020Q3.
        year: as 2020.
        title_zh: as 2020年三季度.
        year_zh: as 2020年.
        to_date_zh: from January to its end, as 2020年前三季度 or 2020年1至9月.
        end_zh: its last month's end, as 2020年9月末.
    """

    def __init__(self, period: Period) -> None:
        """Writes all words at once, so that what they say can be told from typed numbers."""
        self._period = period
        self.code = str(period)
        self.year = str(period.year)
        self.title_zh = period.title_zh
        self.year_zh = f"{period.year}年"
        self.to_date_zh = _say_to_date(period)
        self.end_zh = f"{period.year}年{period.end.month}月末"

    def __str__(self) -> str:
        """The period as commands take it."""
        return self.code

    @property
    def previous(self) -> PeriodWords:
        """The period before."""
        return PeriodWords(self._period.previous)

    @property
    def year_before(self) -> PeriodWords:
        """The same period of the year before."""
        return PeriodWords(find_year_before(self._period))

    def list_words(self) -> set[str]:
        """Everything it can print."""
        return {value for name, value in vars(self).items() if not name.startswith("_")}


class ReleaseWords:
    """The release in force: `{{ release.title_zh }}`.

    Attributes:
        title_zh: which it is, and whether it was replayed.
        day_zh: the day it was published, as 2020年10月22日.
    """

    def __init__(self, release: ReleaseName) -> None:
        """Writes all words at once."""
        day = release.published_on
        self.title_zh = release.label.zh
        self.day_zh = f"{day.year}年{day.month}月{day.day}日"

    def list_words(self) -> set[str]:
        """Everything it can print."""
        return set(vars(self).values())


def find_year_before(period: Period) -> Period:
    """The same period of the year before."""
    return period.shift(-PARTS[period.period_type])


def _say_to_date(period: Period) -> str:
    if period.period_type == "year":
        return f"{period.year}年全年"
    if period.period_type == "quarter":
        return f"{period.year}年{_TO_DATE['quarter'][period.part - 1]}"
    if period.part == 1:
        return period.title_zh
    return f"{period.year}年1至{period.part}月"
