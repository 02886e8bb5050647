"""Collecting over the network: real SFTP, HTTP, WebDAV and S3 servers on loopback."""

from __future__ import annotations

import gc
import logging
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from loopback_servers import (
    CHANGED,
    Page,
    SftpServer,
    WebServer,
    closing_all,
    find_free_port,
    form,
    listing,
    serve_pages,
    serve_s3,
    serve_webdav,
    write_certificate,
)

from warehouse.collect.connection import Connection
from warehouse.collect.failures import SourceFailure
from warehouse.collect.pull import PullResult, pull_all, pull_source
from warehouse.collect.sources import Source

AT = CHANGED + timedelta(hours=18)


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOD_PASSWORD", SftpServer.PASSWORD)
    monkeypatch.setenv("BAD_PASSWORD", "wr0ng-one")
    monkeypatch.setenv("TOKEN", "t0k3n-0f-access")


@pytest.fixture(autouse=True)
def quiet_and_discreet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test does, no log line holds a secret, and no lost task prints a traceback."""
    caplog.set_level(logging.DEBUG)
    yield
    gc.collect()
    for entry in caplog.get_records("call"):
        assert_no_secret(logging.Formatter().format(entry))
        assert entry.name != "asyncio" or entry.levelno < logging.ERROR, entry.getMessage()


@pytest.fixture
def started() -> Iterator[Callable[[Any], Any]]:
    with closing_all() as keep:
        yield keep


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    path = tmp_path / "server" / "outbox"
    (path / "sub").mkdir(parents=True)
    (path / "标准.csv").write_bytes(b"one")
    (path / "sub" / "专利.csv").write_bytes(b"two" * 100_000)
    return path


@pytest.fixture
def sftp(outbox: Path, started: Callable[[Any], Any]) -> SftpServer:
    server: SftpServer = started(SftpServer(outbox.parent))
    server.write_known_hosts(outbox.parents[1] / "known_hosts")
    return server


def pull(address: str, archive: Path, *, seen: set = frozenset(), **keys: Any) -> PullResult:
    source = declare(address, **keys)
    result = pull_source(source, archive, seen=seen, at=AT, is_replayed=True)
    assert_no_secret(repr(result))
    return result


def declare(address: str, **keys: Any) -> Source:
    common = {"name": "s", "reporter": "kjj", "backoff_seconds": 0.01, "timeout_seconds": 5}
    return Source(**{**common, "address": address, **keys})


def pull_sftp(server: SftpServer, archive: Path, **keys: Any) -> PullResult:
    known_hosts = server.folder.parent / "known_hosts"
    address = f"sftp://biaogan:${{GOOD_PASSWORD}}@127.0.0.1:{server.port}/outbox"
    keys = {"known_hosts": known_hosts, **keys}
    address = keys.pop("address", address)
    source = declare(address, settle_seconds=0, **keys)
    at = AT + timedelta(days=365 * 50)  # the server's files carry today's time
    seen = keys.pop("seen", frozenset())
    result = pull_source(source, archive, seen=seen, at=at, is_replayed=True)
    assert_no_secret(repr(result))
    return result


def assert_no_secret(text: str) -> None:
    for secret in (SftpServer.PASSWORD, "p%40ss", "wr0ng-one", "t0k3n-0f-access"):
        assert secret not in text


def outcomes(result: PullResult) -> dict[str, tuple[str, str | None]]:
    return {arrival.file_name: (arrival.outcome, arrival.reason) for arrival in result.arrivals}


def record(result: PullResult) -> set:
    return {a.fingerprint for a in result.arrivals if a.outcome != "waiting"}


# SFTP


def test_sftp_files_come_from_a_server_whose_key_is_known(
    sftp: SftpServer, outbox: Path, archive: Path
) -> None:
    (outbox / "link.csv").symlink_to(outbox / "标准.csv")
    (outbox / "folder").symlink_to(outbox / "sub")
    (outbox / "~$标准.csv").write_bytes(b"lock")
    result = pull_sftp(sftp, archive, max_bytes=400_000)
    assert (result.error, result.tries) == (None, 1)
    assert outcomes(result) == {
        "标准.csv": ("stored", None),
        "sub/专利.csv": ("stored", None),
        "link.csv": ("refused", "symlink"),
        "folder": ("refused", "symlink"),
        "~$标准.csv": ("ignored", "office_lock"),
    }
    assert sorted(sftp.log) == ["/outbox/sub/专利.csv", "/outbox/标准.csv"]


def test_a_second_sftp_pull_transfers_nothing(sftp: SftpServer, archive: Path) -> None:
    seen = record(pull_sftp(sftp, archive))
    sftp.log.clear()
    known_hosts = sftp.folder.parent / "known_hosts"
    source = declare(
        f"sftp://biaogan:${{GOOD_PASSWORD}}@127.0.0.1:{sftp.port}/outbox", known_hosts=known_hosts
    )
    at = AT + timedelta(days=365 * 50)
    again = pull_source(source, archive, seen=seen, at=at, is_replayed=True)
    assert (again.arrivals, again.unchanged, again.error) == ([], 2, None)
    assert sftp.log == []


def test_an_sftp_file_over_the_limit_is_refused_by_its_declared_size(
    sftp: SftpServer, archive: Path
) -> None:
    result = pull_sftp(sftp, archive, max_bytes=10)
    assert outcomes(result)["sub/专利.csv"] == ("refused", "too_large")
    assert sftp.log == ["/outbox/标准.csv"]


def test_a_wrong_host_key_is_refused_before_the_password_is_sent(
    sftp: SftpServer, archive: Path, tmp_path: Path
) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519")
    known_hosts = sftp.write_known_hosts(tmp_path / "other", other)
    result = pull_sftp(sftp, archive, known_hosts=known_hosts)
    assert (result.error_kind, result.tries, result.arrivals) == ("host_key", 1, [])
    assert "known_hosts" in str(result.error)
    assert sftp.logins == []


def test_a_host_key_of_another_kind_is_refused_too(
    sftp: SftpServer, archive: Path, tmp_path: Path
) -> None:
    other = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
    known_hosts = sftp.write_known_hosts(tmp_path / "other", other)
    # Both sides give up at once: one time in ten the server is first, and that is tried again.
    result = pull_sftp(sftp, archive, known_hosts=known_hosts, retries=12)
    assert (result.error_kind, result.arrivals) == ("host_key", [])
    assert sftp.logins == []


@pytest.mark.parametrize("content", [None, ""])
def test_without_a_known_key_nothing_is_sent(
    sftp: SftpServer, archive: Path, tmp_path: Path, content: str | None
) -> None:
    known_hosts = tmp_path / "empty"
    if content is not None:
        known_hosts.write_text(content)
    result = pull_sftp(sftp, archive, known_hosts=known_hosts)
    assert result.error_kind == ("configuration" if content is None else "host_key")
    unset = pull_sftp(sftp, archive, known_hosts=None)
    assert unset.error_kind == "configuration"
    assert "从不自动接受" in str(unset.error)
    assert "never accepted unseen" in str(unset.error)
    assert sftp.logins == []


def test_a_wrong_password_is_not_tried_again(sftp: SftpServer, archive: Path) -> None:
    address = f"sftp://biaogan:${{BAD_PASSWORD}}@127.0.0.1:{sftp.port}/outbox"
    result = pull_sftp(sftp, archive, address=address)
    assert (result.error_kind, result.tries) == ("authentication", 1)
    assert sftp.connections == 1
    assert sftp.logins == ["wr0ng-one"]


def test_a_key_pair_logs_in_without_a_password(
    sftp: SftpServer, archive: Path, tmp_path: Path
) -> None:
    key = tmp_path / "id_ed25519"
    key.write_bytes(sftp.client_key.export_private_key())
    address = f"sftp://biaogan@127.0.0.1:{sftp.port}/outbox"
    result = pull_sftp(sftp, archive, address=address, options={"client_keys": [str(key)]})
    assert result.error is None
    assert len(result.arrivals) == 2
    assert sftp.logins == []


def test_a_folder_the_sftp_server_does_not_have_is_named(sftp: SftpServer, archive: Path) -> None:
    address = f"sftp://biaogan:${{GOOD_PASSWORD}}@127.0.0.1:{sftp.port}/nowhere"
    result = pull_sftp(sftp, archive, address=address)
    assert (result.error_kind, result.tries) == ("configuration", 1)
    assert f"127.0.0.1:{sftp.port}/nowhere" in str(result.error)


def test_an_option_asyncssh_does_not_know_is_a_named_configuration_error(
    sftp: SftpServer, archive: Path
) -> None:
    result = pull_sftp(sftp, archive, options={"pasword": "x"})
    assert (result.error_kind, result.tries) == ("configuration", 1)
    assert "pasword" in str(result.error)


def test_a_connection_that_is_refused_is_down_after_its_retries(archive: Path) -> None:
    result = pull(f"http://127.0.0.1:{find_free_port()}/", archive, retries=2)
    assert (result.error_kind, result.tries) == ("down", 3)
    assert "下一夜自动再取" in str(result.error)
    assert "the next night tries again" in str(result.error)


def test_an_sftp_server_that_comes_back_is_reached_again(
    outbox: Path, archive: Path, started: Callable[[Any], Any], caplog: pytest.LogCaptureFixture
) -> None:
    server: SftpServer = started(SftpServer(outbox.parent, port=find_free_port()))
    server.write_known_hosts(outbox.parents[1] / "known_hosts")

    class Restart(logging.Handler):
        def emit(self, entry: logging.LogRecord) -> None:
            if "trying again" in entry.getMessage() and not server.connections:
                server.start()

    handler = Restart()
    logger = logging.getLogger("warehouse.collect.connection")
    logger.addHandler(handler)
    try:
        result = pull_sftp(server, archive)
    finally:
        logger.removeHandler(handler)
    assert (result.error, result.tries) == (None, 2)
    assert len(result.arrivals) == 2


def test_an_sftp_connection_lost_within_a_file_is_made_anew(
    outbox: Path, archive: Path, started: Callable[[Any], Any]
) -> None:
    (outbox / "sub" / "专利.csv").write_bytes(b"x" * 12_000_000)
    server: SftpServer = started(SftpServer(outbox.parent, breaks=3))
    server.write_known_hosts(outbox.parents[1] / "known_hosts")
    result = pull_sftp(server, archive)
    assert (result.error, result.tries) == (None, 4)
    assert {arrival.outcome for arrival in result.arrivals} == {"stored"}
    assert server.connections == 4
    assert list((archive / ".incoming").iterdir()) == []


def test_gb18030_names_on_an_sftp_server_are_read_and_opened(
    sftp: SftpServer, outbox: Path, archive: Path
) -> None:
    Path(
        str(outbox), "企业名录.csv".encode("gb18030").decode("utf-8", "surrogateescape")
    ).write_bytes(b"gb")
    assert outcomes(pull_sftp(sftp, archive))["企业名录.csv"] == ("stored", None)


# HTTP


def serve(started: Callable[[Any], Any], pages: dict[str, Page | list[Page]]) -> WebServer:
    server: WebServer = started(serve_pages(pages))
    return server


def test_a_page_of_links_is_read_with_its_subfolders_and_never_left(
    archive: Path, started: Callable[[Any], Any]
) -> None:
    server = serve(
        started,
        {
            "/out/": listing(
                "../", "/", "?C=M;O=A", "#top", "mailto:a@b.example", "javascript:void(0)",
                "a.csv", "%E4%B8%93%E5%88%A9.csv", "b&amp;c.csv", "%D7%A8%C0%FB.csv", "sub/",
                "/out/sub/", "/out/a.csv#p2",
                "../secret.csv", "/etc/passwd", "%2e%2e/%2e%2e/x.csv", "..%2Fy.csv", "~$a.csv",
                "https://elsewhere.example/z.csv", "%2e%2e/",
            ),
            "/out/sub/": listing("../", "deep.csv", "/out/sub/"),
            "/out/a.csv": form(b"a"),
            "/out/%E4%B8%93%E5%88%A9.csv": form(b"utf-8 name"),
            "/out/%D7%A8%C0%FB.csv": form(b"gbk name"),
            "/out/b&c.csv": form(b"b"),
            "/out/sub/deep.csv": form(b"deep"),
        },
    )  # fmt: skip
    result = pull(f"http://127.0.0.1:{server.port}/out/", archive)
    assert result.error is None
    found = outcomes(result)
    # Two spellings of one name, UTF-8 and GB18030, are two files of the server.
    names = [arrival.file_name for arrival in result.arrivals]
    assert names.count("专利.csv") == 2
    assert found == {
        "a.csv": ("stored", None),
        "专利.csv": ("stored", None),
        "b&c.csv": ("stored", None),
        "sub/deep.csv": ("stored", None),
        "~$a.csv": ("ignored", "office_lock"),
        "/secret.csv": ("refused", "name_leaves_folder"),
        "/etc/passwd": ("refused", "name_leaves_folder"),
        "../../x.csv": ("refused", "name_leaves_folder"),
        "../y.csv": ("refused", "name_leaves_folder"),
        "..": ("refused", "name_leaves_folder"),
        "elsewhere.example/z.csv": ("ignored", "other_host"),
    }
    assert {arrival.known_at for arrival in result.arrivals if arrival.sha256} == {CHANGED}
    assert not [path for _, path in server.log if "secret" in path or "passwd" in path]


def test_a_second_http_pull_transfers_nothing(archive: Path, started: Callable[[Any], Any]) -> None:
    pages = {"/out/": listing("a.csv", "b.csv"), "/out/a.csv": form(b"a"), "/out/b.csv": form(b"b")}
    server = serve(started, pages)
    address = f"http://127.0.0.1:{server.port}/out/"
    seen = record(pull(address, archive))
    server.log.clear()
    again = pull(address, archive, seen=seen)
    assert (again.arrivals, again.unchanged) == ([], 2)
    assert sorted(server.log) == [
        ("GET", "/out/"),
        ("HEAD", "/out/a.csv"),
        ("HEAD", "/out/b.csv"),
    ]


def test_named_files_need_no_page_and_one_that_is_missing_waits(
    archive: Path, started: Callable[[Any], Any]
) -> None:
    pages = {"/out/%E4%B8%93%E5%88%A9%20Q3.csv": form(b"a"), "/out/x.csv": Page(b"", 403)}
    server = serve(started, pages)
    files = ["专利 Q3.csv", "later.csv", "x.csv", "../y.csv"]
    result = pull(f"http://127.0.0.1:{server.port}/out", archive, files=files)
    assert result.error is None
    assert outcomes(result) == {
        "专利 Q3.csv": ("stored", None),
        "later.csv": ("waiting", "not_found"),
        "x.csv": ("refused", "forbidden"),
        "../y.csv": ("refused", "name_leaves_folder"),
    }
    assert server.count("GET") == 1


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_busy_server_is_asked_again(
    archive: Path, started: Callable[[Any], Any], status: int
) -> None:
    busy = Page(b"busy", status, {"Retry-After": "0"})
    pages = {"/": [busy, busy, listing("a.csv")], "/a.csv": [busy, form(b"a")]}
    server = serve(started, pages)
    result = pull(f"http://127.0.0.1:{server.port}/", archive)
    assert (result.error, result.tries) == (None, 4)
    assert outcomes(result) == {"a.csv": ("stored", None)}
    assert server.count("GET", "/") == 3
    assert server.count("GET", "/a.csv") == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, "authentication"),
        (403, "authentication"),
        (404, "configuration"),
        (400, "configuration"),
    ],
)
def test_what_no_retry_mends_is_asked_once(
    archive: Path, started: Callable[[Any], Any], status: int, kind: str
) -> None:
    server = serve(started, {"/": Page(b"no", status)})
    result = pull(f"http://127.0.0.1:{server.port}/", archive)
    assert (result.error_kind, result.tries) == (kind, 1)
    assert f"HTTP {status}" in str(result.error)
    assert server.log == [("GET", "/")]


def test_a_body_that_breaks_off_is_fetched_again_from_its_start(
    archive: Path, started: Callable[[Any], Any]
) -> None:
    whole = form(b"x" * 300_000)
    cut = Page(whole.body, 200, whole.headers, cut_after=100_000)
    server = serve(started, {"/": listing("a.csv"), "/a.csv": [cut, whole]})
    result = pull(f"http://127.0.0.1:{server.port}/", archive)
    assert (result.error, result.tries) == (None, 2)
    (arrival,) = result.arrivals
    assert (arrival.size, arrival.outcome) == (300_000, "stored")


def test_files_fetched_before_a_source_went_down_are_kept(
    archive: Path, started: Callable[[Any], Any]
) -> None:
    broken = Page(b"x" * 1000, cut_after=10)
    pages = {"/": listing("a.csv", "b.csv"), "/a.csv": form(b"a"), "/b.csv": broken}
    server = serve(started, pages)
    result = pull(f"http://127.0.0.1:{server.port}/", archive, retries=1)
    assert (result.error_kind, result.tries) == ("down", 2)
    assert outcomes(result) == {"a.csv": ("stored", None)}


def test_a_server_without_head_or_sizes_is_still_pulled_once(
    archive: Path, started: Callable[[Any], Any]
) -> None:
    def answer(method: str, path: str, headers: dict[str, str]) -> Page:
        if path == "/":
            return listing("a.csv", "plain.csv")
        if method == "HEAD":
            return Page(b"", 405)
        return form(b"a") if path == "/a.csv" else Page(b"no etag, no time")

    server: WebServer = started(WebServer(answer))
    address = f"http://127.0.0.1:{server.port}/"
    first = pull(address, archive)
    assert outcomes(first) == {"a.csv": ("stored", None), "plain.csv": ("stored", None)}
    by_name = {arrival.file_name: arrival for arrival in first.arrivals}
    assert by_name["plain.csv"].known_at == AT
    again = pull(address, archive, seen=record(first))
    assert (again.arrivals, again.unchanged) == ([], 2)


def test_a_body_larger_than_the_limit_is_refused_whatever_was_declared(
    archive: Path, started: Callable[[Any], Any]
) -> None:
    def answer(method: str, path: str, headers: dict[str, str]) -> Page:
        if path == "/":
            return listing("declared.csv", "silent.csv")
        if method == "HEAD" and path == "/silent.csv":
            return Page(b"", headers={"Content-Encoding": "unknown"})
        return Page(b"x" * 100)

    server: WebServer = started(WebServer(answer))
    result = pull(f"http://127.0.0.1:{server.port}/", archive, max_bytes=99)
    refused = ("refused", "too_large")
    assert outcomes(result) == {"declared.csv": refused, "silent.csv": refused}
    assert server.count("GET", "/declared.csv") == 0
    assert [path for path in archive.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("body", [b"shorter", b"much longer than declared"])
def test_a_file_replaced_between_its_listing_and_its_reading_waits(
    archive: Path, started: Callable[[Any], Any], body: bytes
) -> None:
    def answer(method: str, path: str, headers: dict[str, str]) -> Page:
        if path == "/":
            return listing("a.csv")
        return Page(b"as declared") if method == "HEAD" else Page(body)

    server: WebServer = started(WebServer(answer))
    result = pull(f"http://127.0.0.1:{server.port}/", archive)
    assert outcomes(result) == {"a.csv": ("waiting", "changed_while_read")}
    assert [path for path in archive.rglob("*") if path.is_file()] == []


def test_a_failure_carries_no_library_error_that_could_hold_a_secret(
    archive: Path, started: Callable[[Any], Any]
) -> None:
    server = serve(started, {"/": Page(b"no", 401)})
    addresses = [
        f"http://biaogan:${{GOOD_PASSWORD}}@127.0.0.1:{server.port}/",
        f"dav://biaogan:${{GOOD_PASSWORD}}@127.0.0.1:{find_free_port()}/",
    ]
    for address in addresses:
        with pytest.raises(SourceFailure) as caught:
            Connection(declare(address, retries=1)).run(lambda folder: folder.list_entries())
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


def test_a_login_and_headers_are_sent_and_shown_nowhere(
    archive: Path, started: Callable[[Any], Any]
) -> None:
    server = serve(started, {"/?sig=1": Page(b"no", 401)})
    address = f"http://biaogan:${{GOOD_PASSWORD}}@127.0.0.1:{server.port}/?sig=1"
    result = pull(address, archive)
    assert server.headers[0]["Authorization"].startswith("Basic ")
    assert f"http://127.0.0.1:{server.port}/)" in str(result.error)
    assert "sig=1" not in str(result.error)
    headers = {"Authorization": "Bearer ${TOKEN}"}
    pull(f"http://127.0.0.1:{server.port}/?sig=1", archive, options={"headers": headers})
    assert server.headers[1]["Authorization"] == "Bearer t0k3n-0f-access"


def test_https_takes_only_a_certificate_that_is_trusted(
    archive: Path, tmp_path: Path, started: Callable[[Any], Any]
) -> None:
    certificate = write_certificate(tmp_path / "server.pem")
    pages = {"/": listing("a.csv"), "/a.csv": form(b"a")}
    server: WebServer = started(WebServer(lambda _, path, __: pages[path], certificate))
    address = f"https://biaogan:${{GOOD_PASSWORD}}@127.0.0.1:{server.port}/"
    untrusted = pull(address, archive)
    assert (untrusted.error_kind, untrusted.tries) == ("host_key", 1)
    assert server.log == []
    trusted = pull(address, archive, options={"ca_file": str(certificate)})
    assert outcomes(trusted) == {"a.csv": ("stored", None)}


def test_an_option_the_web_does_not_know_is_named(archive: Path) -> None:
    result = pull("http://127.0.0.1/", archive, options={"verfy": 1})
    assert (result.error_kind, result.tries) == ("configuration", 1)
    assert "ca_file" in str(result.error)


def test_redirects_are_followed_on_the_same_server_alone(
    archive: Path, started: Callable[[Any], Any]
) -> None:
    other = serve(started, {"/a.csv": form(b"elsewhere")})
    away = Page(b"", 302, {"Location": f"http://127.0.0.1:{other.port}/a.csv"})
    pages = {
        "/out": Page(b"", 301, {"Location": "/out/"}),
        "/out/": listing("a.csv", "b.csv"),
        "/out/a.csv": away,
        "/out/b.csv": Page(b"", 302, {"Location": "/store/b.csv"}),
        "/store/b.csv": form(b"b"),
        "/away/": away,
        "/circle/": Page(b"", 302, {"Location": "/circle/"}),
    }
    server = serve(started, pages)
    home = f"http://biaogan:${{GOOD_PASSWORD}}@127.0.0.1:{server.port}"
    result = pull(f"{home}/out", archive)
    assert outcomes(result) == {"a.csv": ("refused", "other_host"), "b.csv": ("stored", None)}
    for path, said in (("away", f"http://127.0.0.1:{other.port}"), ("circle", "without end")):
        stopped = pull(f"{home}/{path}/", archive)
        assert stopped.error_kind == "configuration"
        assert said in str(stopped.error)
    assert other.log == []


@pytest.mark.parametrize("scheme", ["http", "sftp", "dav"])
def test_a_server_that_never_answers_is_down_after_its_time(
    archive: Path, tmp_path: Path, scheme: str
) -> None:
    known_hosts = tmp_path / "known_hosts"
    known_hosts.touch()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/x"
        keys = {"known_hosts": known_hosts, "timeout_seconds": 0.2, "retries": 1}
        result = pull(address, archive, **keys)
    assert (result.error_kind, result.tries) == ("down", 2)


def test_a_source_that_is_down_does_not_hide_the_others(
    archive: Path, outbox: Path, started: Callable[[Any], Any]
) -> None:
    server = serve(started, {"/": listing("a.csv"), "/a.csv": form(b"web")})
    sources = [
        declare(f"http://127.0.0.1:{find_free_port()}/", name="down", retries=0),
        declare(str(outbox), name="folder"),
        declare(f"http://127.0.0.1:{server.port}/", name="web"),
        declare("sftp://nobody@127.0.0.1/x", name="no key"),
    ]
    results = pull_all(
        sources, archive, seen=set(), at=AT + timedelta(days=30_000), is_replayed=True
    )
    assert [result.source for result in results] == ["down", "folder", "web", "no key"]
    assert [result.error_kind for result in results] == ["down", None, None, "configuration"]
    assert [len(result.arrivals) for result in results] == [0, 2, 1, 0]


# WebDAV, S3, and other addresses


def test_webdav_files_are_pulled_once(archive: Path, started: Callable[[Any], Any]) -> None:
    files = {"/dav/报送/a b.csv": b"a", "/dav/报送/子/c.csv": b"c", "/dav/other.csv": b"other"}
    server: WebServer = started(serve_webdav(files))
    address = f"dav://biaogan:${{GOOD_PASSWORD}}@127.0.0.1:{server.port}/dav/报送/"
    first = pull(address, archive)
    assert first.error is None
    assert outcomes(first) == {"a b.csv": ("stored", None), "子/c.csv": ("stored", None)}
    assert {arrival.known_at for arrival in first.arrivals} == {CHANGED}
    server.log.clear()
    again = pull(address, archive, seen=record(first))
    assert (again.arrivals, again.unchanged) == ([], 2)
    assert server.count("GET") == 0
    refused = pull(f"dav://127.0.0.1:{server.port}/dav/", archive)
    assert (refused.error_kind, refused.tries) == ("authentication", 1)


def test_s3_objects_are_pulled_once_and_only_transient_errors_retried(
    archive: Path, started: Callable[[Any], Any]
) -> None:
    failures = [500]
    objects = {
        "kjj/a.csv": b"a",
        "kjj/2020/b.csv": b"b" * 1000,
        "kjj/../x.csv": b"x",
        "z.csv": b"z",
    }
    server: WebServer = started(serve_s3("forms", objects, failures))
    options = {
        "endpoint_url": f"http://127.0.0.1:{server.port}",
        "key": "biaogan",
        "secret": "${TOKEN}",
        "config_kwargs": {"retries": {"max_attempts": 0}},
    }
    first = pull("s3://forms/kjj", archive, options=options)
    assert (first.error, first.tries) == (None, 2)
    assert outcomes(first) == {
        "a.csv": ("stored", None),
        "2020/b.csv": ("stored", None),
        "..": ("refused", "name_leaves_folder"),
    }
    server.log.clear()
    again = pull("s3://forms/kjj", archive, options=options, seen=record(first))
    assert (again.arrivals, again.unchanged) == ([], 3)
    assert not [path for _, path in server.log if path.endswith(".csv")]
    empty = pull("s3://forms/nothing-yet", archive, options=options)
    assert (empty.error, empty.arrivals) == (None, [])
    missing = pull("s3://other/kjj", archive, options=options)
    assert (missing.error_kind, missing.tries) == ("configuration", 1)


def test_any_other_fsspec_address_works(archive: Path) -> None:
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe("/outbox/a.csv", b"a")
    source = declare("memory://outbox", settle_seconds=0)
    at = AT + timedelta(days=30_000)
    result = pull_source(source, archive, seen=set(), at=at, is_replayed=True)
    assert outcomes(result) == {"a.csv": ("stored", None)}
    unknown = pull("gopher://h/x", archive)
    assert unknown.error_kind == "configuration"
    lacking = pull("smb://biaogan:${GOOD_PASSWORD}@127.0.0.1/x", archive)
    assert lacking.error_kind == "missing_extra"
    assert "smbprotocol" in str(lacking.error)


@pytest.mark.parametrize(
    ("address", "module", "extra"),
    [
        ("sftp://u@127.0.0.1/x", "sshfs", "sftp"),
        ("http://127.0.0.1/x", "aiohttp", "http"),
        ("s3://bucket/x", "s3fs", "s3"),
        ("davs://127.0.0.1/x", "webdav4.fsspec", "webdav"),
    ],
)
def test_a_missing_extra_is_named_and_stops_only_its_source(
    archive: Path,
    outbox: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    module: str,
    extra: str,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    known_hosts = tmp_path / "known_hosts"
    known_hosts.touch()
    sources = [declare(address, known_hosts=known_hosts), declare(str(outbox), name="folder")]
    at = AT + timedelta(days=30_000)
    first, second = pull_all(sources, archive, seen=set(), at=at, is_replayed=True)
    assert (first.error_kind, first.tries) == ("missing_extra", 1)
    assert f"biaogan[{extra}]" in str(first.error)
    assert (second.error, len(second.arrivals)) == (None, 2)


def test_no_thread_of_a_pull_stays_behind(archive: Path, outbox: Path) -> None:
    pull_all([declare(str(outbox))], archive, seen=set(), at=AT, is_replayed=True)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("pull")]
