"""The page of scorecards: how reporters do, and which rules do their work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from warehouse.build.views import readdress
from warehouse.contracts.model import Text
from warehouse.settings import CITY_TIME
from warehouse.site.page import Page, Site
from warehouse.site.received import Row
from warehouse.site.rule_text import describe_rule
from warehouse.site.signs import SEVERITIES, STATES, Sign
from warehouse.site.text import join, same, say

ALL, UNKNOWN = "全部", "未识别"
"""The marts' words for all forms or reporters together, and for a form that could not be told."""
ALL_FORMS, ALL_REPORTERS = say("all forms"), say("all reporters")
UNKNOWN_FORM = say("form not told")
PASSING = frozenset({"days_late_mean", "days_late_max"})
"""What grows from day to day while nothing is accepted; a page says nothing that does."""
MOST_RULES_DRAWN = 12
MOST_ROWS = 600
"""Of the tables that go into each form; a page of them stays well below 1 MB."""
MOST_FORMS_NAMED = 2
"""A rule that spoke on more forms is said to concern so many of them."""

PASSES: Final[dict[str, Sign]] = {
    "first": Sign("✓", say("passed first"), STATES["accepted"].colour),
    "later": Sign("✓", say("accepted after more rounds"), STATES["nil"].colour),
    "open": Sign("？", say("received, not accepted"), STATES["held"].colour),
}
FATES: Final[dict[str, Sign]] = {
    "corrected": Sign("✓", say("corrected"), STATES["accepted"].colour),
    "kept": Sign("—", say("kept as it was"), STATES["missing"].colour),
    "pending": Sign("？", say("no next round yet"), STATES["held"].colour),
}
ADVICE: Final[dict[str, Text]] = {
    "retire": say("retire: nobody acts on it"),
    "widen": say("widen: it is only ever explained"),
    "clarify": say("clarify: it must be mended and is not"),
}
"""What `mart.rule_score` advises; see the head of its file for when."""


@dataclass(frozen=True)
class ScorecardPage:
    """The one page of scorecards."""

    site: Site

    def list_pages(self) -> Iterator[Page]:
        """The one page."""
        facts = self._gather()
        signs: dict[str, Any] = {"passes": PASSES, "fates": FATES, "advice": ADVICE}
        signs |= {"most_rules": MOST_RULES_DRAWN, "most_rows": MOST_ROWS}
        yield Page("scorecards.html", "scorecards.html", facts, lambda: facts | signs)

    def _gather(self) -> dict[str, Any]:
        """Everything the page says, as plain values; none of it counts days up to now."""
        scores = [self._name(row) for row in self._read("reporter_score")]
        rules = self._list_rules()
        return {
            "whole": next((row for row in scores if _is_all(row) == (True, True)), None),
            "reporters": sorted(
                (row for row in scores if _is_all(row) == (False, True)), key=_urge
            ),
            "forms": sorted((row for row in scores if _is_all(row) == (True, False)), key=_urge),
            "pairs": sorted((row for row in scores if _is_all(row) == (False, False)), key=_urge),
            "rules": [row for row in rules if row["dataset"] == ALL],
            "rules_by_form": [row for row in rules if row["dataset"] != ALL],
            "advised": _list_advised(rules),
            "silent": self._list_silent(rules),
        }

    def _read(self, mart: str) -> list[Row]:
        """A mart as of the ledger cut the pages show; the overdue days, which pass by, left out."""
        query = readdress(self.site.rules.marts[mart], {})
        return [
            {name: value for name, value in row.items() if name not in PASSING}
            for row in self.site.fetch(query)
        ]

    def _name(self, row: Row) -> Row:
        form = ALL_FORMS if row["dataset"] == ALL else self.site.name_dataset(row["dataset"])
        code = row["reporter_code"]
        reporter = ALL_REPORTERS if code == ALL else self.site.name_reporter(code)
        return row | {
            "form": form,
            "reporter": reporter,
            "later_count": row["accepted_count"] - row["first_pass_count"],
        }

    def _list_rules(self) -> list[Row]:
        """The rows of the mart with the rules' words, most hits first."""
        rows = self._read("rule_score")
        forms: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            if row["dataset"] != ALL:
                forms[row["rule_id"]].append(row["dataset"])
        described = [
            row
            | describe_rule(
                self.site.expectations,
                min(forms[row["rule_id"]]) if row["dataset"] == ALL else row["dataset"],
                row["rule_id"],
            )
            | {
                "form": self._name_forms(row["dataset"], forms[row["rule_id"]]),
                "rank": list(SEVERITIES).index(row["severity"]),
                "last_hit_on": row["last_hit_at"]
                and row["last_hit_at"].astimezone(CITY_TIME).date(),
            }
            for row in rows
        ]
        return sorted(
            described, key=lambda row: (-row["hit_count"], row["rule_id"], row["dataset"])
        )

    def _name_forms(self, dataset: str, forms: Sequence[str]) -> Text:
        names = sorted(forms) if dataset == ALL else [dataset]
        if len(names) > MOST_FORMS_NAMED:
            return say("{count} forms", count=len(names))
        return join(
            UNKNOWN_FORM if name == UNKNOWN else self.site.name_dataset(name) for name in names
        )

    def _list_silent(self, rules: Sequence[Row]) -> list[Text]:
        """Rules that were never broken, by form; the common ones once."""
        spoken = {row["rule_id"] for row in rules}
        by_form = {(row["dataset"], row["rule_id"]) for row in rules}
        expectations = self.site.expectations
        own = [
            say("{form}: {rule}", form=contract.title, rule=rule.id)
            for contract in expectations.contracts.values()
            for rule in contract.rule
            if (contract.dataset, rule.id) not in by_form
        ]
        return [
            *own,
            *(same(name) for name in expectations.codes.common_rules if name not in spoken),
        ]


def _is_all(row: Row) -> tuple[bool, bool]:
    """Whether a score is that of all reporters, and of all forms."""
    return row["reporter_code"] == ALL, row["dataset"] == ALL


def _urge(row: Row) -> tuple[Any, ...]:
    """Sorts the lowest first-pass rate to the top; where nothing came, there is none: last."""
    rate = row["first_pass_pct"]
    names = (row["reporter_code"], row["dataset"])
    return rate is None, rate or 0, -row["late_count"], *names


def _list_advised(rules: Sequence[Row]) -> list[Row]:
    """Rules to look at; one that is advised on over all forms is named once."""
    everywhere = {row["rule_id"] for row in rules if row["dataset"] == ALL and row["advice"]}
    return [
        row
        for row in rules
        if row["advice"] and (row["dataset"] == ALL or row["rule_id"] not in everywhere)
    ]
