"""One page per release: what it moved and why, to the last digit; and the list of all releases."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final

import polars as pl

from warehouse.contracts.model import Text
from warehouse.export.text import encode_csv
from warehouse.site.numbers import show_number
from warehouse.site.page import Page, Site
from warehouse.site.privacy import mask_numbers
from warehouse.site.received import Row
from warehouse.site.release_news import read_parts, read_release, read_releases
from warehouse.site.text import join, same, say

CAUSES: Final[dict[str, Text]] = {
    "late_form": say("form that came late"),
    "correction": say("correction"),
    "withdrawal": say("withdrawal"),
    "decision": say("steward's decision"),
    "definition_change": say("definition changed"),
    "passing_of_time": say("passing of time"),
    "unaccounted": say("not accounted for"),
}
"""Why a figure that was published before moved (`mart.series_change.cause`)."""
GATE = "gate"
MOST_OPEN = 40
"""Releases of the list that are seen at once; the older ones are folded, not left out."""


@dataclass(frozen=True)
class ReleasePages:
    """The pages of all releases that the newest published file tells of, and their list."""

    site: Site

    def list_pages(self) -> Iterator[Page]:
        """Every release's page, and the list of them, newest first."""
        releases, movers = read_releases(self.site)
        before: Row = {}
        for row in releases:
            moved = movers[row["release_id"]]
            yield self._plan(row, before, moved)
            before = row
        lines = [row | {"causes": _count_causes(row)} for row in reversed(releases)]
        yield Page(
            "releases/index.html",
            "releases.html",
            lines,
            lambda: {"rows": lines, "most_open": MOST_OPEN},
        )

    def _plan(self, row: Row, before: Row, moved: Sequence[Row]) -> Page:
        number = row["release_id"]
        changed = _find_changed_contracts(row, before)
        inputs = {"row": row, "moved": moved, "changed": changed}
        return Page(
            f"releases/{number}.html",
            "release.html",
            inputs,
            lambda: self._fill(row, changed, moved),
            {f"releases/{number}.csv": partial(self._encode_parts, number)},
        )

    def _fill(self, row: Row, changed: Sequence[str], moved: Sequence[Row]) -> dict[str, Any]:
        told = read_release(self.site, row["release_id"])
        figures = self._sum_parts(told.parts)
        return {
            "row": row,
            "causes": _count_causes(row),
            "changed": [self.site.name_dataset(name) for name in changed],
            "movers": [self._describe_mover(item) for item in moved],
            "main": [figure for figure in figures if figure["is_main"]],
            "other": _group([figure for figure in figures if not figure["is_main"]]),
            "first": told.first,
            "withdrawn": [item | {"value": _show(item["value"])} for item in told.withdrawn],
            "cause_words": CAUSES,
        }

    def _encode_parts(self, number: int) -> bytes:
        parts = read_parts(self.site, number)
        masked = pl.col("note").map_elements(mask_numbers, pl.String)
        return encode_csv(parts.with_columns(masked))

    def _describe_mover(self, item: Row) -> Row:
        form, note = item["form"], item["note"]
        return item | {
            "title": self.site.name_dataset(form["dataset"]) if form else None,
            "period": form["period"] if form else None,
            "reporter": self.site.name_reporter(item["reporter_code"])
            if item["reporter_code"]
            else None,
            "decided_by": None if item["decided_by"] == GATE else item["decided_by"],
            "note": note and note["note"] and mask_numbers(note["note"]),
            "was_asked": note is not None,
        }

    def _sum_parts(self, parts: Sequence[Row]) -> list[dict[str, Any]]:
        """Each figure that moved, with its parts in the ledger's order."""
        grouped: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for part in parts:
            grouped[part["series_code"], part["period"], part["reporting_unit_code"]].append(part)
        city = self.site.expectations.codes.city.code
        figures = []
        for found in grouped.values():
            whole = found[0]
            indicator = whole["indicator_code"]
            name = self.site.name_subject(indicator) if indicator else same(whole["indicator_name"])
            figures.append(
                {
                    **whole,
                    "name": name,
                    "is_main": indicator is not None and whole["reporting_unit_code"] == city,
                    "before": _show(whole["value_before"]),
                    "after": _show(found[-1]["value_after"]),
                    "difference": _sign(sum(part["difference"] for part in found)),
                    "adds_up": _adds_up(found),
                    "parts": [self._describe_part(part) for part in found],
                }
            )
        return figures

    def _describe_part(self, part: Row) -> dict[str, Any]:
        return {
            "cause": part["cause"],
            "submission_id": part["submission_id"],
            "reporter": self.site.name_reporter(part["reporter_code"])
            if part["reporter_code"]
            else None,
            "before": _show(part["value_before"]),
            "after": _show(part["value_after"]),
            "difference": _sign(part["difference"]),
        }


def _find_changed_contracts(row: Row, before: Row) -> list[str]:
    """Datasets whose contract is not that of the release before, or was not there."""
    if not before:
        return []
    now, then = (json.loads(item["contract_versions"] or "{}") for item in (row, before))
    return sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))


def _count_causes(row: Row) -> Text | None:
    """`late_form 3, correction 2` in words, with how many figures each moved."""
    counted = [item.split(" ") for item in (row["what_changed"] or "").split(", ") if item]
    return (
        join(
            say("{cause}: {count}", cause=CAUSES.get(cause, same(cause)), count=count)
            for cause, count in counted
        )
        if counted
        else None
    )


def _adds_up(parts: Sequence[Row]) -> bool:
    """Whether the parts lead from the old value to the new one; nothing counts as 0."""
    before, after = parts[0]["value_before"], parts[-1]["value_after"]
    return bool(sum(part["difference"] for part in parts) == (after or 0) - (before or 0))


def _group(figures: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """By mart; reported indicators have none and stand under their own name."""
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for figure in figures:
        code = figure["series_code"]
        grouped[code.split(".")[0] if "." in code else "indicators"].append(figure)
    return dict(sorted(grouped.items()))


def _show(value: Decimal | None) -> str | None:
    return None if value is None else show_number(value)


def _sign(value: Decimal | int) -> str:
    return f"{'+' if value > 0 else ''}{show_number(Decimal(value))}"
