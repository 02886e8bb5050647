"""Runs Great Expectations: one suite per contract and night, over each distinct value once.

Every supported expectation speaks of the cells of one row, so its verdict depends on those cells'
values alone: a value that stands in a million rows needs judging once. The cost of a night is then
that of its distinct values, and a file's findings cannot depend on which files lie beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from warehouse.gate.suite import Planned

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Outcome:
    """What the suite said.

    Attributes:
        failing: by expectation key, the distinct value tuples that failed (columns = its domain).
        broken: by expectation key, why it could not be run.
        document: Great Expectations' own result, as JSON-ready data.
    """

    failing: dict[str, pl.DataFrame]
    broken: dict[str, str]
    document: dict[str, Any]


def judge_values(
    planned: Sequence[Planned], domains: dict[tuple[str, ...], pl.DataFrame]
) -> Outcome:
    """Judges distinct values.

    Args:
        planned: the suite.
        domains: for each domain named in the suite its distinct tuples, none with a blank.
    """
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    _silence(gx)
    keys = {domain: str(number) for number, domain in enumerate(domains)}
    suite = gx.ExpectationSuite(
        name="contract", expectations=[_make(gx, plan, keys[plan.domain]) for plan in planned]
    )
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    batch = (
        context.data_sources.add_pandas("gate")
        .add_dataframe_asset("values")
        .add_batch_definition_whole_dataframe("all")
        .get_batch(batch_parameters={"dataframe": _lay_side_by_side(domains, keys)})
    )
    result: Any = batch.validate(suite, result_format={"result_format": "COMPLETE"})
    answers = {answer.expectation_config.meta["key"]: answer for answer in result.results}
    failing: dict[str, pl.DataFrame] = {}
    broken: dict[str, str] = {}
    for plan in planned:
        answer: Any = answers.get(plan.key)
        reason = _why_not_run(answer, domains[plan.domain])
        if reason is not None:
            broken[plan.key] = reason
        elif not answer.success:
            rows = [int(index) for index in answer.result["unexpected_index_list"]]
            failing[plan.key] = domains[plan.domain][rows]
    document = result.to_json_dict()
    # The time of day it was run at: without it, the same values give the same document.
    document["meta"].get("batch_markers", {}).pop("ge_load_time", None)
    return Outcome(failing, broken, document)


def _silence(gx: Any) -> None:  # noqa: ANN401
    import logging

    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] == gx.__name__:
            logging.getLogger(name).setLevel(logging.ERROR)


def _make(gx: Any, plan: Planned, key: str) -> Any:  # noqa: ANN401
    renamed = {
        name: f"{key}.{value}" if name in {"column", "column_A", "column_B"} else value
        for name, value in plan.arguments.items()
    }
    return getattr(gx.expectations, plan.expectation)(**renamed, meta={"key": plan.key})


def _lay_side_by_side(
    domains: dict[tuple[str, ...], pl.DataFrame], keys: dict[tuple[str, ...], str]
) -> pd.DataFrame:
    """One wide frame: each domain's tuples from the first row on, blank below.

    Great Expectations takes one frame a run and leaves blanks out, so domains of different height
    can share it without touching each other.
    """
    import pandas as pd

    series = {}
    for domain, frame in domains.items():
        for name in domain:
            values = frame[name]
            if values.dtype.is_decimal():
                values = values.cast(pl.Float64)
            if values.dtype == pl.String:
                series[f"{keys[domain]}.{name}"] = pd.Series(values.to_list(), dtype=object)
            else:
                series[f"{keys[domain]}.{name}"] = values.to_pandas()
    return pd.DataFrame(series)


def _why_not_run(answer: Any, domain: pl.DataFrame) -> str | None:  # noqa: ANN401
    if answer is None:
        return "no result came back"
    if not answer.result:
        details = answer.exception_info or {}
        first = details if "exception_message" in details else next(iter(details.values()), {})
        return str(first.get("exception_message") or "the rule raised")[:300]
    judged = answer.result["element_count"] - answer.result.get("missing_count", 0)
    if judged < domain.height:
        return f"only {judged} of {domain.height} values were looked at"
    return None
