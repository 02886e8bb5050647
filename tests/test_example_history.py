"""The example's history, night by night: what was planted is found, 2020Q3 counts to the report."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from night_root import copy_root
from prose_score import list_texts, make_document, read_labelled
from whole_example import WholeExample

from examples.plan import Planned, plan_examples
from warehouse.contracts.load import DEFAULT_EXPECTATIONS, load_expectations
from warehouse.ledger.chain import verify_chain
from warehouse.night import run_night
from warehouse.periods import Period
from warehouse.query.published import open_published, resolve_release
from warehouse.report.check import Judge, make_judge
from warehouse.report.documents.read import read_document
from warehouse.report.figures import Figures
from warehouse.report.render import render_report

CASES = Path(__file__).parent / "cases" / "figures_2020q3.csv"
VERDICTS = {"accept": "accepted", "hold": "held", "reject": "rejected"}
WITHHELD = {"fee_reduction_amount"}


@pytest.fixture(scope="module")
def planned() -> list[Planned]:
    return plan_examples()


def read_figures() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_file_gets_the_verdict_and_exactly_the_findings_that_were_planted(
    whole_example, planned
):
    submissions = {
        (folder, name): (number, VERDICTS[action])
        for number, folder, name, action in whole_example.read_ledger(
            "select submission_id, folder, file_name, action "
            "from ledger.submission inner join ledger.decision using (submission_id)"
        )
    }
    found = defaultdict(set)
    for number, rule, cell in whole_example.read_ledger(
        "select submission_id, rule_id, cell from ledger.finding"
    ):
        found[number].add((rule, cell))
    wrong = []
    for file in planned:
        if file.verdict == "identical":
            continue
        folder, name = file.path.split("/", 1)
        number, verdict = submissions.get((folder, name), (0, "no submission"))
        expected = "rejected" if file.verdict == "refused" else file.verdict
        if file.withheld:  # the form is accepted, its doubtful figures alone are held
            expected = "accepted"
        located = {mark for mark in file.planted if mark[1]}
        whole = {rule for rule, cell in file.planted if cell is None}
        missing = located - found[number] | {
            (rule, None) for rule in whole if rule not in {rule for rule, _ in found[number]}
        }
        extra = {mark for mark in found[number] - located if mark[0] not in whole}
        if verdict != expected or missing or extra:
            wrong.append(
                (file.path, expected, verdict, sorted(missing, key=str), sorted(extra, key=str))
            )
    assert wrong == []


def test_a_resent_file_is_recognised_and_not_taken_in_again(whole_example, planned):
    outcomes = {
        (folder, name): (outcome, number)
        for folder, name, outcome, number in whole_example.read_ledger(
            "select folder, file_name, outcome, submission_id from ledger.arrival"
        )
    }
    resent = [file.path.split("/", 1) for file in planned if file.verdict == "identical"]
    assert resent
    for folder, name in resent:
        outcome, number = outcomes[folder, name]
        assert (outcome, number > 0) == ("identical", True)


def test_rows_in_are_rows_loaded_and_rows_rejected(whole_example):
    [(taken,)] = whole_example.read_ledger("select sum(row_count) from ledger.submission")
    [(rejected,)] = whole_example.read_ledger(
        "select sum(row_count) from ledger.submission inner join ledger.decision "
        "using (submission_id) where action = 'reject'"
    )
    tables = [
        name
        for (name,) in whole_example.read_ledger(
            "select table_name from duckdb_tables() where schema_name = 'core'"
        )
    ]
    loaded = sum(
        whole_example.read_ledger(f"select count(*) from core.{name}")[0][0] for name in tables
    )
    assert taken == loaded + rejected
    assert loaded == sum(report.rows_loaded for report in whole_example.reports)


def test_a_rejected_file_has_something_to_mend_and_an_accepted_one_has_nothing(whole_example):
    rows = whole_example.read_ledger(
        "select action, count(finding.rule_id) filter (where finding.severity = 'must_fix') "
        "from ledger.decision left join ledger.finding using (submission_id) "
        "group by submission_id, action"
    )
    assert {count > 0 for action, count in rows if action == "reject"} == {True}
    assert {count for action, count in rows if action != "reject"} == {0}


@pytest.mark.parametrize("figure", read_figures(), ids=lambda row: row["indicator_code"])
def test_a_figure_of_the_report_is_published_as_known_on_its_date(whole_example, figure):
    code = figure["indicator_code"]
    rows = whole_example.read_release(
        whole_example.of_the_report,
        "select basis, value, coalesce(qualifier, ''), expected_submissions, "
        "included_submissions from mart.series "
        f"where indicator_code = '{code}' and period = '2020Q3' "
        "and reporting_unit_code = '420200'",
    )
    reported = [(value, qualifier) for basis, value, qualifier, *_ in rows if basis == "reported"]
    counted = [row for row in rows if row[0] == "counted"]
    if code in WITHHELD:
        assert rows == []
        return
    assert reported == [(Decimal(figure["reported"]), figure["qualifier"])]
    if figure["counted_from"]:
        [(_, value, _, expected, included)] = counted
        assert Decimal(figure["counted_from"]) <= value <= Decimal(figure["counted_to"])
        assert expected == included
    else:
        assert counted == []


def test_the_implausible_fee_figure_waits_for_an_explanation_and_nothing_else_does(whole_example):
    rows = whole_example.read_ledger(
        "select submission.period, finding.rule_id, finding.cell, finding.value "
        "from ledger.finding inner join ledger.submission using (submission_id) "
        "where dataset = 'indicators' and severity = 'explain' and explanation is null "
        "and period = '2020Q3'"
    )
    assert [(period, rule, value) for period, rule, _, value in rows] == [
        ("2020Q3", "outside_plausible_range", "240")
    ]
    assert rows[0][2]


def test_the_past_is_flagged_as_replayed_and_tonight_is_not(whole_example):
    releases = whole_example.read_release(
        whole_example.reports[-1].release_id,
        "select is_replayed, count(*) from mart.release group by all order by all",
    )
    assert releases == [(False, 1), (True, len(whole_example.laid.nights))]
    flags = whole_example.read_ledger(
        "select is_replayed, min(night_at) < '2021-02-01', min(recorded_at) > '2026-01-01' "
        "from ledger.submission group by all order by all"
    )
    assert flags == [(False, False, True), (True, True, True)]


def test_the_ledger_s_chain_holds(whole_example):
    with duckdb.connect(str(whole_example.settings.database), read_only=True) as connection:
        assert verify_chain(connection) == []


def test_the_city_s_trademarks_of_2024_are_the_published_table(whole_example):
    rows = whole_example.read_release(
        whole_example.reports[-1].release_id,
        "select reporting_unit_code, application_count, registration_count, valid_count "
        "from mart.trademarks where period = '2024Q1' order by reporting_unit_code",
    )
    assert rows == [
        ("420200", 906, 888, 24144),
        ("420202", 119, 93, 2486),
        ("420203", 76, 41, 1235),
        ("420204", 61, 78, 1202),
        ("420222", 291, 321, 8387),
        ("420281", 237, 311, 8024),
        ("KFQTS", 122, 44, 2810),
    ]


def test_no_name_or_phone_of_a_footer_reaches_the_ledger_the_core_or_the_marts(
    whole_example, planned
):
    pattern = r"0714-\d{7}|填表人|联系电话"
    places = [
        (str(whole_example.settings.database), "ledger"),
        (str(whole_example.settings.database), "core"),
        (str(whole_example.reports[-1].published), "mart"),
    ]
    hits = Counter()
    for path, schema in places:
        with duckdb.connect(path, read_only=True) as connection:
            for table, column in connection.execute(
                "select table_name, column_name from duckdb_columns() "
                "where schema_name = ? and data_type = 'VARCHAR'",
                [schema],
            ).fetchall():
                [count] = connection.execute(
                    f'select count(*) from {schema}.{table} where regexp_matches("{column}", ?)',
                    [pattern],
                ).fetchone()
                hits[f"{schema}.{table}.{column}"] += count
    assert {place for place, count in hits.items() if count} == set()


def test_a_second_night_says_nothing_new_arrived_and_changes_nothing(whole_example, tmp_path):
    home = copy_root(whole_example.settings.home, tmp_path / "home")
    settings = whole_example.settings.model_copy(update={"home": home})
    before = settings.database.read_bytes()
    pointer = settings.pointer.resolve()
    report = run_night(settings)
    assert report.submissions == []
    assert report.release_id is None
    assert settings.database.read_bytes() == before
    assert settings.pointer.resolve() == pointer


REPORT_DAY = date(2020, 10, 27)


@contextmanager
def open_newest(whole_example: WholeExample) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_published(resolve_release(whole_example.settings.pointer))
    try:
        yield connection
    finally:
        connection.close()


def judge_as_of(connection: duckdb.DuckDBPyConnection, as_of: date | None) -> Judge:
    return make_judge(Figures(connection, as_of), load_expectations().codes)


def test_the_report_writes_itself_with_the_figures_known_on_its_day_and_holds_when_read_back(
    whole_example, tmp_path
):
    template = DEFAULT_EXPECTATIONS / "reports" / "quality_and_brand.md"
    with open_newest(whole_example) as connection:
        judge = judge_as_of(connection, REPORT_DAY)
        rendered = render_report(
            template, judge.figures, load_expectations(), Period(2020, 3, "quarter"),
            tmp_path / "report.docx",
        )  # fmt: skip
        items = judge.check(read_document(rendered.files[0])).items
    assert {item.code for item in rendered.refused} == WITHHELD
    printed = {item.indicator_code: item.value for item in rendered.bound if item.kind == "figure"}
    wanted = {row["indicator_code"]: Decimal(row["reported"]) for row in read_figures()}
    assert printed == {code: value for code, value in wanted.items() if code not in WITHHELD}
    figures = [item for item in items if item.status != "not a measure"]
    assert [item.series_code for item in figures] == [item.series_code for item in rendered.bound]
    assert {item.status for item in figures} <= {"agrees", "agrees when rounded"}


def test_a_report_in_other_words_of_the_same_figures_holds_as_known_on_its_day(whole_example):
    text = read_labelled(list_texts("")[0])
    with open_newest(whole_example) as connection:
        items = judge_as_of(connection, REPORT_DAY).check(text.document).items
    tied = {item.indicator_code: item.status for item in items if item.indicator_code}
    assert len(tied) > 40
    assert {code: status for code, status in tied.items() if status != "agrees"} == dict.fromkeys(
        WITHHELD, "cannot be tied"
    )


def test_a_figure_that_was_corrected_later_is_explained_by_the_release_that_had_it(whole_example):
    said = "2019年一季度末，全市企业执行和参与制修订标准746项。"
    with open_newest(whole_example) as connection:
        [item] = [
            item
            for item in judge_as_of(connection, None).check(make_document("brief", said)).items
            if item.indicator_code
        ]
    assert (item.status, item.release) == ("explained by a later revision", 1)
    assert item.warehouse_value == 933
