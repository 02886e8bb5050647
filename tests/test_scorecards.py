"""Truth tables of the scorecards: files, findings and decisions in, scores out."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tests.ledger_rows import Ledger, Sent
from tests.warehouse_rows import expectations
from warehouse.contracts.load import DEFAULT_EXPECTATIONS
from warehouse.dimensions import DIMENSIONS, find_dimension
from warehouse.periods import Period

DUE = "2020-10-15"
"""When the standards of 2020Q3 were due."""


@dataclass(frozen=True)
class Case:
    """A sentence, the files it is about, and the scores that follow."""

    says: str
    files: Sequence[Sent]
    rows: Sequence[str]
    where: str = "dataset = 'standards'"


def named(cases: Sequence[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case.says for case in cases])


def build(files: Sequence[Sent], mart: str, day: str = "2021-03-31") -> Ledger:
    ledger = Ledger()
    for sent in files:
        ledger.receive(sent)
    ledger.build(mart, day=day)
    return ledger


HERE = "standards 420202 2020Q3 2020-11-02"
AGAIN = "standards 420202 2020Q3 2020-11-05"
THIRD = "standards 420202 2020Q3 2020-11-09"

# --- rules ---------------------------------------------------------------------------------------

HITS = "rule_id hit_count corrected_count kept_count pending_count precision_pct"


@named(
    [
        Case(
            "what the next round no longer has is corrected, what it still has is kept",
            [
                Sent(HERE, "reject", ["!dup a", "!dup b", "!dup c"]),
                Sent(AGAIN, "reject", ["!dup b"]),
            ],
            ["dup 3 2 1 0 66.67"],
        ),
        Case(
            "what is mended in the third round was one hit and one correction",
            [
                Sent(HERE, "reject", ["!dup a"]),
                Sent(AGAIN, "reject", ["!dup a"]),
                Sent(THIRD, "accept"),
            ],
            ["dup 1 1 0 0 100.00"],
        ),
        Case(
            "what comes back after it was mended is another hit",
            [
                Sent(HERE, "reject", ["!dup a"]),
                Sent(AGAIN, "accept"),
                Sent(THIRD, "reject", ["!dup a"]),
            ],
            ["dup 2 1 0 1 100.00"],
        ),
        Case(
            "what has no next round yet is pending and spoils no precision",
            [Sent(HERE, "reject", ["!dup a", "!dup b"])],
            ["dup 2 0 0 2 -"],
        ),
        Case(
            "a notice of a file that was accepted is kept",
            [Sent(HERE, "accept", [".wide a"])],
            ["wide 1 0 1 0 0.00"],
        ),
        Case(
            "what a steward accepts as it is is kept",
            [Sent(HERE, "hold accept", ["?falls a"])],
            ["falls 1 0 1 0 0.00"],
        ),
        Case(
            "a file that was withdrawn settles nothing",
            [Sent(HERE, "accept withdraw", [".wide a"])],
            ["wide 1 0 0 1 -"],
        ),
        Case(
            "two files that mend the same one make no two corrections of one hit",
            [
                Sent(HERE, "reject", ["!dup a"]),
                Sent(AGAIN, "reject", ["!dup a"], mends=1),
                Sent(THIRD, "reject", mends=1),
                Sent("standards 420202 2020Q3 2020-11-10", "accept", mends=2),
            ],
            ["dup 1 1 0 0 100.00"],
        ),
        Case(
            "what a later accepted file passed by is settled",
            [
                Sent(HERE, "reject", ["!dup a"]),
                Sent(AGAIN, "reject", ["!lost a"], mends=1),
                Sent(THIRD, "accept", mends=1),
            ],
            ["dup 1 1 0 0 100.00", "lost 1 0 1 0 0.00"],
        ),
        Case(
            "the same fault of another reporter, period or form is another hit",
            [
                Sent(HERE, "reject", ["!dup a"]),
                Sent("standards 420203 2020Q3 2020-11-02", "reject", ["!dup a"]),
                Sent("standards 420202 2020Q2 2020-11-02", "reject", ["!dup a"]),
                Sent("patents 420202 2020Q3 2020-11-02", "reject", ["!dup a"]),
                Sent(AGAIN, "accept"),
            ],
            ["patents dup 1 0 0 1 -", "standards dup 3 1 0 2 100.00", "全部 dup 4 1 0 3 100.00"],
            "true",
        ),
        Case(
            "a file whose form could not be told is counted as such, and stays pending",
            [
                Sent("- 420202 - 2020-11-02", "reject", ["!unidentified_dataset x"]),
                Sent("standards 420202 - 2020-11-03", "reject", ["!unidentified_period y"]),
            ],
            [
                "standards unidentified_period 1 0 0 1 -",
                "全部 unidentified_dataset 1 0 0 1 -",
                "全部 unidentified_period 1 0 0 1 -",
                "未识别 unidentified_dataset 1 0 0 1 -",
            ],
            "true",
        ),
    ]
)
def test_hits_and_what_became_of_them(case: Case) -> None:
    columns = HITS if case.where != "true" else f"dataset {HITS}"
    found = build(case.files, "rule_score").read("rule_score", columns, case.where)
    assert found == sorted(case.rows)


@named(
    [
        Case(
            "an explanation in the file, or a steward's, counts once for its hit",
            [
                Sent(HERE, "hold", ["?falls a = 并户", "?falls b", "?falls c"]),
                Sent(
                    AGAIN, "hold accept", ["?falls a = 并户", "?falls b = 核实", "?falls c"],
                    later=["falls c = 电话核实"],
                ),
            ],
            ["falls 3 3 2"],
        ),
        Case(
            "a hit that was left open is not explained",
            [Sent(HERE, "hold", ["?falls a"]), Sent(AGAIN, "hold", ["?falls a"])],
            ["falls 1 0 2"],
        ),
        Case(
            "a rule that falls silent has the files it spoke of, not those it did not",
            [Sent(HERE, "reject", ["!dup a", "!dup b"]), Sent(AGAIN, "accept")],
            ["dup 2 0 1"],
        ),
    ]
)  # fmt: skip
def test_explanations_and_files_of_a_rule(case: Case) -> None:
    read = "rule_id hit_count explained_count submission_count"
    assert build(case.files, "rule_score").read("rule_score", read, case.where) == case.rows


def forms(count: int, findings: Sequence[str], action: str) -> list[Sent]:
    """The same findings in a number of quarters, each in one file."""
    return [
        Sent(f"standards 420202 {2019 + item // 4}Q{item % 4 + 1} 2020-11-02", action, findings)
        for item in range(count)
    ]


@named(
    [
        Case(
            "a notice nobody acts on is named for retirement",
            forms(2, [f".wide {item}" for item in range(5)], "accept"),
            ["wide notice retire"],
        ),
        Case(
            "nine hits are too few to tell",
            forms(1, [f".wide {item}" for item in range(9)], "accept"),
            ["wide notice -"],
        ),
        Case(
            "one file, however long, is one habit and no verdict on a rule",
            forms(1, [f".wide {item}" for item in range(99)], "accept"),
            ["wide notice -"],
        ),
        Case(
            "what still may be mended does not count towards it",
            forms(5, ["!dup a", "!dup b", "!dup c"], "reject"),
            ["dup must_fix -"],
        ),
        Case(
            "a rule that is only ever explained is too narrow",
            forms(5, ["?falls a = 并户", "?falls b = 并户"], "accept"),
            ["falls explain widen"],
        ),
        Case(
            "one that stewards wave through unexplained may go",
            forms(5, ["?falls a", "?falls b"], "hold accept"),
            ["falls explain retire"],
        ),
        Case(
            "one that must be mended and never is says it badly",
            forms(5, ["!dup a", "!dup b"], "reject") + forms(5, ["!dup a", "!dup b"], "reject"),
            ["dup must_fix clarify"],
        ),
        Case(
            "one correction in twenty is enough to stay",
            forms(2, [f"!dup {item}" for item in range(10)], "reject")
            + forms(2, [f"!dup {item}" for item in range(1, 10)], "reject"),
            ["dup must_fix -"],
        ),
        Case(
            "one in twenty-two is not",
            forms(2, [f"!dup {item}" for item in range(11)], "reject")
            + forms(1, [f"!dup {item}" for item in range(1, 11)], "reject")
            + forms(2, [f"!dup {item}" for item in range(11)], "reject")[1:],
            ["dup must_fix clarify"],
        ),
        Case(
            "the severity is the one it was last applied with",
            [
                *forms(5, ["!wide a", "!wide b"], "reject accept"),
                Sent("standards 420203 2020Q3 2020-11-20", "accept", [".wide a"]),
            ],
            ["wide notice retire"],
        ),
    ]
)
def test_rules_nobody_acts_on_are_named(case: Case) -> None:
    read = "rule_id severity advice"
    assert build(case.files, "rule_score").read("rule_score", read, case.where) == case.rows


def test_hits_are_what_was_corrected_kept_or_is_pending() -> None:
    ledger = build(
        [
            *forms(4, ["!dup a", "?falls b", ".wide c"], "reject"),
            *forms(3, ["!dup a", ".wide d"], "reject accept"),
            *forms(2, ["?falls b = 并户"], "accept"),
        ],
        "rule_score",
    )
    wrong = "hit_count <> corrected_count + kept_count + pending_count"
    assert ledger.read("rule_score", "rule_id", wrong) == []
    assert len(ledger.read("rule_score", "rule_id")) == 6


# --- reporters -----------------------------------------------------------------------------------

PASSES = "received_count accepted_count first_pass_count first_pass_pct"
OURS = "dataset = 'standards' and reporter_code = '420202'"


@named(
    [
        Case(
            "a first file without a fault passes first, whatever is noticed",
            [Sent(HERE, "accept", [".wide a"])],
            ["1 1 1 100.00"],
        ),
        Case(
            "one that explains itself passes first",
            [Sent(HERE, "accept", ["?falls a = 并户"])],
            ["1 1 1 100.00"],
        ),
        Case(
            "one that was accepted with a figure withheld does not",
            [Sent(HERE, "accept", ["?falls a"])],
            ["1 1 0 0.00"],
        ),
        Case(
            "nor where a steward gives the explanation afterwards",
            [Sent(HERE, "accept", ["?falls a"], later=["falls a = 电话核实"])],
            ["1 1 0 0.00"],
        ),
        Case("nor where it was held first", [Sent(HERE, "hold accept")], ["1 1 0 0.00"]),
        Case(
            "nor where a steward returned it later",
            [Sent(HERE, "accept return"), Sent(AGAIN, "accept")],
            ["1 1 0 0.00"],
        ),
        Case(
            "a second file that is accepted was not the first",
            [Sent(HERE, "reject", ["!dup a"]), Sent(AGAIN, "accept")],
            ["1 1 0 0.00"],
        ),
        Case(
            "a form revised of its reporter's own accord has passed first",
            [Sent(HERE, "accept"), Sent(AGAIN, "accept")],
            ["1 1 1 100.00"],
        ),
        Case(
            "the rate is over what was received, not over what was owed",
            [
                Sent(HERE, "accept"),
                Sent("standards 420202 2020Q2 2020-08-10", "reject", ["!dup a"]),
                Sent("standards 420202 2020Q1 2020-05-10", "accept"),
            ],
            ["3 2 2 66.67"],
        ),
        Case("where nothing came there is no rate", [], ["0 0 0 -"]),
        Case(
            "a form that was not owed yet counts for nothing",
            [Sent("standards 420202 2018Q4 2020-11-02", "accept")],
            ["0 0 0 -"],
        ),
    ]
)
def test_first_pass_rate(case: Case) -> None:
    assert build(case.files, "reporter_score").read("reporter_score", PASSES, OURS) == case.rows


@named(
    [
        Case(
            "rounds count up to the first file accepted",
            [
                Sent(HERE, "reject"),
                Sent(AGAIN, "accept"),
                Sent(THIRD, "accept"),
                Sent("standards 420202 2020Q2 2020-08-10", "accept"),
            ],
            ["1.50 2"],
        ),
        Case(
            "a form that never was accepted has no rounds to acceptance",
            [Sent(HERE, "reject"), Sent(AGAIN, "hold")],
            ["- -"],
        ),
        Case(
            "an acceptance that was withdrawn is none",
            [Sent(HERE, "accept withdraw"), Sent(AGAIN, "accept")],
            ["2.00 2"],
        ),
    ]
)
def test_rounds_to_acceptance(case: Case) -> None:
    read = "rounds_mean rounds_max"
    assert build(case.files, "reporter_score").read("reporter_score", read, OURS) == case.rows


LATE = "late_count overdue_count accepted_days_late_mean days_late_mean days_late_max"
ON_TIME = [
    Sent(f"standards 420202 {year}Q{part} {year + part // 4}-{part * 3 % 12 + 1:02d}-10", "accept")
    for year, part in [(2019, 1), (2019, 2), (2019, 3), (2019, 4), (2020, 1), (2020, 2)]
]
"""The six forms owed before 2020Q3, each accepted within its month."""


@named(
    [
        Case(
            "a form accepted on its due day is 0 days late",
            [Sent(f"standards 420202 2020Q3 {DUE}", "accept")],
            ["0 0 0.00 0.00 0"],
        ),
        Case(
            "a weekend does not count",
            [Sent("standards 420202 2020Q3 2020-10-22", "accept")],
            ["1 0 0.71 0.71 5"],
        ),
        Case(
            "what counts is when the accepted file came, not the first one",
            [
                Sent("standards 420202 2020Q3 2020-10-09", "reject"),
                Sent("standards 420202 2020Q3 2020-10-19", "accept"),
            ],
            ["1 0 0.29 0.29 2"],
        ),
        Case(
            "a form nothing was accepted for is late up to tonight",
            [Sent("standards 420202 2020Q3 2020-10-19", "reject")],
            ["1 1 0.00 0.86 6"],
        ),
        Case(
            "a form that is excused is not late, nor owed",
            [Sent("excuse standards 420202 2020Q3", "")],
            ["0 0 0.00 0.00 0"],
        ),
    ]
)
def test_working_days_late(case: Case) -> None:
    ledger = build([*ON_TIME, *case.files], "reporter_score", day="2020-10-24")
    assert ledger.read("reporter_score", LATE, OURS) == case.rows


@named(
    [
        Case(
            "what the newest file leaves to mend or explain is open, a notice is not",
            [
                Sent(HERE, "reject", ["!dup a", "!dup b", "!dup c"]),
                Sent(AGAIN, "reject", ["!dup b", "?falls a", "?falls b = 并户", ".wide a"]),
            ],
            ["2"],
        ),
        Case(
            "a figure that is withheld is open",
            [Sent(HERE, "accept", ["?falls a"])],
            ["1"],
        ),
        Case(
            "a steward's explanation closes it",
            [Sent(HERE, "accept", ["?falls a"], later=["falls a = 电话核实"])],
            ["0"],
        ),
        Case(
            "so does a steward who accepts it as it is",
            [Sent(HERE, "hold accept", ["?falls a"])],
            ["0"],
        ),
        Case(
            "a correction that fails is open although an earlier file counts",
            [Sent(HERE, "accept"), Sent(AGAIN, "reject", ["!dup a"])],
            ["1"],
        ),
        Case(
            "a file that was withdrawn leaves nothing open",
            [Sent(HERE, "hold withdraw", ["?falls a"])],
            ["0"],
        ),
    ]
)
def test_open_findings(case: Case) -> None:
    assert build(case.files, "reporter_score").read("reporter_score", "open_count", OURS) == (
        case.rows
    )


def test_reporters_and_forms_are_rolled_up_and_counted_anew() -> None:
    ledger = build(
        [
            Sent(HERE, "accept"),
            Sent("patents 420202 2020Q3 2020-11-02", "reject", ["!dup a"]),
            Sent("patents 420202 2020Q3 2020-11-03", "reject", ["!dup a"]),
            Sent("patents 420202 2020Q3 2020-11-04", "accept"),
            Sent("patents 420203 2020Q3 2020-11-02", "reject", ["!dup a", "!dup b"]),
        ],
        "reporter_score",
    )
    read = "reporter dataset received_count first_pass_pct rounds_mean rounds_max open_count"
    assert ledger.read("reporter_score", read, "received_count > 0") == sorted(
        [
            "黄石港区 standards 1 100.00 1.00 1 0",
            "黄石港区 patents 1 0.00 3.00 3 0",
            "黄石港区 全部 2 50.00 2.00 3 0",
            "西塞山区 patents 1 0.00 - - 2",
            "西塞山区 全部 1 0.00 - - 2",
            "全部 standards 1 100.00 1.00 1 0",
            "全部 patents 2 0.00 3.00 3 2",
            "全部 全部 3 33.33 2.00 3 2",
        ]
    )
    contract, codes = expectations().contracts["standards"], expectations().codes
    # Eight quarters of standards had ended by the night of the build.
    owed = [len(codes.owing_in(contract, Period.parse("2019Q1").shift(at))) for at in range(8)]
    whole = "reporter_code = '全部' and dataset = 'standards'"
    assert ledger.read("reporter_score", "expected_count", whole) == [str(sum(owed))]


def test_every_reporter_has_one_row_a_form_it_owes() -> None:
    ledger = build([], "reporter_score")
    twice = ledger.connection.execute(
        "select reporter_code, dataset from release.mart.reporter_score "
        "group by all having count(*) > 1"
    ).fetchall()
    assert twice == []
    owed = {
        f"{reporter.code} {contract.dataset}"
        for contract in expectations().contracts.values()
        for period in (Period.parse("2019Q1"), Period.parse("2020Q3"))
        for reporter in expectations().codes.owing_in(contract, period)
    }
    rows = ledger.read(
        "reporter_score", "reporter_code dataset", "reporter_code <> '全部' and dataset <> '全部'"
    )
    assert set(rows) == owed


# --- the ledger alone decides --------------------------------------------------------------------


@pytest.mark.parametrize("mart", ["rule_score", "reporter_score"])
def test_a_score_of_an_earlier_cut_is_the_score_of_that_night(mart: str) -> None:
    ledger = build([Sent(HERE, "reject", ["!dup a", "?falls b"])], mart)
    cut = ledger.chain.sequence
    before = ledger.connection.execute(f"from release.mart.{mart} order by all").fetchall()
    ledger.receive(Sent(AGAIN, "accept", ["?falls b = 并户"], later=["falls b = 电话核实"]))
    ledger.build(mart, day="2021-03-31")
    later = ledger.connection.execute(f"from release.mart.{mart} order by all").fetchall()
    ledger.build(mart, day="2021-03-31", cut=cut)
    again = ledger.connection.execute(f"from release.mart.{mart} order by all").fetchall()
    assert again == before != later


# --- dimensions ----------------------------------------------------------------------------------


def test_every_rule_declares_its_dimension_and_every_dimension_has_a_rule() -> None:
    common = DEFAULT_EXPECTATIONS / "codes" / "common_rules.toml"
    entries = list(tomllib.loads(common.read_text(encoding="utf-8")).values())
    for path in DEFAULT_EXPECTATIONS.glob("*.toml"):
        entries += tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    assert {entry["dimension"] for entry in entries} == set(DIMENSIONS)


@pytest.mark.parametrize(
    ("dataset", "rule", "dimension"),
    [
        ("standards", "required", "completeness"),
        ("standards", "level_contradicts_number", "consistency"),
        ("patents", "granted_before_applied", "timeliness"),
        ("honours", "unit_vanished", "completeness"),
        ("indicators", "outside_plausible_range", "accuracy"),
        (None, "refused_encrypted", "accessibility"),
        (None, "unidentified_dataset", "conformity"),
        ("standards", "a_rule_that_is_gone", "accuracy"),
        ("a_form_that_is_gone", "unit_vanished", "accuracy"),
    ],
)
def test_the_dimension_of_a_finding(dataset: str | None, rule: str, dimension: str) -> None:
    assert find_dimension(expectations(), dataset, rule) == dimension
