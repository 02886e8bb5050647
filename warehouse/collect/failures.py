"""Says what an exception of any protocol means: whom it concerns, and whether to try again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from warehouse.collect.names import Verdict
from warehouse.collect.sources import ConfigError

FORBIDDEN = Verdict("refused", "forbidden")
ABSENT = Verdict("waiting", "not_found")


@dataclass(eq=False)
class SourceFailure(Exception):
    """A source, or one file of it, could not be had.

    Attributes:
        kind: `down`, `authentication`, `host_key`, `missing_extra` or `configuration`.
        detail: what the other side or the library said; may hold secrets until scrubbed.
        is_transient: worth another try in the same night.
        file_verdict: what becomes of one file that fails so, where it may concern that file alone.
        retry_after: seconds the server asked to be left alone, else None.
        is_complete: the detail is a whole message with its remedy and needs no words around it.
    """

    kind: str
    detail: str
    is_transient: bool = False
    file_verdict: Verdict | None = None
    retry_after: float | None = None
    is_complete: bool = False

    def __str__(self) -> str:
        """Gives the detail: the source's name and the remedy are added by who knows them."""
        return self.detail


class Setback(Exception):
    """One file cannot be taken this time, for a reason that no retry mends.

    Attributes:
        verdict: what becomes of the file.
    """

    def __init__(self, outcome: str, reason: str) -> None:
        """Keeps the verdict for the arrival."""
        super().__init__(f"{outcome}: {reason}")
        self.verdict = Verdict(outcome, reason)


REMEDIES = {
    "down": (
        "连不上或中途断开；其他来源不受影响，下一夜自动再取",
        "cannot be reached, or broke off; the other sources go on, the next night tries again",
    ),
    "authentication": (
        "拒绝访问；请核对用户名、密码、密钥和访问权限",
        "refuses access; check user, password, key and permissions",
    ),
    "host_key": (
        "服务器身份核对不符，已停止；请向对方管理员核实后更新 known_hosts 或 ca_file",
        "is not proved to be the right server; ask its administrator, then mend known_hosts",
    ),
    "missing_extra": (
        "所用协议的组件未安装",
        "uses a protocol whose component is not installed",
    ),
    "configuration": (
        "无法读取；请按后面的说明改正配置或文件夹",
        "cannot be read; mend its configuration or folder as said after this",
    ),
}

_HOST_KEY = {
    "asyncssh.HostKeyNotVerifiable",
    "aiohttp.ClientConnectorCertificateError",
    "aiohttp.ServerFingerprintMismatch",
    "ssl.SSLCertVerificationError",
}
_AUTHENTICATION = {
    "asyncssh.PermissionDenied",
    "asyncssh.KeyEncryptionError",
    "botocore.NoCredentialsError",
    "botocore.PartialCredentialsError",
}
_CHANGED = {"s3fs.FileExpired", "fsspec.FileExpired"}
_TRANSIENT = {
    "builtins.TimeoutError",
    "builtins.ConnectionError",
    "builtins.EOFError",
    "socket.gaierror",
    "asyncssh.ConnectionLost",
    "asyncssh.ChannelOpenError",
    "asyncssh.SFTPConnectionLost",
    "asyncssh.SFTPNoConnection",
    "aiohttp.ClientConnectionError",
    "aiohttp.ClientPayloadError",
    "httpx.TransportError",
    "botocore.HTTPClientError",
    "botocore.ConnectionError",
    "webdav4.BadGatewayError",
}
_CONFIGURATION = {"ssl.SSLError", "asyncssh.KeyImportError", "asyncssh.KeyExchangeFailed"}
_FORBIDDEN = {"builtins.PermissionError", "asyncssh.SFTPPermissionDenied"}
_NOT_FOUND = {
    "builtins.FileNotFoundError",
    "builtins.NotADirectoryError",
    "asyncssh.SFTPNoSuchFile",
    "asyncssh.SFTPNoSuchPath",
}
_PROGRAMMING = {"builtins.TypeError", "builtins.ValueError", "builtins.KeyError"}


def explain_status(status: int, retry_after: float | None = None) -> SourceFailure:
    """Says what an HTTP status means, whichever protocol carried it."""
    detail = f"HTTP {status}"
    if status in {408, 425, 429} or status >= 500:
        return SourceFailure("down", detail, is_transient=True, retry_after=retry_after)
    if status in {401, 407}:
        return SourceFailure("authentication", detail)
    if status == 403:
        return SourceFailure("authentication", detail, file_verdict=FORBIDDEN)
    if status in {404, 410}:
        return SourceFailure("configuration", detail, file_verdict=ABSENT)
    return SourceFailure("configuration", detail)


def explain(error: Exception) -> SourceFailure:
    """Says what an exception means, by its class and those of its causes.

    The classes are known by name, so that no protocol's library is imported for it.
    """
    chain = list(_walk_causes(error))
    names = {name for cause in chain for name in _name_classes(cause)}
    detail = f"{type(error).__name__}: {str(error).strip() or '-'}".splitlines()[0][:300]
    own = next((cause for cause in chain if isinstance(cause, SourceFailure)), None)
    status = next((found for found in map(_find_status, chain) if found), None)
    if own is not None:
        return own
    if isinstance(error, ConfigError):
        return SourceFailure("configuration", str(error), is_complete=True)
    if names & _HOST_KEY or (names & _CONFIGURATION and "host key" in detail):
        return SourceFailure("host_key", detail)
    if names & _AUTHENTICATION:
        return SourceFailure("authentication", detail)
    if status:
        failure = explain_status(status)
        failure.detail = f"{failure.detail}, {detail}"
        return failure
    # The event loop and s3fs say plain OSError for "no route", "several addresses failed", 5xx.
    if any(type(cause) is OSError for cause in chain):
        names.add("builtins.ConnectionError")
    return _explain_names(names, detail)


def _explain_names(names: set[str], detail: str) -> SourceFailure:
    if names & _CONFIGURATION:
        return SourceFailure("configuration", detail)
    if names & _TRANSIENT:
        return SourceFailure("down", detail, is_transient=True)
    if names & _FORBIDDEN:
        return SourceFailure("authentication", detail, file_verdict=FORBIDDEN)
    if names & _NOT_FOUND:
        return SourceFailure("configuration", detail, file_verdict=ABSENT)
    return SourceFailure("configuration" if names & _PROGRAMMING else "down", detail)


def has_changed(error: Exception) -> bool:
    """Whether a library noticed that the file was replaced while it was read."""
    return bool(_CHANGED & {name for cause in _walk_causes(error) for name in _name_classes(cause)})


@contextmanager
def needing(extra: str | None) -> Iterator[None]:
    """Turns a failed import into a failure that names the extra to install, if there is one.

    Raises:
        SourceFailure: kind `missing_extra`.
    """
    try:
        yield
    except ImportError as error:
        remedy = f"请安装 / install: pip install 'biaogan[{extra}]' " if extra else ""
        detail = f"{remedy}({error.name if extra else error})"
        raise SourceFailure("missing_extra", detail) from error


def _walk_causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _name_classes(error: BaseException) -> Iterator[str]:
    for kind in type(error).__mro__:
        yield f"{kind.__module__.partition('.')[0]}.{kind.__name__}"


def _find_status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    if isinstance(response, dict):  # botocore
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    else:
        status = getattr(error, "status_code", None) or getattr(error, "status", None)
        status = status or getattr(response, "status_code", None)
    return status if isinstance(status, int) and 400 <= status < 600 else None
