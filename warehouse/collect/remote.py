"""Reads sources through fsspec: SFTP with a checked host key, S3, WebDAV, and any other address."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal

from warehouse.collect.failures import Setback, has_changed, needing
from warehouse.collect.folders import Entry, Stream, pick_files, walk
from warehouse.collect.names import decode_name
from warehouse.collect.place import Place
from warehouse.collect.sources import ConfigError, Source

_BLOCK = 4 << 20
_TIMES = ("mtime", "LastModified", "modified", "last_modified", "created")
_ETAGS = ("ETag", "etag")
_KINDS: dict[str, Literal["file", "folder", "link"]] = {
    "file": "file",
    "directory": "folder",
    "link": "link",
}


class RemoteFolder:
    """One folder of an fsspec file system.

    Every connection is made anew: fsspec hands out the same object for the same address again,
    also after its connection broke, unless told not to.
    """

    def __init__(
        self,
        source: Source,
        file_system: Any,  # noqa: ANN401
        root: str,
        close: Callable[[], object] = lambda: None,
        *,
        limits: Mapping[str, float] = MappingProxyType({}),
        open_options: Mapping[str, Any] = MappingProxyType({}),
        is_flat: bool = False,
    ) -> None:
        """Takes over a connected file system.

        Args:
            source: what is pulled.
            file_system: the connected file system.
            root: the folder in it.
            close: ends the connection.
            limits: the time limit that one call to list or read takes, if the protocol has none.
            open_options: what opening a file takes.
            is_flat: there are no folders, so that an empty one looks like one that is absent.
        """
        self._source = source
        self._file_system = file_system
        self._root = root.rstrip("/")
        self._start = self._root or root
        self._close = close
        self._limits = limits
        self._open_options = open_options
        self._is_flat = is_flat

    def list_entries(self) -> list[Entry]:
        """Lists the files below the folder."""
        return pick_files(walk(self._list_children), self._source.files)

    def open_entry(self, entry: Entry) -> Stream:
        """Opens one file."""
        file = self._file_system.open(entry.handle, "rb", **self._open_options)
        return RemoteStream(file, self._limits)

    def close(self) -> None:
        """Ends the connection; one that broke already is no reason to complain."""
        with suppress(Exception):
            self._close()

    def _list_children(self, folder: Entry | None) -> Iterator[Entry]:
        path = folder.handle if folder else self._start
        try:
            listed = self._file_system.ls(path, detail=True, **self._limits)
        except FileNotFoundError as error:
            # s3fs gives a cause where the bucket is missing, and none where nothing is in it.
            if self._is_flat and error.__cause__ is None:
                return
            raise
        for info in listed:
            name = str(info["name"]).rstrip("/")
            if name not in {"", path.rstrip("/")}:  # S3 lists a folder's own marker
                yield self._read_info(name, info)

    def _read_info(self, handle: str, info: dict[str, Any]) -> Entry:
        modified = next((moment for key in _TIMES if (moment := _read_time(info.get(key)))), None)
        etag = next((str(info[key]) for key in _ETAGS if info.get(key)), None)
        name = handle.removeprefix(f"{self._root}/") if self._root else handle.lstrip("/")
        return Entry(
            name=decode_name(name.encode("utf-8", "surrogateescape")),
            handle=handle,
            kind="link" if info.get("islink") else _KINDS.get(info.get("type", ""), "other"),
            size=info.get("size"),
            modified=modified,
            etag=etag or (modified.isoformat() if modified else ""),
        )


class RemoteStream:
    """One file of an fsspec file system, with the time limit its reads take, if any."""

    def __init__(self, file: Any, limits: Mapping[str, float]) -> None:  # noqa: ANN401
        """Takes over the open file."""
        self._file = file
        self._limits = limits

    def read(self, size: int, /) -> bytes:
        """Reads on.

        Raises:
            Setback: the server noticed that the file was replaced while it was read.
        """
        try:
            chunk: bytes = self._file.read(size, **self._limits)
        except OSError as error:
            if has_changed(error):
                raise Setback("waiting", "changed_while_read") from error
            raise
        return chunk

    def close(self) -> None:
        """Closes the file; one whose connection broke is closed already."""
        with suppress(Exception):
            self._file.close()


def connect(source: Source, place: Place) -> RemoteFolder:
    """Connects by scheme; what has no rule of its own goes to fsspec as it is.

    Raises:
        SourceFailure: the protocol's extra is not installed.
        ConfigError: the source lacks what the protocol must have.
    """
    connector = {
        "sftp": _connect_sftp,
        "ssh": _connect_sftp,
        "webdav": _connect_webdav,
        "dav": _connect_webdav,
        "webdavs": _connect_webdav,
        "davs": _connect_webdav,
        "s3": _connect_s3,
        "s3a": _connect_s3,
    }
    return connector.get(place.scheme, _connect_any)(source, place)


def _connect_sftp(source: Source, place: Place) -> RemoteFolder:
    known_hosts = source.known_hosts
    if known_hosts is None or not known_hosts.is_file():
        found = f"找不到文件 {known_hosts}" if known_hosts else "未设置"
        missing = f"there is no file {known_hosts}" if known_hosts else "it is not set"
        message = (
            f"source {source.name} ▸ known_hosts：{found}。请向对方管理员核实主机密钥，写入该文件"
            f"（格式：主机名 密钥类型 密钥），并在配置中给出路径；主机密钥从不自动接受 / "
            f"{missing}. Ask the server's administrator for its host key, write it to that file "
            "(host, key type, key), and give its path; a key is never accepted unseen"
        )
        raise ConfigError(message)
    with needing("sftp"):
        from sshfs import SSHFileSystem
    options: dict[str, Any] = {
        "port": place.port or 22,
        "config": None,  # the account's own ~/.ssh/config could route or trust differently
        "connect_timeout": source.timeout_seconds,
        "login_timeout": source.timeout_seconds,
        "keepalive_interval": source.timeout_seconds,  # a silent server becomes a lost connection
        # Old servers send GB18030 names: keep their bytes, so that the file can be opened again.
        "sftp_client_kwargs": {"path_errors": "surrogateescape"},
    }
    if place.username:
        options["username"] = place.username
    if place.password:
        options |= {"password": place.password, "client_keys": None, "agent_path": None}
    options |= place.options
    file_system = SSHFileSystem(
        place.host, known_hosts=str(known_hosts), skip_instance_cache=True, **options
    )

    def close() -> None:
        file_system.loop.call_soon_threadsafe(file_system.client.close)

    return RemoteFolder(
        source,
        file_system,
        place.path or ".",
        close,
        limits={"timeout": source.timeout_seconds},
        # Of several requests under way asyncssh forgets all but the first when the connection is
        # lost, and each of the others prints a traceback.
        open_options={"max_requests": 1},
    )


def _connect_webdav(source: Source, place: Place) -> RemoteFolder:
    with needing("webdav"):
        from webdav4.fsspec import WebdavFileSystem
    options = dict(place.options)
    if "ca_file" in options:
        options["verify"] = options.pop("ca_file")
    login = (place.username, place.password or "") if place.username else None
    scheme = "https" if place.scheme.endswith("s") else "http"
    file_system = WebdavFileSystem(
        f"{scheme}://{place.rest}",
        auth=login,
        timeout=source.timeout_seconds,
        retry=False,  # one place decides what is tried again, and counts it
        skip_instance_cache=True,
        **options,
    )
    return RemoteFolder(source, file_system, "", file_system.client.http.close)


def _connect_s3(source: Source, place: Place) -> RemoteFolder:
    with needing("s3"):
        from s3fs import S3FileSystem
    options = {"local_expiry_check": True, **place.options}
    options["config_kwargs"] = {
        "connect_timeout": source.timeout_seconds,
        "read_timeout": source.timeout_seconds,
        **options.get("config_kwargs", {}),
    }
    file_system = S3FileSystem(skip_instance_cache=True, use_listings_cache=False, **options)
    file_system.retries = 1  # one place decides what is tried again, and counts it
    return RemoteFolder(
        source, file_system, place.rest, open_options={"block_size": _BLOCK}, is_flat=True
    )


def _connect_any(source: Source, place: Place) -> RemoteFolder:
    login = {"username": place.username, "password": place.password} if place.username else {}
    options = {"skip_instance_cache": True, **login, **place.options}
    with needing(None):  # fsspec itself says which package an address lacks
        from fsspec.core import url_to_fs

        file_system, root = url_to_fs(f"{place.scheme}://{place.rest}", **options)
    return RemoteFolder(source, file_system, root)


def _read_time(value: Any) -> datetime | None:  # noqa: ANN401
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return None
