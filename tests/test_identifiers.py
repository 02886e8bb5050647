"""Identifiers: the case tables in `cases/identifiers`, and the promises behind them."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from warehouse.identifiers import IDENTIFIERS, industry, patents, standard_numbers, uscc
from warehouse.identifiers.synthetic import make_application_no, make_uscc

CASES = Path(__file__).parent / "cases" / "identifiers"

CHECKS = {
    "uscc": uscc.check_uscc,
    "organisation_code": uscc.check_organisation_code,
    "application_no": patents.check_application_no,
    "standard_no": standard_numbers.check_standard_no,
    "industry_code": industry.check_industry_code,
}


def read_cases(name: str) -> list[dict[str, str | None]]:
    """The rows of a case table; an empty cell is None."""
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [{key: cell or None for key, cell in row.items()} for row in csv.DictReader(file)]
    assert rows
    return rows


def table_of(name: str) -> list:
    return [pytest.param(row, id=row.get("written") or "blank") for row in read_cases(name)]


def texts(*values: str | None) -> pl.Series:
    return pl.Series("code", values, dtype=pl.String)


def settle(name: str, *values: str | None) -> pl.Series:
    return IDENTIFIERS[name].normalise(texts(*values))


usccs = st.builds(
    make_uscc,
    st.integers(110000, 659999).map(str),
    st.integers(1, 99_999),
    st.sampled_from(uscc.AUTHORITIES),
    st.sampled_from("1239"),
)
application_nos = st.builds(
    make_application_no, st.integers(1985, 2099), st.sampled_from("12389"), st.integers(0, 99_999)
)
standard_nos = st.builds(
    "{}{}{}.{}{}{}".format,
    st.sampled_from(["GB", "GB/T", "GB_Z", "DB42/T", "DB4202-T", "T/CAS", "YB/T", "jbt", "Q/AB"]),
    st.sampled_from(["", " ", "　", "_"]),
    st.integers(1, 99_999),
    st.integers(1, 99),
    st.sampled_from(["-", "—", " ", " － "]),
    st.integers(1950, 2099),
)
typed = st.one_of(
    st.none(),
    usccs,
    application_nos,
    standard_nos,
    st.from_regex(r"[A-Ta-t]? ?[0-9]{1,5}", fullmatch=True),
    st.text(alphabet="GBTZLQDCNX0123456789/-—_. ．　'Ｇ８", max_size=20),
    st.text(max_size=12),
)


@pytest.mark.parametrize("case", table_of("uscc"))
def test_each_credit_code_gets_the_fault_its_case_names(case):
    assert uscc.check_uscc(case["written"]) == case["fault"]


@pytest.mark.parametrize("case", table_of("organisation_code"))
def test_each_organisation_code_gets_the_fault_its_case_names(case):
    assert uscc.check_organisation_code(case["written"]) == case["fault"]


@pytest.mark.parametrize("case", table_of("application_no"))
def test_each_application_number_is_spelled_judged_and_read_as_its_case_says(case):
    settled = settle("application_no", case["written"])
    year = patents.application_year_of(settled).item()
    assert settled.item() == case["normalised"]
    assert patents.check_application_no(case["written"]) == case["fault"]
    assert patents.patent_type_of(settled).item() == case["type"]
    assert year == (int(case["year"]) if case["year"] else None)


@pytest.mark.parametrize("case", table_of("standard_no"))
def test_each_standard_number_is_spelled_and_sorted_as_its_case_says(case):
    settled = settle("standard_no", case["written"])
    assert settled.item() == case["normalised"]
    assert standard_numbers.kind_of(settled).item() == case["kind"]
    assert standard_numbers.level_of(settled).item() == standard_numbers.LEVELS.get(case["kind"])
    assert (standard_numbers.check_standard_no(case["written"]) == "form") == (
        case["kind"] == "unknown"
    )


@pytest.mark.parametrize("case", table_of("industry_code"))
def test_each_industry_code_is_spelled_judged_and_sorted_as_its_case_says(case):
    settled = settle("industry_code", case["written"])
    assert settled.item() == case["normalised"]
    assert industry.check_industry_code(case["written"]) == case["fault"]
    assert industry.section_of(settled).item() == case["section"]


@pytest.mark.parametrize("name", ["uscc", "organisation_code", "application_no", "industry_code"])
def test_every_fault_word_has_a_case_and_every_case_a_known_word(name):
    assert {case["fault"] for case in read_cases(name)} - {None} == set(IDENTIFIERS[name].faults)


def test_every_kind_of_standard_has_a_case():
    assert {case["kind"] for case in read_cases("standard_no")} - {None} == set(
        standard_numbers.KINDS
    )


def test_the_sections_share_out_the_97_divisions_without_gap_or_overlap():
    assert list(industry.SECTIONS) == [f"{division:02d}" for division in range(1, 98)]
    assert "".join(dict.fromkeys(industry.SECTIONS.values())) == "ABCDEFGHIJKLMNOPQRST"
    assert industry.SECTIONS["13"] == "C" == industry.SECTIONS["43"]


@pytest.mark.parametrize("name", IDENTIFIERS)
@given(codes=st.lists(typed, min_size=1, max_size=8))
def test_a_column_is_judged_exactly_as_its_codes_one_by_one(name, codes):
    faults = IDENTIFIERS[name].find_fault(settle(name, *codes))
    assert faults.to_list() == [CHECKS[name](code) for code in codes]


@pytest.mark.parametrize("name", IDENTIFIERS)
@given(codes=st.lists(typed, max_size=30))
@example(
    codes=["'\u200b'1", "' '1", "ZL'1", "a \u0301", "CNCN123456789012.3", "Q/ - -1", "1 . 2 . 3"]
)
def test_normalising_twice_is_normalising_once(name, codes):
    once = settle(name, *codes)
    assert settle(name, *once).to_list() == once.to_list()


@pytest.mark.parametrize("name", IDENTIFIERS)
@given(codes=st.lists(typed, max_size=30))
def test_a_fault_is_a_declared_word_and_nothing_given_is_no_fault(name, codes):
    settled = settle(name, *codes)
    faults = IDENTIFIERS[name].find_fault(settled)
    assert settled.is_null().to_list() == [code is None for code in codes]
    assert set(faults.filter(settled.is_null())) <= {None}
    assert set(faults) <= {None, *IDENTIFIERS[name].faults}


@pytest.mark.parametrize("name", IDENTIFIERS)
@given(code=st.one_of(usccs, application_nos, standard_nos))
def test_full_width_blanks_and_case_do_not_change_what_a_code_is(name, code):
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in code)
    assert settle(name, wide, f" {code.lower()}\t").to_list() == settle(name, code, code).to_list()


@pytest.mark.parametrize("name", IDENTIFIERS)
def test_a_column_keeps_its_name_and_an_empty_or_untyped_one_is_taken(name):
    identifier = IDENTIFIERS[name]
    for column in (pl.Series("c", [], dtype=pl.String), pl.Series("c", [None, None])):
        settled = identifier.normalise(column)
        faults = identifier.find_fault(column)
        assert (settled.name, faults.name) == ("c", "c")
        assert (settled.dtype, faults.dtype) == (pl.String, pl.String)
        assert len(settled) == len(faults) == len(column)
        assert faults.null_count() == len(column)


@pytest.mark.parametrize("name", IDENTIFIERS)
def test_a_column_read_as_numbers_is_refused_with_its_name(name):
    with pytest.raises(TypeError, match=r"'uscc' holds Int64.*text"):
        IDENTIFIERS[name].find_fault(pl.Series("uscc", [913205056082348768]))


@given(code=usccs)
def test_every_wrong_character_in_a_credit_code_is_caught(code):
    assert uscc.check_uscc(code) is None
    wrong = [
        code[:place] + other + code[place + 1 :]
        for place in range(18)
        for other in uscc.ORGANISATION_ALPHABET
        if other != code[place]
    ]
    assert uscc.find_fault(texts(*wrong)).null_count() == 0


@given(code=usccs)
def test_every_swap_of_neighbours_in_a_credit_code_is_caught(code):
    swapped = [
        code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        for place in range(17)
        if code[place] != code[place + 1]
    ]
    assert uscc.find_fault(texts(*swapped)).null_count() == 0


@given(body=st.text(uscc.ALPHABET, min_size=8, max_size=8), place=st.integers(110000, 659999))
def test_a_code_made_from_its_two_check_characters_passes_for_any_body(body, place):
    front = f"91{place}{body}"
    for ninth in (uscc.compute_organisation_check_digit(body), uscc.HEAD_OFFICE_SUFFIX):
        code = front + ninth + uscc.compute_check_character(front + ninth)
        assert uscc.check_uscc(code) is None


@given(head=st.integers(10**14, 10**15 - 1).map(str), tail=st.integers(1, 999))
def test_a_digits_only_code_cut_to_fifteen_is_never_taken_for_another_fault(head, tail):
    assume(head[0] != "0")
    assert uscc.check_uscc(head + "000") in {None, "precision_loss"}
    assert uscc.check_uscc(f"{head}{tail:03d}") != "precision_loss"


@given(code=application_nos)
def test_every_wrong_character_in_an_application_number_is_caught(code):
    assert patents.check_application_no(code) is None
    wrong = [
        code[:place] + other + code[place + 1 :]
        for place in range(len(code))
        for other in "0123456789X."
        if other != code[place]
    ]
    assert patents.find_fault(texts(*wrong)).null_count() == 0


@pytest.mark.parametrize("case", read_cases("reserved_uscc"), ids=lambda case: case["code"])
def test_made_credit_codes_are_the_reserved_ones_worked_out_elsewhere(case):
    code = case["code"]
    assert make_uscc(code[2:8], int(code[11:16]), code[0], code[1]) == code
    assert uscc.check_uscc(code) is None


@given(code=application_nos, serial=st.integers(0, 9_999_999))
def test_made_application_numbers_tell_their_type_and_year(code, serial):
    made = make_application_no(2020, 2, serial)
    settled = settle("application_no", code, made, "ZL" + made.replace(".", ""))
    assert settled.to_list() == [code, made, made]
    assert patents.find_fault(settled).null_count() == 3
    assert patents.patent_type_of(settled)[1] == "实用新型"
    assert patents.application_year_of(settled)[1] == 2020


@pytest.mark.parametrize(
    "make",
    [
        lambda: make_uscc("420281", 0),
        lambda: make_uscc("420281", 100_000),
        lambda: make_uscc("42028", 1),
        lambda: make_uscc("４２０２８１", 1),
        lambda: make_uscc("420281", 1, authority="0"),
        lambda: make_uscc("420281", 1, authority=""),
        lambda: make_uscc("420281", 1, entity="O"),
        lambda: make_application_no(1984, 1, 1),
        lambda: make_application_no(2100, 1, 1),
        lambda: make_application_no(2020, 4, 1),
        lambda: make_application_no(2020, 1, 10_000_000),
        lambda: make_application_no(1999, 1, 100_000),
        lambda: uscc.compute_check_character("91420281PDY00007"),
        lambda: uscc.compute_check_character("91420281PDYO00079"),
        lambda: uscc.compute_organisation_check_digit("pdy00001"),
        lambda: patents.compute_check_digit("20171060186"),
    ],
)
def test_making_what_cannot_be_valid_is_refused(make):
    with pytest.raises(ValueError):
        make()
