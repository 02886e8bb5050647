"""Finds the figure a template asks for, or says why none can be printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from warehouse.contracts.codes import Indicator, ReportingUnit, fold_name
from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Text
from warehouse.periods import Period
from warehouse.report.figures import Figure, Figures
from warehouse.report.render.failure import Misasked
from warehouse.report.render.words import PeriodWords
from warehouse.vintages.series import find_near

BASES = ("reported", "counted")


@dataclass(frozen=True)
class Asked:
    """What a template asks for.

    Attributes:
        code: an indicator's, or a series'.
        name: what it is called in that period.
        basis: `reported` or `counted`; None for the reported one, else the counted one.
    """

    code: str
    name: Text
    period: Period
    unit: ReportingUnit
    basis: str | None


@dataclass(frozen=True)
class Refusal:
    """Why a figure is not printed, and the word for it in the text."""

    word: str
    reason: Text


@dataclass(frozen=True)
class Lookup:
    """The figures of one release, asked for by one report.

    Attributes:
        period: what the report speaks of where the template does not say.
    """

    figures: Figures
    expectations: Expectations
    period: Period

    def read_ask(
        self,
        code: object,
        period: object = None,
        unit: object = None,
        basis: object = None,
    ) -> Asked:
        """Reads the words of a template's call.

        Raises:
            Misasked: an unknown code, unit or basis, or no period; what comes near is named.
        """
        if not isinstance(code, str) or not self._is_known(code):
            raise _complain("没有指标或序列", "there is no indicator or series", code, self._names)
        if basis is not None and basis not in BASES:
            raise _complain("没有口径", "there is no basis", basis, {name: name for name in BASES})
        asked = self._read_period(period)
        found = self._read_unit(unit)
        return Asked(code, self._name(code, asked, found), asked, found, str(basis or "") or None)

    def choose(self, asked: Asked) -> Figure | Refusal:
        """The figure to print, the reported one before the counted one; else why there is none."""
        found = self.figures.find(asked.code, str(asked.period), asked.unit.code)
        fitting = [item for item in found if asked.basis in {None, item.basis}]
        valued = [item for item in fitting if item.value is not None]
        named = asked.basis or (valued and valued[0].series_code == asked.code)
        if valued and (named or valued[0].basis == "reported" or self._is_same(valued[0])):
            return valued[0]
        return Refusal("未发布", self._explain_absence(asked, fitting, valued))

    def find_other(self, figure: Figure, period: Period) -> Figure | None:
        """The same series of the same unit in another period, in the same release."""
        known = self.list_series(figure)
        return next((item for item in known if item.period == str(period)), None)

    def list_series(self, figure: Figure) -> list[Figure]:
        """Every figure with a value of the series of one, in the order of their periods.

        The code of a reported series is its indicator's, by which what is counted is found as well.
        """
        known = self.list_known(figure.series_code, figure.reporting_unit_code)
        return sorted(
            (
                item
                for item in known
                if item.series_code == figure.series_code and item.period_type == figure.period_type
            ),
            key=lambda item: item.period,
        )

    def list_known(self, code: str, unit_code: str) -> list[Figure]:
        """Every figure of an indicator or series with a value, as the release in force has it."""
        release = self.figures.release.release_id
        return [
            item
            for item in self.figures.list_vintages(code, unit_code)
            if item.is_known_in(release) and item.value is not None
        ]

    def _is_known(self, code: str) -> bool:
        return code in self._indicators or self.figures.has(code)

    def _is_same(self, counted: Figure) -> bool:
        """Whether what is counted accumulates like what would be reported.

        Prizes of all years are reported, those of one quarter counted: one cannot stand for the
        other in a sentence.
        """
        meant = self._indicators.get(counted.indicator_code or "")
        if meant is None:
            return True
        since = counted.accumulated_since or "period"
        return meant.measure_kind == counted.measure_kind and meant.accumulated_since == since

    @cached_property
    def _indicators(self) -> Mapping[str, Indicator]:
        return {item.code: item for item in self.expectations.codes.indicators}

    @cached_property
    def _names(self) -> dict[str, str]:
        """What may have been meant by a code: codes and Chinese names."""
        indicators = self.expectations.codes.indicators
        return {item.name.zh: item.code for item in indicators} | {
            item.code: item.code for item in indicators
        }

    def _name(self, code: str, period: Period, unit: ReportingUnit) -> Text:
        indicators = self.expectations.codes.in_period(period).indicators
        named = next((item.name for item in indicators if item.code == code), None)
        if named:
            return named
        vintages = self.figures.list_vintages(code, unit.code)
        name = vintages[-1].indicator_name if vintages else code
        return Text(zh=name, en=name)

    def _read_period(self, period: object) -> Period:
        if period is None:
            return self.period
        if isinstance(period, PeriodWords | str):
            try:
                return Period.parse(str(period))
            except ValueError:
                pass
        raise Misasked(
            f"“{period}”不是报告期，请写成 2020、2020Q3 或 2020-09",
            f'"{period}" is no period: write 2020, 2020Q3 or 2020-09',
        )

    def _read_unit(self, unit: object) -> ReportingUnit:
        codes = self.expectations.codes
        if unit is None:
            return codes.city
        spellings = codes.unit_spellings(with_city=True)
        code = spellings.get(fold_name(str(unit)))
        if code is None:
            names = {item.name: item.name for item in codes.reporting_units}
            raise _complain("没有统计单元", "there is no reporting unit", unit, names)
        return next(item for item in codes.reporting_units if item.code == code)

    def _explain_absence(self, asked: Asked, fitting: list[Figure], valued: list[Figure]) -> Text:
        where = f"{asked.unit.name}{asked.period.title_zh}"
        if valued:
            return Text(
                zh=f"{where}只有按名录计数的数，计的是另一段时间，不能代替上报数；"
                '确要用它，请写 basis="counted"',
                en=f"of {asked.period} there is only a counted figure, of another stretch of time: "
                'it cannot stand for the reported one; where it is meant, write basis="counted"',
            )
        if fitting:
            return Text(
                zh=f"{where}填报的是“不适用”",
                en=f'for {asked.period} the form says "not applicable"',
            )
        release = self.figures.release.release_id
        zh, en = self._recall(asked)
        return Text(
            zh=f"第 {release} 次发布中没有{where}的数：没有报送，或有疑问未答复，暂不发布{zh}",
            en=f"release {release} has no figure for {asked.period}, {asked.unit.name_en}: it was "
            f"not reported, or is withheld until a question is answered{en}",
        )

    def _recall(self, asked: Asked) -> tuple[str, str]:
        """Which other release, or else which other period, has a figure."""
        release = self.figures.release.release_id
        vintages = [
            item
            for item in self.figures.list_vintages(asked.code, asked.unit.code)
            if asked.basis in {None, item.basis} and item.value is not None
        ]
        same = [item for item in vintages if item.period == str(asked.period)]
        later = [item.known_from_release for item in same if item.known_from_release > release]
        ended = [item.known_to_release for item in same if item.known_to_release]
        if later:
            return f"；第 {min(later)} 次发布才有", f"; release {min(later)} has one"
        if ended:
            return f"；第 {max(ended)} 次发布起撤下", f"; withdrawn with release {max(ended)}"
        periods = {item.period for item in vintages if item.is_known_in(release)}
        if periods:
            return f"；最近一期有数的是 {max(periods)}", f"; the latest period is {max(periods)}"
        return "", ""


def _complain(zh: str, en: str, wanted: object, names: Mapping[str, str]) -> Misasked:
    near = find_near(str(wanted), names)
    if not near:
        return Misasked(f"{zh}“{wanted}”", f'{en} "{wanted}"')
    return Misasked(
        f"{zh}“{wanted}”；相近的有：{'、'.join(near)}",
        f'{en} "{wanted}"; near to it: {", ".join(near)}',
    )
