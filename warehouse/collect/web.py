"""Reads sources over HTTP(S): a page of links, or files named in the configuration.

fsspec's own HTTP file system is left alone on purpose: its `info` turns every status into "not
found", so that a server that is busy (503) or refuses (403) looks like one without the file, and
its listing joins `../` links blindly. Its event loop carries our aiohttp session instead.
"""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import quote, urljoin, urlsplit

from warehouse.collect.failures import SourceFailure, explain_status, needing
from warehouse.collect.folders import Entry, walk
from warehouse.collect.links import read_links
from warehouse.collect.names import Verdict, decode_name, judge_name
from warehouse.collect.place import Place
from warehouse.collect.sources import Source

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

_KNOWN_OPTIONS = {"headers", "ca_file", "trust_env"}
_PAGE_BYTES = 8 << 20
_HEADS_AT_ONCE = 4
_NO_HEAD = frozenset({405, 501})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_LONGEST_WAIT = 30.0
T = TypeVar("T")


class Run(Protocol):
    """Carries a coroutine to the session's event loop and waits for what it gives."""

    def __call__(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs it to its end."""


class WebFolder:
    """One page of links and the files below it, read with one aiohttp session."""

    def __init__(self, source: Source, address: str, run: Run, session: ClientSession) -> None:
        """Takes over a session to which nothing was sent yet."""
        self._source = source
        self._address = address
        self._base, self._met = address, set[str]()
        self._run = run
        self._session = session

    def list_entries(self) -> list[Entry]:
        """Lists the page's files, or those the source names, each with size, time and etag."""
        return list(self._run(self._look_at_all(self._list_links())))

    def open_entry(self, entry: Entry) -> WebStream:
        """Asks for one file; its body is read as it comes."""
        return self._run(self._start(entry.handle))

    def close(self) -> None:
        """Closes the session and its connections."""
        self._run(self._session.close())

    def _list_links(self) -> list[Entry]:
        if self._source.files is None:
            return walk(self._list_page)
        base = self._address if self._address.endswith("/") else f"{self._address}/"
        return [
            Entry(name, urljoin(base, quote(name)), verdict=judge_name(name))
            for name in self._source.files
        ]

    def _list_page(self, folder: Entry | None) -> Iterator[Entry]:
        url, page = self._run(self._fetch_page(folder.handle if folder else self._address))
        if folder is None:
            self._base, self._met = url, set()
        for entry in read_links(page, url, self._base):
            if entry.handle not in self._met:
                self._met.add(entry.handle)
                yield entry

    async def _fetch_page(self, url: str) -> tuple[str, str]:
        async with self._ask("GET", url) as response:
            body = bytearray()
            async for chunk in response.content.iter_chunked(1 << 16):
                body += chunk
                if len(body) > _PAGE_BYTES:
                    detail = f"the page of links is larger than {_PAGE_BYTES} bytes"
                    raise SourceFailure("configuration", detail)
            return str(response.url), decode_name(bytes(body))

    async def _look_at_all(self, entries: list[Entry]) -> list[Entry]:
        gate = asyncio.Semaphore(_HEADS_AT_ONCE)

        async def look(entry: Entry) -> Entry:
            async with gate:
                return entry if entry.verdict else await self._look_at(entry)

        return list(await asyncio.gather(*map(look, entries)))

    async def _look_at(self, entry: Entry) -> Entry:
        """Asks for a file's headers alone; where the server has no HEAD, for the start of a GET."""
        try:
            async with self._ask("HEAD", entry.handle, accepted=_NO_HEAD) as response:
                if response.status not in _NO_HEAD:
                    return _read_headers(entry, response.headers)
            async with self._ask("GET", entry.handle) as response:
                return _read_headers(entry, response.headers)
        except SourceFailure as failure:
            if failure.file_verdict is None:
                raise
            return replace(entry, verdict=failure.file_verdict)

    async def _start(self, url: str) -> WebStream:
        return WebStream(self._run, await self._follow("GET", url))

    @asynccontextmanager
    async def _ask(
        self, method: str, url: str, accepted: frozenset[int] = frozenset()
    ) -> AsyncIterator[ClientResponse]:
        response = await self._follow(method, url, accepted)
        try:
            yield response
        finally:
            response.close()

    async def _follow(
        self, method: str, url: str, accepted: frozenset[int] = frozenset()
    ) -> ClientResponse:
        """Asks, and follows redirects on the same server: elsewhere our headers have no business.

        Raises:
            SourceFailure: the status is an error, or a redirect leads to another server.
        """
        for _ in range(_MOST_REDIRECTS):
            response = await self._session.request(method, url, allow_redirects=False)
            if response.status in accepted or response.status < 300:
                return response
            response.close()
            if response.status not in _REDIRECTS:
                raise _explain_response(response)
            home, url = url, urljoin(url, response.headers.get("Location", ""))
            if urlsplit(home)[:2] != urlsplit(url)[:2]:
                detail = f"redirects to {'://'.join(urlsplit(url)[:2])}: give that as the address"
                elsewhere = Verdict("refused", "other_host")
                raise SourceFailure("configuration", detail, file_verdict=elsewhere)
        raise SourceFailure("configuration", "redirects without end")


class WebStream:
    """The body of one answer, as it comes."""

    def __init__(self, run: Run, response: ClientResponse) -> None:
        """Takes over the response."""
        self._run = run
        self._response = response

    def read(self, size: int, /) -> bytes:
        """Reads what has arrived, at most `size` bytes; a body cut short raises."""
        return self._run(self._response.content.read(size))

    def close(self) -> None:
        """Drops the connection if the body was not read to its end."""

        async def release() -> None:
            self._response.close()

        self._run(release())


def connect(source: Source, place: Place) -> WebFolder:
    """Opens a session; nothing is sent yet.

    Raises:
        SourceFailure: aiohttp is missing, or an option is unknown.
        OSError: `ca_file` cannot be read.
    """
    with needing("http"):
        from aiohttp import ClientSession, ClientTimeout, TCPConnector
        from fsspec.asyn import get_loop, sync
    unknown = sorted(place.options.keys() - _KNOWN_OPTIONS)
    if unknown:
        detail = f"unknown options {unknown}; known: {sorted(_KNOWN_OPTIONS)}"
        raise SourceFailure("configuration", detail)
    context = ssl.create_default_context(cafile=place.options.get("ca_file"))
    # A compressed body would make the declared size useless.
    headers = {"Accept-Encoding": "identity", **place.options.get("headers", {})}
    if place.username:
        login = f"{place.username}:{place.password or ''}".encode()
        headers["Authorization"] = f"Basic {b64encode(login).decode()}"
    seconds = source.timeout_seconds

    async def open_session() -> ClientSession:
        return ClientSession(
            connector=TCPConnector(ssl=context),
            headers=headers,
            timeout=ClientTimeout(total=None, connect=seconds, sock_read=seconds),
            trust_env=bool(place.options.get("trust_env", False)),
        )

    def run(work: Coroutine[Any, Any, T]) -> T:
        result: T = sync(get_loop(), lambda: work)
        return result

    return WebFolder(source, f"{place.scheme}://{place.rest}", run, run(open_session()))


def _read_headers(entry: Entry, headers: Mapping[str, str]) -> Entry:
    length = headers.get("Content-Length", "")
    is_plain = headers.get("Content-Encoding", "identity") == "identity"
    changed = headers.get("Last-Modified", "")
    return replace(
        entry,
        size=int(length) if length.isdigit() and is_plain else None,
        modified=_read_date(changed),
        etag=headers.get("ETag", "") or changed,
    )


def _read_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _explain_response(response: ClientResponse) -> SourceFailure:
    wait = response.headers.get("Retry-After", "")
    seconds = min(float(wait), _LONGEST_WAIT) if wait.isdigit() else None
    return explain_status(response.status, seconds)
