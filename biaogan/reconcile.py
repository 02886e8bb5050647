"""Prints the worklist of differences between two sources: how old each is, and who answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rich.text import Text

from biaogan.messages import language, tell
from biaogan.screens import console, show_json, show_table
from warehouse.export.values import show_decimal
from warehouse.periods import Period
from warehouse.query import QueryLimits, run_query
from warehouse.settings import load_settings

WRONG_USE = 2
MOST_ROWS = 1_000_000
UNSETTLED = ("open", "expired")
STATES: Mapping[str, str] = {
    "open": "red",
    "expired": "red",
    "bridged": "cyan",
    "incomplete": "yellow",
    "one_sided": "dim",
    "agrees": "green",
}
"""States in the order they are listed, with their colours."""
_ROWS = """
    select * from mart.reconciliation
    where period = coalesce({period}, period)
    order by
        list_position({states}, state), age_days desc, period desc, comparison_code,
        reporting_unit_code
"""
_HAS_MART = "select count(*) from duckdb_tables() where table_name = 'reconciliation'"
_RELEASE = "select max_by(published_on, release_id) as published_on from mart.release"


def show_differences(period: str | None, output: str, *, everything: bool) -> int:
    """Prints what is open or has expired, oldest first; 1 where there is any.

    As JSON it is a list of the rows of `mart.reconciliation`, numbers exact decimals as text.

    Args:
        period: reporting period looked at; all where empty.
        output: `table` or `json`.
        everything: also what agrees, is bridged, or cannot be told yet.
    """
    try:
        asked = f"'{Period.parse(period)}'" if period else "null"
    except ValueError:
        console.print(tell("not a period: {text}; write 2020, 2020Q3 or 2020-09", text=period))
        return WRONG_USE
    pointer, limits = load_settings().pointer, QueryLimits(rows=MOST_ROWS)
    if not run_query(pointer, _HAS_MART).frame.item():
        console.print(
            tell("The release was made before sources were compared: run biaogan nightly.")
        )
        return 1
    query = _ROWS.format(period=asked, states=list(STATES))
    rows = run_query(pointer, query, limits=limits).frame.to_dicts()
    unsettled = [row for row in rows if row["state"] in UNSETTLED]
    shown = rows if everything else unsettled
    if output == "json":
        show_json([_plain(row) for row in shown])
    else:
        day = run_query(pointer, _RELEASE).frame.item()
        _show(shown, Counter(row["state"] for row in rows), day)
    return 1 if unsettled else 0


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: show_decimal(value) if isinstance(value, Decimal) else value
        for name, value in row.items()
    }


def _show(rows: list[dict[str, Any]], counts: Mapping[str, int], day: object) -> None:
    words = _list_words()
    columns = (
        "State", "Compared", "How", "Period", "Reporting unit", "Checked", "Checked by",
        "Difference", "Open since", "Days", "Who answers", "Bridge",
    )  # fmt: skip
    if rows:
        title = tell("Two sources for one fact, as of {day}", day=day)
        kinds = _list_kinds()
        lines = [_line(row, words, kinds) for row in rows]
        show_table(title, [tell(column) for column in columns], lines)
    else:
        console.print(tell("No difference is open, as of {day}.", day=day))
    said = (f"{words[state]} {counts[state]}" for state in STATES if counts.get(state))
    console.print(tell("Comparisons: {counts}", counts="  ".join(said) or "0"))


def _line(
    row: Mapping[str, Any], words: Mapping[str, str], kinds: Mapping[str, str]
) -> tuple[object, ...]:
    english = language() == "en"
    reason = row["reason_en"] if english else row["reason"]
    ends = tell("until {day}", day=row["bridge_ends_on"]) if row["bridge_code"] else ""
    return (
        Text(words[row["state"]], style=STATES[row["state"]]),
        row["comparison_en"] if english else row["comparison"],
        kinds[row["kind"]],
        row["period"],
        row["reporting_unit"],
        _write(row["left_value"], row["left_qualifier"], row["unit"]),
        _write(row["right_value"], row["right_qualifier"], row["unit"]),
        _write(row["difference"], None, ""),
        row["open_since"],
        row["age_days"],
        row["owner_name"] or row["owner_code"] or tell("the quality office"),
        " ".join(filter(None, (row["bridge_code"], ends, reason))),
    )


def _write(value: Decimal | None, qualifier: str | None, unit: str) -> str:
    """A figure with its qualifier as a form's two cells say it: 5000000 元 (余)."""
    if value is None:
        return ""
    said = f"{show_decimal(value)} {unit}".strip()
    return f"{said} ({qualifier})" if qualifier else said


def _list_words() -> dict[str, str]:
    return {
        "open": tell("open"),
        "expired": tell("bridge ended"),
        "bridged": tell("bridged"),
        "incomplete": tell("forms missing"),
        "one_sided": tell("one source only"),
        "agrees": tell("agrees"),
    }


def _list_kinds() -> dict[str, str]:
    return {
        "register": tell("reported against the register"),
        "departments": tell("two figures for one fact"),
        "total": tell("city against its units"),
        "share": tell("share recomputed"),
        "growth": tell("growth recomputed"),
        "rank": tell("rank recomputed"),
        "part": tell("parts against the whole"),
    }
