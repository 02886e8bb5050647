"""The benchmark at toy sizes: night and limit do the same, and what was measured is said."""

from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb
import polars as pl
import pytest

from bench.__main__ import main
from bench.limit_queries import MARTS
from bench.play_limit import name_forms, play_limit
from bench.play_night import play_night
from bench.play_reading import READERS
from bench.report import describe_change
from bench.rows import Universe, spoil_codes
from bench.stages import StageClock
from bench.work_sets import LAID_AT, WORK_SETS, WorkSet, lay_work_set, list_forms
from warehouse.identifiers import uscc

ROWS = 20
# One row each, in a form that is otherwise right: what is typed where.
FAULTS = {
    "required": {"企业名称": None},
    "not_applicable": {"标准名称": "/"},
    "length": {"统一社会信用代码": "9142020"},
    "character": {"统一社会信用代码": "91420202PDY00001IO"},
    "unknown_unit": {"所属县(市、区)": "某某区"},
    "foreign_unit": {"所属县(市、区)": "大冶市"},
    "number": {"标准编号": "第七号标准"},
    "level": {"标准级别": "世界标准"},
    "contradiction": {"标准级别": "企业标准", "标准编号": "GB/T 90000-1999"},
    "role": {"参与方式": "旁观"},
    "status": {"标准状态": "未知"},
    "no_date": {"发布日期": "1999-02-30"},
    "date_after_period": {"发布日期": "2019-07-01"},
}


def toy(name: str, **changes: object) -> WorkSet:
    scaled = WORK_SETS[name].scale(0.00002)
    return WorkSet(**{**scaled.__dict__, "rows": ROWS, **changes})


def play_both(inbox: Path, folder: Path) -> tuple[dict[str, int], dict[str, int]]:
    home, other = folder / "home", folder / "other"
    for path in inbox.glob("*/*"):
        target = home / "inbox" / path.relative_to(inbox)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.hardlink_to(path)
    other.mkdir()
    night = play_night(home, StageClock())
    return night, play_limit(name_forms(inbox), other, StageClock())


def test_rows_have_unique_keys_and_valid_codes():
    rows = Universe(5_000, 6).make_rows("420281", "大冶市", 1_000, 800)
    key = ["统一社会信用代码", "标准编号", "产品名称"]
    assert rows.select(key).is_unique().all()
    assert uscc.find_fault(rows["统一社会信用代码"]).null_count() == 800
    spoilt = uscc.find_fault(spoil_codes(rows, 3)["统一社会信用代码"])
    assert spoilt.drop_nulls().to_list() == ["check_character"] * 3


def test_forms_are_of_different_obligations_as_long_as_there_are_any():
    forms = list_forms(toy("b", files=100))
    assert len({(form.unit.code, form.period) for form in forms}) == 100
    assert {form.unit.code for form in forms} == {
        "420202", "420203", "420204", "420222", "420281", "KFQTS",
    }  # fmt: skip


def test_a_laid_set_is_not_laid_again(tmp_path):
    inbox = lay_work_set(toy("b", files=4), tmp_path)
    files = sorted(inbox.glob("*/*"))
    times = [path.stat().st_ctime_ns for path in files]
    assert len(files) == 4
    assert lay_work_set(toy("b", files=4), tmp_path) == inbox
    assert [path.stat().st_ctime_ns for path in files] == times


def test_half_the_forms_of_b_are_gb18030(tmp_path):
    inbox = lay_work_set(toy("b", files=6), tmp_path)
    contents = [path.read_bytes() for path in sorted(inbox.glob("*/*"))]
    assert sum("标准名称".encode("gb18030") in content for content in contents) == 3
    assert sum("标准名称".encode() in content for content in contents) == 3


def test_night_and_limit_find_the_same_rows_at_fault(tmp_path):
    work_set = toy("b", files=8, faulty_every=4)
    night, limit = play_both(lay_work_set(work_set, tmp_path), tmp_path)
    assert work_set.faulty_rows == 6
    assert night == {"files": 8, "accepted": 6, "rows_loaded": 6 * ROWS, "findings": 6}
    assert limit == {"files": 8, "rows": 8 * ROWS, "quarantined": 6}


def test_night_and_limit_count_the_same_standards(tmp_path):
    """Twelve units and quarters, and resends of two of them: the last one counts."""
    work_set = toy("b", files=12, faulty_every=0)
    inbox = lay_work_set(work_set, tmp_path)
    for number, path in enumerate(sorted(inbox.glob("*/*_2019Q2_*"))[:2], start=12):
        resent = path.with_name(path.name.replace(path.stem[-4:], f"{number:04d}"))
        resent.write_bytes(b"\n".join(path.read_bytes().split(b"\n")[:11]) + b"\n")
        os.utime(resent, (LAID_AT, LAID_AT))
    play_both(inbox, tmp_path)
    counts = "period, {unit}, standard_level, role, standard_count, enterprise_count, product_count"
    with duckdb.connect(str(tmp_path / "home/published/mart.duckdb"), read_only=True) as published:
        ours = published.execute(
            f"select {counts.format(unit='reporting_unit_code')} "
            "from mart.standards where standard_count > 0 order by all"
        ).fetchall()
    with duckdb.connect(str(tmp_path / "other/published.duckdb"), read_only=True) as published:
        theirs = published.execute(
            f"select {counts.format(unit='unit_code')} from standards order by all"
        ).fetchall()
        tables = published.execute("select table_name from duckdb_tables()").fetchall()
    assert len(MARTS) == 10
    assert {name for (name,) in tables} == set(MARTS)
    assert theirs
    assert ours == theirs


def test_night_and_limit_know_the_same_faults(tmp_path):
    inbox = lay_work_set(toy("b", files=1, has_gb18030=False), tmp_path)
    [right] = inbox.glob("*/*")
    rows = pl.read_csv(right, infer_schema=False)
    planted = [
        pl.concat([pl.DataFrame([rows.row(0, named=True) | typed], schema=rows.schema), rows[1:]])
        for typed in FAULTS.values()
    ]
    planted.append(pl.concat([rows, rows[:1]]))
    for number, form in enumerate(planted, start=1):
        path = right.with_name(right.name.replace("_0000", f"_{number:04d}"))
        form.write_csv(path)
        os.utime(path, (LAID_AT, LAID_AT))
    night, limit = play_both(inbox, tmp_path)
    assert (night["files"], night["accepted"]) == (len(FAULTS) + 2, 1)
    with duckdb.connect(str(tmp_path / "other/limit.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select number, count(*) from quarantine group by all order by all"
        ).fetchall()
    expected = [(number, 1) for number in range(1, len(FAULTS) + 1)]
    assert found == [*expected, (len(FAULTS) + 1, 2)]
    assert limit["quarantined"] == len(FAULTS) + 2


@pytest.mark.parametrize(("reader", "heads"), [("calamine", 6), ("night", 6)])
def test_both_readers_read_every_row_of_a_workbook(reader, heads, tmp_path):
    inbox = lay_work_set(toy("c", files=2), tmp_path)
    assert [READERS[reader](path) for path in inbox.glob("*/*")] == [ROWS + heads] * 2


@pytest.mark.slow
def test_a_run_says_what_it_measured_and_can_be_set_beside_another(tmp_path, capsys):
    output = tmp_path / "bench.json"
    options = ["--sets", "a,c", "--scale", "0.00002", "--work", str(tmp_path / "work")]
    assert main([*options, "--output", str(output)]) == 0
    run = json.loads(output.read_text(encoding="utf-8"))
    shown = capsys.readouterr().out
    assert list(run["sets"]) == ["a", "c"]
    for compared in run["sets"].values():
        stages = compared["night"]["stages"]
        names = "open pull receive check load publish vintages return remind pages"
        assert list(stages) == names.split()
        assert compared["night"]["start_seconds"] > 0
        assert min(stage["peak_mb"] for stage in stages.values()) > 10
        assert compared["night"]["facts"]["accepted"] == compared["files"]
        whole = sum(stage["seconds"] for stage in stages.values())
        assert compared["ratio"] == pytest.approx(whole / compared["limit"]["seconds"])
    assert run["sets"]["c"]["reading_ratio"] > 0
    assert "goal at most 4" in shown
    changes = list(describe_change(run, run))
    assert any("receive seconds" in line for line in changes)


def test_an_unknown_work_set_is_named(capsys):
    with pytest.raises(SystemExit):
        main(["--sets", "a,z"])
    assert "no work set z; there are a, b, c, d" in capsys.readouterr().err
