"""Taking in one file: whatever happens to it, the night goes on."""

from datetime import UTC, date, datetime

from warehouse import intake
from warehouse.contracts.load import load_expectations
from warehouse.intake import Incoming, take_in
from warehouse.wording import word_finding

EXPECTATIONS = load_expectations()


def describe(path, refusal=None) -> Incoming:
    return Incoming(
        submission_id=1, path=path, sha256="0" * 64, size_bytes=3, source="inbox/420222",
        folder="420222", file_name="标准制修订情况表_阳新县_2020Q3.csv",
        known_at=datetime(2020, 10, 9, tzinfo=UTC), refusal=refusal,
    )  # fmt: skip


def test_a_file_our_own_readers_fail_on_is_a_finding_and_stops_no_other(tmp_path, monkeypatch):
    path = tmp_path / "form"
    path.write_bytes(b"a,b")

    def fail(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(intake, "read_document", fail)
    taken = take_in(describe(path), EXPECTATIONS, date(2020, 10, 22))
    [finding] = taken.staged.form.findings
    assert (finding.rule_id, finding.expected) == ("refused_reader_failed", "ZeroDivisionError")
    assert taken.facts["dataset"] == "standards"
    assert taken.facts["period"] == "2020Q3"


def test_a_file_refused_at_its_source_has_a_sentence_in_both_languages():
    taken = take_in(describe(None, "symlink"), EXPECTATIONS, date(2020, 10, 22))
    [finding] = taken.staged.form.findings
    facts = {"rule_id": finding.rule_id, "value": finding.value, "expected": finding.expected}
    for language, word in (("zh", "符号链接"), ("en", "symbolic link")):
        assert word in word_finding(EXPECTATIONS, None, facts, language).sentence
