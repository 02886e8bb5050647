"""Real servers on loopback for the tests of collecting: SFTP, HTTP, WebDAV and S3."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

import asyncssh
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

CHANGED = datetime(2020, 10, 9, 8, 0, tzinfo=UTC)


@dataclass
class Page:
    """What a path answers, once; the last answer of a path repeats."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None


class WebServer:
    """Answers by a table of pages and keeps a log of (method, path)."""

    def __init__(
        self,
        answer: Callable[[str, str, dict[str, str]], Page],
        certificate: Path | None = None,
    ) -> None:
        self.answer = answer
        self.log: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def reply(self) -> None:
                outer.log.append((self.command, self.path))
                outer.headers.append(dict(self.headers))
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                page = outer.answer(self.command, self.path, dict(self.headers))
                self.send_response(page.status)
                self.send_header("Content-Length", str(len(page.body)))
                for key, value in page.headers.items():
                    self.send_header(key, value)
                self.end_headers()
                if self.command == "HEAD":
                    return
                self.wfile.write(page.body[: page.cut_after])
                if page.cut_after is not None:
                    self.wfile.flush()
                    reset = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
                    self.close_connection = True

            do_GET = do_HEAD = do_PROPFIND = do_OPTIONS = reply  # noqa: N815

            def log_message(self, *args: object) -> None:
                """Keeps the test's output quiet."""

            def finish(self) -> None:
                with suppress(OSError, ValueError):
                    super().finish()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._server.handle_error = lambda *args: None  # type: ignore[method-assign]
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def count(self, method: str, path: str | None = None) -> int:
        return sum(1 for seen in self.log if seen[0] == method and path in {None, seen[1]})

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def serve_pages(pages: dict[str, Page | list[Page]]) -> WebServer:
    """Serves a table of pages; a list of answers is used up one by one, by GET alone."""
    left = {path: page if isinstance(page, list) else [page] for path, page in pages.items()}

    def answer(method: str, path: str, headers: dict[str, str]) -> Page:
        answers = left.get(path, [Page(b"no", 404)])
        if method == "HEAD":
            return answers[-1]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    return WebServer(answer)


def form(body: bytes) -> Page:
    """A file as a web server gives it, with time of change and etag."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return Page(body, headers={"Last-Modified": format_datetime(CHANGED, True), "ETag": etag})


def listing(*links: str) -> Page:
    body = "".join(f'<a href="{link}">{link}</a>' for link in links)
    return Page(f"<html><body>{body}</body></html>".encode(), headers={"Content-Type": "text/html"})


def serve_webdav(files: dict[str, bytes]) -> WebServer:
    """A read-only WebDAV server: PROPFIND of one level, GET."""

    def describe(path: str) -> str:
        body = files.get(path)
        kind = "<d:collection/>" if body is None else ""
        size = "" if body is None else f"<d:getcontentlength>{len(body)}</d:getcontentlength>"
        changed = format_datetime(CHANGED, True)
        slash = "/" if body is None and path != "/" else ""
        return (
            f"<d:response><d:href>{quote(path)}{slash}</d:href><d:propstat><d:prop>"
            f"<d:resourcetype>{kind}</d:resourcetype>{size}<d:getetag>e1</d:getetag>"
            f"<d:getlastmodified>{changed}</d:getlastmodified></d:prop>"
            "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
        )

    def answer(method: str, path: str, headers: dict[str, str]) -> Page:
        if headers.get("Authorization") is None:
            return Page(b"", 401)
        path = unquote(path).rstrip("/") or "/"
        if method == "GET":
            return Page(files[path]) if path in files else Page(b"", 404)
        prefix = path.rstrip("/") + "/"
        below = {
            prefix + name[len(prefix) :].split("/")[0] for name in files if name.startswith(prefix)
        }
        if path not in files and not below:
            return Page(b"", 404)
        shown = [path, *(sorted(below) if headers.get("Depth") == "1" else [])]
        body = f'<d:multistatus xmlns:d="DAV:">{"".join(map(describe, shown))}</d:multistatus>'
        return Page(body.encode(), 207, {"Content-Type": "application/xml"})

    return WebServer(answer)


def serve_s3(bucket: str, objects: dict[str, bytes], failures: list[int]) -> WebServer:
    """A read-only S3: ListObjectsV2, GetObject with ranges, HeadObject; failures come first."""

    def list_objects(query: dict[str, list[str]]) -> Page:
        prefix = query.get("prefix", [""])[0]
        keys = sorted(key for key in objects if key.startswith(prefix))
        folders = sorted(
            {
                prefix + key[len(prefix) :].split("/")[0] + "/"
                for key in keys
                if "/" in key[len(prefix) :]
            }
        )
        contents = "".join(
            f'<Contents><Key>{escape(key)}</Key><Size>{len(objects[key])}</Size><ETag>"e{len(key)}"</ETag>'
            f"<LastModified>{CHANGED:%Y-%m-%dT%H:%M:%S}.000Z</LastModified></Contents>"
            for key in keys
            if "/" not in key[len(prefix) :]
        )
        common = "".join(
            f"<CommonPrefixes><Prefix>{escape(f)}</Prefix></CommonPrefixes>" for f in folders
        )
        inner = f"<IsTruncated>false</IsTruncated>{contents}{common}"
        body = f"<ListBucketResult>{inner}</ListBucketResult>"
        return Page(body.encode(), headers={"Content-Type": "application/xml"})

    def answer(method: str, path: str, headers: dict[str, str]) -> Page:
        if failures:
            return Page(b"<Error><Code>InternalError</Code></Error>", failures.pop(0))
        target = urlsplit(path)
        name, _, key = unquote(target.path).lstrip("/").partition("/")
        if name != bucket:
            return Page(b"<Error><Code>NoSuchBucket</Code></Error>", 404)
        if not key:
            return list_objects(parse_qs(target.query))
        if key not in objects:
            return Page(b"<Error><Code>NoSuchKey</Code></Error>", 404)
        extra = {"ETag": f'"e{len(key)}"', "Last-Modified": format_datetime(CHANGED, True)}
        body = objects[key]
        if "Range" not in headers:
            return Page(body, headers=extra)
        start, _, end = headers["Range"].removeprefix("bytes=").partition("-")
        return Page(body[int(start) : int(end) + 1], 206, extra)

    return WebServer(answer)


class SftpServer:
    """An SFTP server over a folder; its log holds what was opened, `logins` the passwords tried."""

    PASSWORD = "p@ss/word:1"

    def __init__(self, folder: Path, port: int = 0, breaks: int = 0) -> None:
        self.folder = folder
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.client_key = asyncssh.generate_private_key("ssh-ed25519")
        self.log: list[str] = []
        self.logins: list[str] = []
        self.connections = 0
        self.breaks = breaks
        self._loop = asyncio.new_event_loop()
        self._server: asyncssh.SSHAcceptor | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = port
        if not port:
            self.start()

    def start(self) -> None:
        self._server = self._run(self._listen())
        self.port = self._server.get_port()

    def close(self) -> None:
        if self._server is not None:
            self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def write_known_hosts(self, path: Path, key: asyncssh.SSHKey | None = None) -> Path:
        public = (key or self.key).export_public_key().decode()
        path.write_text(f"[127.0.0.1]:{self.port} {public}")
        return path

    def _run(self, work: object) -> object:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)  # type: ignore[arg-type]

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _listen(self) -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            self.port,
            server_factory=lambda: Login(self),
            server_host_keys=[self.key],
            sftp_factory=lambda channel: Files(channel, self),
        )


class Login(asyncssh.SSHServer):
    """Counts connections, and knows one password and one key."""

    def __init__(self, server: SftpServer) -> None:
        self.server = server

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.server.connections += 1

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self.server.logins.append(password)
        return password == self.server.PASSWORD

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return key == self.server.client_key.convert_to_public()


class Files(asyncssh.SFTPServer):
    """Serves a folder for reading, and breaks the connection as often as it is told."""

    def __init__(self, channel: asyncssh.SSHServerChannel, server: SftpServer) -> None:
        super().__init__(channel, chroot=bytes(server.folder))
        self.server = server

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        assert pflags == asyncssh.FXF_READ, "a pull must only read"
        self.server.log.append(path.decode(errors="surrogateescape"))
        return super().open(path, pflags, attrs)

    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        if self.server.breaks:
            self.server.breaks -= 1
            self.channel.get_connection().abort()
        return super().read(file_obj, offset, size)

    def remove(self, path: bytes) -> None:
        raise AssertionError("a pull must never delete")


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def closing_all() -> Iterator[Callable[[object], object]]:
    """Closes every server made within it."""
    servers: list[object] = []

    def keep(server: object) -> object:
        servers.append(server)
        return server

    try:
        yield keep
    finally:
        for server in servers:
            server.close()  # type: ignore[attr-defined]


def write_certificate(path: Path) -> Path:
    """Writes a self-signed certificate for 127.0.0.1 with its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    return path
