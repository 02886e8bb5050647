"""Collecting: sources, names, the archive, and pulling from folders of this machine."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.collect import local
from warehouse.collect.archive import (
    ArchiveError,
    TooLarge,
    clear_incoming,
    path_of,
    store,
    verify,
)
from warehouse.collect.names import judge_name, show_name
from warehouse.collect.place import resolve_place, show_address
from warehouse.collect.pull import PullResult, pull_all, pull_source
from warehouse.collect.sources import ConfigError, Source, find_config, load_sources
from warehouse.contracts.load import load_expectations

AT = datetime(2020, 10, 10, 2, 0, tzinfo=UTC)
EARLIER = datetime(2020, 10, 9, 8, 0, tzinfo=UTC)
SAMPLE = Path(__file__).parents[1] / "docs" / "guides" / "biaogan.sample.toml"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "inbox" / "scjg"
    path.mkdir(parents=True)
    return path


def lay(path: Path, body: bytes, changed: datetime = EARLIER) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    os.utime(path, (changed.timestamp(), changed.timestamp()))
    return path


def pull(
    folder: Path,
    archive: Path,
    *,
    at: datetime = AT,
    is_replayed: bool = False,
    seen: set = frozenset(),
    received: set | None = None,
    **keys: object,
) -> PullResult:
    source = Source(**{"name": "inbox/scjg", "reporter": "scjg", "address": str(folder), **keys})
    return pull_source(
        source, archive, seen=seen, at=at, is_replayed=is_replayed, received=received
    )


def outcomes(result: PullResult) -> dict[str, tuple[str, str | None]]:
    return {arrival.file_name: (arrival.outcome, arrival.reason) for arrival in result.arrivals}


def record(*results: PullResult) -> set:
    return {
        arrival.fingerprint
        for result in results
        for arrival in result.arrivals
        if arrival.outcome != "waiting"
    }


# The archive


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=5000))
def test_bytes_are_kept_unchanged_under_their_sha256(archive: Path, body: bytes) -> None:
    stored = store(archive, io.BytesIO(body), max_bytes=5000)
    assert stored.sha256 == hashlib.sha256(body).hexdigest()
    assert stored.size == len(body)
    path = archive / stored.sha256[:2] / stored.sha256
    assert path == path_of(archive, stored.sha256)
    assert path.read_bytes() == body
    assert path.stat().st_mode & 0o777 == 0o444


def test_the_same_bytes_again_change_nothing(archive: Path) -> None:
    first = store(archive, io.BytesIO(b"form"), max_bytes=10)
    before = path_of(archive, first.sha256).stat()
    second = store(archive, io.BytesIO(b"form"), max_bytes=10)
    after = path_of(archive, first.sha256).stat()
    assert (first.is_new, second.is_new) == (True, False)
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert list((archive / ".incoming").iterdir()) == []


def test_a_file_over_the_limit_leaves_nothing_behind(archive: Path) -> None:
    with pytest.raises(TooLarge):
        store(archive, io.BytesIO(b"x" * 11), max_bytes=10)
    assert [path for path in archive.rglob("*") if path.is_file()] == []


def test_a_stream_that_breaks_leaves_nothing_behind(archive: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            chunk = super().read(size)
            if not chunk:
                raise ConnectionResetError
            return chunk

    with pytest.raises(ConnectionResetError):
        store(archive, Broken(b"half"), max_bytes=10)
    assert [path for path in archive.rglob("*") if path.is_file()] == []


def test_verify_names_what_is_damaged_or_foreign_and_good_bytes_mend_it(archive: Path) -> None:
    good = store(archive, io.BytesIO(b"good"), max_bytes=10)
    bad = store(archive, io.BytesIO(b"bad"), max_bytes=10)
    assert verify(archive) == []
    damaged = path_of(archive, bad.sha256)
    damaged.chmod(0o644)
    damaged.write_bytes(b"baD")
    foreign = damaged.with_name("notes.txt")
    foreign.write_text("?")
    names = [path.relative_to(archive).as_posix() for path in (damaged, foreign)]
    assert verify(archive) == sorted(names)
    assert not store(archive, io.BytesIO(b"bad"), max_bytes=10).is_new
    foreign.unlink()
    assert verify(archive) == []
    assert path_of(archive, good.sha256).read_bytes() == b"good"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, f"{'a' * 64}/.."])
def test_no_name_but_a_hash_leads_into_the_archive(archive: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        path_of(archive, name)


def test_storing_takes_little_memory_however_large_the_file(archive: Path) -> None:
    class Zeros:
        left = 64

        def read(self, size: int, /) -> bytes:
            self.left -= 1
            return bytes(size) if self.left >= 0 else b""

    tracemalloc.start()
    try:
        stored = store(archive, Zeros(), max_bytes=1 << 30)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
    assert stored.size == 64 << 20


def test_a_process_killed_while_storing_leaves_no_half_file(archive: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from warehouse.collect.archive import store\n"
        "class Feed:\n"
        "    def read(self, size):\n"
        "        print('reading', flush=True); return sys.stdin.buffer.read(4)\n"
        "store(Path(sys.argv[1]), Feed(), max_bytes=100)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(archive)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"half")
    process.stdin.flush()
    process.stdout.readline()
    process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    half = list((archive / ".incoming").iterdir())
    assert [path.read_bytes() for path in half] == [b"half"]
    assert verify(archive) == []
    assert clear_incoming(archive) == 0
    yesterday = time.time() - 25 * 3600
    os.utime(half[0], (yesterday, yesterday))
    assert clear_incoming(archive) == 1


def test_an_archive_that_cannot_be_written_stops_the_pull_and_blames_no_source(
    folder: Path, archive: Path
) -> None:
    lay(folder / "a.csv", b"a")
    archive.write_text("a file where the folder should be")
    with pytest.raises(ArchiveError, match=r"无法写入.*cannot be written.*Check free space"):
        pull(folder, archive)


# Names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("标准制修订情况表_阳新县_2020Q3.xlsx", None),
        ("2020/三季度/专利.csv", None),
        ("a..b.xlsx", None),
        ("1:1.xlsx", None),
        ("../a.xlsx", ("refused", "name_leaves_folder")),
        ("a/../../b.xlsx", ("refused", "name_leaves_folder")),
        ("/etc/passwd", ("refused", "name_leaves_folder")),
        ("C:\\forms\\a.xlsx", ("refused", "name_leaves_folder")),
        ("C:a.xlsx", ("refused", "name_leaves_folder")),
        ("a\\b.xlsx", ("refused", "name_leaves_folder")),
        ("a//b.xlsx", ("refused", "name_leaves_folder")),
        ("", ("refused", "name_leaves_folder")),
        ("a\nb.xlsx", ("refused", "unreadable_name")),
        ("a\u202excel.slx", ("refused", "unreadable_name")),
        ("a\ufffd.xlsx", ("refused", "unreadable_name")),
        ("~$表.xlsx", ("ignored", "office_lock")),
        (".~表.xlsx", ("ignored", "office_lock")),
        (".~lock.表.ods#", ("ignored", "office_lock")),
        ("表.xlsx.tmp", ("ignored", "temporary_file")),
        ("表.xlsx.PART", ("ignored", "temporary_file")),
        ("表.xlsx.filepart", ("ignored", "temporary_file")),
        ("表.xlsx~", ("ignored", "temporary_file")),
        ("sub/.DS_Store", ("ignored", "system_file")),
        ("Thumbs.db", ("ignored", "system_file")),
        (".hidden/表.xlsx", ("ignored", "hidden")),
    ],
)
def test_a_name_alone_decides_what_is_not_read(name: str, expected: tuple[str, str] | None) -> None:
    verdict = judge_name(name)
    assert (verdict and (verdict.outcome, verdict.reason)) == expected


@given(name=st.text(alphabet=st.sampled_from("a./\\:~ 表\n"), max_size=12))
def test_a_name_that_is_taken_stays_below_its_folder(name: str) -> None:
    if judge_name(name) is None:
        joined = os.path.normpath(PurePosixPath("/base") / name)
        assert joined.startswith("/base/")
        assert show_name(name) == name


# Sources


def test_without_a_config_each_folder_of_the_inbox_is_a_source(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    for code in ("scjg", "420281", "KFQTS"):
        (inbox / code).mkdir(parents=True)
    (inbox / ".git").mkdir()
    sources = load_sources(None, inbox)
    assert [(source.name, source.reporter) for source in sources] == [
        ("inbox/420281", "420281"),
        ("inbox/KFQTS", "KFQTS"),
        ("inbox/scjg", "scjg"),
    ]
    assert load_sources(None, tmp_path / "nowhere") == []


def test_a_file_in_no_reporters_folder_is_refused_by_name(tmp_path: Path, archive: Path) -> None:
    lay(tmp_path / "inbox" / "scjg" / "ok.csv", b"ok")
    lay(tmp_path / "inbox" / "lost.csv", b"lost")
    lay(tmp_path / "inbox" / "~$lost.csv", b"lock")
    results = pull_all(
        load_sources(None, tmp_path / "inbox"), archive, seen=set(), at=AT, is_replayed=False
    )
    assert [outcomes(result) for result in results] == [
        {"ok.csv": ("stored", None)},
        {"lost.csv": ("refused", "no_reporter_folder"), "~$lost.csv": ("ignored", "office_lock")},
    ]


def test_the_sample_config_loads_with_the_inbox_before_it(tmp_path: Path) -> None:
    (tmp_path / "inbox" / "scjg").mkdir(parents=True)
    sources = {source.name: source for source in load_sources(SAMPLE, tmp_path / "inbox")}
    assert list(sources) == [
        "inbox/scjg",
        "kjj-share",
        "czj-sftp",
        "swj-web",
        "jxj-web",
        "scjg-bucket",
        "420281-cloud",
    ]
    assert sources["czj-sftp"].known_hosts == SAMPLE.parent / "known_hosts"
    assert sources["inbox/scjg"].max_bytes == 1 << 30
    defaults = Source(name="x", reporter="x", address="x")
    for key in ("max_bytes", "timeout_seconds", "retries", "backoff_seconds", "settle_seconds"):
        assert getattr(sources["kjj-share"], key) == getattr(defaults, key), key


def test_defaults_reach_every_source_and_each_may_differ(tmp_path: Path) -> None:
    (tmp_path / "inbox" / "scjg").mkdir(parents=True)
    config = tmp_path / "biaogan.toml"
    config.write_text(
        '[collect]\nretries = 7\n[[source]]\nname = "a"\nreporter = "kjj"\naddress = "share"\n'
        "retries = 1\n[publish]\nkeep = 3\n",
        encoding="utf-8-sig",
    )
    inbox, declared = load_sources(config, tmp_path / "inbox")
    assert (inbox.retries, declared.retries) == (7, 1)
    assert declared.address == str(tmp_path / "share")


GOOD = '[[source]]\nname = "a"\nreporter = "kjj"\naddress = "x"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[source]", "TOML"),
        ('[[sources]]\nname = "a"', "sources.*did you mean source"),
        ('[source]\nname = "a"', r"write each one as \[\[source\]\]"),
        ('[[source]]\nname = "a"\naddress = "x"', r"source 1 \(a\) ▸ reporter.*缺少此项.*required"),
        (GOOD + 'known_host = "k"', r"source 1 \(a\) ▸ known_host.*known_hosts.*no such key"),
        (GOOD + "retries = -1", r"source 1 \(a\) ▸ retries.*greater than or equal to 0"),
        (GOOD + "files = []", r"source 1 \(a\) ▸ files"),
        (GOOD + GOOD, "source a.*名称重复.*used twice"),
        (GOOD.replace('"a"', '"inbox/kjj"'), "belong to the inbox"),
        ("[collect]\nretry = 1", "collect ▸ retry.*retries"),
        ('[collect]\naddress = "x"', "collect ▸ address.*known: max_bytes"),
        ("[collect]\nretries = 'many'", "collect ▸ retries.*integer"),
        ("collect = 3", r"\[collect\]"),
    ],
)
def test_a_config_that_cannot_be_used_is_named_by_file_key_and_remedy(
    tmp_path: Path, text: str, expected: str
) -> None:
    config = tmp_path / "biaogan.toml"
    config.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=f"(?s)biaogan.toml ▸ .*{expected}"):
        load_sources(config, tmp_path / "inbox")


def test_a_config_in_another_encoding_or_absent_is_named(tmp_path: Path) -> None:
    config = tmp_path / "biaogan.toml"
    with pytest.raises(ConfigError, match=r"读不到.*BIAOGAN_CONFIG"):
        load_sources(config, tmp_path)
    config.write_bytes("# 来源".encode("gb18030"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load_sources(config, tmp_path)


def test_the_config_is_found_in_the_environment_before_the_data_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BIAOGAN_CONFIG", raising=False)
    assert find_config(tmp_path) is None
    (tmp_path / "biaogan.toml").touch()
    assert find_config(tmp_path) == tmp_path / "biaogan.toml"
    monkeypatch.setenv("BIAOGAN_CONFIG", str(tmp_path / "other.toml"))
    assert find_config(tmp_path) == tmp_path / "other.toml"


def test_secrets_come_from_the_environment_and_show_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PASSWORD", "p@ss/w:rd%")
    monkeypatch.setenv("TOKEN", "t0k3n")
    source = Source(
        name="a",
        reporter="kjj",
        address="sftp://user:${PASSWORD}@host:2222/报送 目录/?sig=1",
        options={"headers": {"Authorization": "Bearer ${TOKEN}"}, "list": ["${TOKEN}", 1]},
    )
    place = resolve_place(source)
    assert (place.username, place.password) == ("user", "p@ss/w:rd%")
    assert (place.host, place.port, place.path) == ("host", 2222, "/报送 目录/?sig=1")
    assert place.options == {"headers": {"Authorization": "Bearer t0k3n"}, "list": ["t0k3n", 1]}
    assert show_address(source) == "sftp://host:2222/报送 目录/"
    said = "at sftp://user:p%40ss%2Fw%3Ard%25@host/x?sig=1 p@ss/w:rd% and t0k3n"
    assert place.scrub(said) == "at sftp://host/x *** and ***"
    for text in (repr(source), str(source), repr(place)):
        assert "p@ss" not in text
        assert "t0k3n" not in text


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"address": "sftp://u:${NOT_SET_ANYWHERE}@h/x"}, "NOT_SET_ANYWHERE.*is not set"),
        ({"address": "sftp://h:port/x"}, "bad host or port"),
        ({"address": "simplecache::sftp://h/x"}, "chained"),
        (
            {"address": "sftp://h/x", "options": {"known_hosts": None}},
            "known_hosts.*always checked",
        ),
        ({"address": "davs://h/x", "options": {"verify": False}}, "verify.*always checked"),
        (
            {"address": "s3://b/x", "options": {"client_kwargs": {"verify": False}}},
            "verify.*always checked",
        ),
    ],
)
def test_an_address_that_cannot_be_used_fails_its_own_source_alone(
    archive: Path, folder: Path, keys: dict, expected: str
) -> None:
    lay(folder / "a.csv", b"a")
    bad = Source(**{"name": "bad", "reporter": "kjj", **keys})
    good = Source(name="good", reporter="scjg", address=str(folder))
    first, second = pull_all([bad, good], archive, seen=set(), at=AT, is_replayed=False)
    assert first.error_kind == "configuration"
    with pytest.raises(ConfigError, match=f"source bad ▸ .*{expected}") as complaint:
        resolve_place(bad)
    assert first.error == str(complaint.value)
    assert outcomes(second) == {"a.csv": ("stored", None)}


# Folders of this machine


def test_files_are_stored_with_their_time_and_in_its_order(folder: Path, archive: Path) -> None:
    lay(folder / "b.csv", b"late", EARLIER + timedelta(hours=1))
    lay(folder / "z.csv", b"early")
    lay(folder / "2020" / "三季度" / "a.csv", b"deep")
    result = pull(folder, archive)
    assert (result.error, result.tries, result.unchanged) == (None, 1, 0)
    assert [(a.file_name, a.known_at, a.size, a.reporter) for a in result.arrivals] == [
        ("2020/三季度/a.csv", EARLIER, 4, "scjg"),
        ("z.csv", EARLIER, 5, "scjg"),
        ("b.csv", EARLIER + timedelta(hours=1), 4, "scjg"),
    ]
    for arrival in result.arrivals:
        assert arrival.sha256
        assert (
            path_of(archive, arrival.sha256).read_bytes()
            == (folder / arrival.file_name).read_bytes()
        )


def test_a_second_pull_opens_no_file(
    folder: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(folder / "a.csv", b"a")
    lay(folder / "~$a.csv", b"lock")
    lay(folder / "big.csv", b"x" * 20)
    (folder / "link.csv").symlink_to(folder / "a.csv")
    first = pull(folder, archive, max_bytes=10)
    monkeypatch.setattr(local.LocalFolder, "open_entry", lambda *_: pytest.fail("opened"))
    second = pull(folder, archive, seen=record(first), max_bytes=10)
    assert (second.arrivals, second.unchanged) == ([], 4)


def test_a_changed_file_is_a_new_arrival_and_a_touched_one_is_identical(
    folder: Path, archive: Path
) -> None:
    lay(folder / "a.csv", b"one")
    lay(folder / "b.csv", b"two")
    seen = record(pull(folder, archive))
    lay(folder / "a.csv", b"ONE", EARLIER + timedelta(hours=1))
    lay(folder / "b.csv", b"two", EARLIER + timedelta(hours=1))
    result = pull(folder, archive, seen=seen)
    assert outcomes(result) == {"a.csv": ("stored", None), "b.csv": ("identical", None)}


def test_of_several_files_with_the_same_bytes_the_first_is_stored(
    tmp_path: Path, folder: Path, archive: Path
) -> None:
    lay(folder / "b.csv", b"same")
    lay(folder / "a.csv", b"same", EARLIER + timedelta(hours=1))
    lay(tmp_path / "inbox" / "kjj" / "c.csv", b"same")
    results = pull_all(
        load_sources(None, tmp_path / "inbox"), archive, seen=set(), at=AT, is_replayed=False
    )
    assert [list(outcomes(result).items()) for result in results] == [
        [("c.csv", ("stored", None))],
        [("b.csv", ("identical", None)), ("a.csv", ("identical", None))],
    ]
    assert len({arrival.sha256 for result in results for arrival in result.arrivals}) == 1


def test_a_file_that_a_killed_night_stored_but_never_recorded_is_not_lost(
    folder: Path, archive: Path
) -> None:
    lay(folder / "a.csv", b"a")
    lay(folder / "b.csv", b"a")
    pull(folder, archive)  # killed here: nothing of it reached the ledger
    again = pull(folder, archive, received=set())
    assert outcomes(again) == {"a.csv": ("stored", None), "b.csv": ("identical", None)}
    sha256 = again.arrivals[0].sha256
    later = pull(folder, archive, received={sha256})
    assert outcomes(later) == {"a.csv": ("identical", None), "b.csv": ("identical", None)}


def test_what_must_not_be_read_is_refused_or_ignored_by_name(
    tmp_path: Path, folder: Path, archive: Path
) -> None:
    secret = lay(tmp_path / "secret.csv", b"secret")
    lay(tmp_path / "elsewhere" / "x.csv", b"x")
    lay(folder / "ok.csv", b"ok")
    lay(folder / "~$ok.csv", b"lock")
    lay(folder / ".DS_Store", b"")
    lay(folder / ".git" / "config", b"")
    lay(folder / "big.csv", b"x" * 11)
    lay(folder / "1" / "2" / "3" / "deep.csv", b"deep")
    lay(folder / "1" / "2" / "3" / "4" / "deeper.csv", b"deeper")
    (folder / "link.csv").symlink_to(secret)
    (folder / "folder").symlink_to(tmp_path / "elsewhere")
    (folder / "dangling.csv").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "pipe.csv")
    (folder / "line\nbreak.csv").write_bytes(b"?")
    (folder / "back\\slash.csv").write_bytes(b"?")
    result = pull(folder, archive, max_bytes=10, at=datetime.now(UTC) + timedelta(minutes=1))
    assert outcomes(result) == {
        "ok.csv": ("stored", None),
        "~$ok.csv": ("ignored", "office_lock"),
        ".DS_Store": ("ignored", "system_file"),
        ".git": ("ignored", "hidden"),
        "big.csv": ("refused", "too_large"),
        "1/2/3/deep.csv": ("stored", None),
        "1/2/3/4": ("refused", "too_deep"),
        "link.csv": ("refused", "symlink"),
        "folder": ("refused", "symlink"),
        "dangling.csv": ("refused", "symlink"),
        "pipe.csv": ("refused", "not_a_file"),
        "line<U+000A>break.csv": ("refused", "unreadable_name"),
        "back\\slash.csv": ("refused", "name_leaves_folder"),
    }
    assert result.error is None


def test_a_name_in_gb18030_is_read_and_opened(folder: Path, archive: Path) -> None:
    lay(folder / os.fsdecode("专利情况表.csv".encode("gb18030")), b"gb")
    (arrival,) = pull(folder, archive).arrivals
    assert (arrival.file_name, arrival.outcome) == ("专利情况表.csv", "stored")


def test_a_link_put_in_a_files_place_after_the_listing_is_not_followed(
    tmp_path: Path, folder: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = lay(tmp_path / "elsewhere" / "a.csv", b"s")
    lay(folder / "sub" / "a.csv", b"a")
    lay(folder / "b.csv", b"b")
    listed = local.LocalFolder.list_entries

    def swap(self: local.LocalFolder) -> list:
        entries = listed(self)
        (folder / "sub").rename(tmp_path / "moved")
        (folder / "sub").symlink_to(secret.parent)
        (folder / "b.csv").unlink()
        (folder / "b.csv").symlink_to(secret)
        return entries

    monkeypatch.setattr(local.LocalFolder, "list_entries", swap)
    result = pull(folder, archive)
    assert outcomes(result) == {
        "sub/a.csv": ("refused", "symlink"),
        "b.csv": ("refused", "symlink"),
    }


def test_an_inbox_folder_that_is_a_link_is_refused_but_a_declared_one_may_be(
    tmp_path: Path, archive: Path
) -> None:
    lay(tmp_path / "real" / "a.csv", b"a")
    link = tmp_path / "inbox" / "scjg"
    link.parent.mkdir()
    link.symlink_to(tmp_path / "real")
    refused = pull(link, archive)
    assert (refused.error_kind, refused.arrivals) == ("configuration", [])
    assert "[[source]]" in str(refused.error)
    assert outcomes(pull(link, archive, name="share")) == {"a.csv": ("stored", None)}


def test_a_file_still_being_written_waits_and_comes_the_next_night(
    folder: Path, archive: Path
) -> None:
    lay(folder / "fresh.csv", b"half", AT - timedelta(seconds=1))
    lay(folder / "future.csv", b"?", AT + timedelta(days=400))
    first = pull(folder, archive)
    assert outcomes(first) == {
        "fresh.csv": ("waiting", "still_being_written"),
        "future.csv": ("waiting", "dated_in_future"),
    }
    assert record(first) == set()
    second = pull(folder, archive, at=AT + timedelta(days=1))
    assert outcomes(second)["fresh.csv"] == ("stored", None)
    assert outcomes(pull(folder, archive, settle_seconds=0))["fresh.csv"][0] == "identical"


def test_a_file_that_grows_while_it_is_read_waits(
    folder: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lay(folder / "a.csv", b"one")
    lay(folder / "b.csv", b"two")
    opened = local.LocalFolder.open_entry

    def grow(self: local.LocalFolder, entry: local.Entry) -> local.LocalStream:
        if entry.name == "a.csv":
            path.write_bytes(b"one, two")
        else:
            os.utime(folder / "b.csv")
        return opened(self, entry)

    monkeypatch.setattr(local.LocalFolder, "open_entry", grow)
    result = pull(folder, archive)
    assert set(outcomes(result).values()) == {("waiting", "changed_while_read")}
    assert [path for path in archive.rglob("*") if path.is_file()] == []


def test_a_replayed_night_sees_only_what_had_arrived_by_its_clock(
    folder: Path, archive: Path
) -> None:
    lay(folder / "q1.csv", b"q1", AT - timedelta(days=90))
    lay(folder / "q2.csv", b"q2", AT)
    lay(folder / "q3.csv", b"q3", AT + timedelta(days=90))
    lay(folder / "~$q3.csv", b"", AT + timedelta(days=90))
    first = pull(folder, archive, is_replayed=True)
    assert outcomes(first) == {"q1.csv": ("stored", None), "q2.csv": ("stored", None)}
    later = pull(folder, archive, is_replayed=True, at=AT + timedelta(days=91), seen=record(first))
    assert outcomes(later) == {"q3.csv": ("stored", None), "~$q3.csv": ("ignored", "office_lock")}
    assert later.unchanged == 2


def test_a_refused_file_is_taken_once_its_limit_is_lifted(folder: Path, archive: Path) -> None:
    lay(folder / "big.csv", b"x" * 11)
    seen = record(pull(folder, archive, max_bytes=10))
    assert pull(folder, archive, max_bytes=10, seen=seen).arrivals == []
    lifted = pull(folder, archive, max_bytes=11, seen=seen)
    assert outcomes(lifted) == {"big.csv": ("stored", None)}


def test_a_source_may_name_its_files(folder: Path, archive: Path) -> None:
    lay(folder / "a.csv", b"a")
    lay(folder / "sub" / "b.csv", b"b")
    lay(folder / "c.csv", b"c")
    result = pull(folder, archive, files=["a.csv", "sub/b.csv", "later.csv", "../x.csv"])
    assert outcomes(result) == {
        "a.csv": ("stored", None),
        "sub/b.csv": ("stored", None),
        "later.csv": ("waiting", "not_found"),
        "../x.csv": ("refused", "name_leaves_folder"),
    }


def test_a_folder_that_is_not_there_is_named_and_the_others_go_on(
    tmp_path: Path, folder: Path, archive: Path
) -> None:
    lay(folder / "a.csv", b"a")
    missing = Source(name="share", reporter="kjj", address=str(tmp_path / "not-mounted"))
    present = Source(name="inbox/scjg", reporter="scjg", address=str(folder))
    first, second = pull_all([missing, present], archive, seen=set(), at=AT, is_replayed=False)
    assert first.error_kind == "configuration"
    assert "not-mounted" in str(first.error)
    assert outcomes(second) == {"a.csv": ("stored", None)}


def test_a_clock_without_a_time_zone_is_a_programming_error(folder: Path, archive: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        pull(folder, archive, at=datetime(2020, 10, 10))


def test_pulling_leaves_the_source_as_it_was(folder: Path, archive: Path) -> None:
    lay(folder / "sub" / "a.csv", b"a")
    lay(folder / "b.csv", b"b")

    def look() -> list:
        return sorted((str(p), p.stat().st_mtime_ns, p.stat().st_mode) for p in folder.rglob("*"))

    before = look()
    pull(folder, archive)
    assert look() == before


def test_folders_of_this_machine_need_no_network_library(folder: Path, archive: Path) -> None:
    lay(folder / "a.csv", b"a")
    script = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from warehouse.collect.pull import pull_all\n"
        "from warehouse.collect.sources import load_sources\n"
        "sources = load_sources(None, Path(sys.argv[1]))\n"
        "results = pull_all(sources, Path(sys.argv[2]), seen=(), at=datetime.now(UTC), "
        "is_replayed=True)\n"
        "print(len(results[0].arrivals), *sys.modules.keys() & "
        "{'fsspec', 'aiohttp', 'asyncssh', 'sshfs', 's3fs', 'webdav4', 'prefect', 'pandas'})"
    )
    output = subprocess.run(
        [sys.executable, "-c", script, str(folder.parent), str(archive)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[1],
        text=True,
    )
    assert (output.stdout, output.stderr) == ("1\n", "")


def test_every_refusal_has_a_sentence_for_its_clerk():
    rules = load_expectations().codes.common_rules
    source = "".join(
        path.read_text(encoding="utf-8") for path in Path(local.__file__).parent.glob("*.py")
    )
    refusals = {
        "forbidden", "name_leaves_folder", "no_reporter_folder", "not_a_file", "other_host",
        "symlink", "too_deep", "too_large", "unreadable_name",
    }  # fmt: skip
    for reason in refusals:
        assert f'"{reason}"' in source
        assert f"refused_{reason}" in rules
