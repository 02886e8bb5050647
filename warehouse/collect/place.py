"""Fills the secrets into a source's address for connecting, and takes them out of every text."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from warehouse.collect.sources import ConfigError, Source

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://(.*)", re.DOTALL)
_SECRET_KEY = re.compile(r"pass|secret|token|auth|cookie|header|\bkey\b", re.IGNORECASE)
_URL = re.compile(r"""(\w://)(?:[^/@\s]*@)?([^\s?'")]*)(?:\?[^\s'")]*)?""")


@dataclass(frozen=True, repr=False)
class Place:
    """An address ready to connect to. It holds secrets: it is passed on, and never printed.

    Attributes:
        scheme: lower case; `file` for a path.
        rest: the address after `://`, without user and password; a path for `file`.
        host, port, username, password: what the address says, percent signs resolved.
        path: the part after the host, percent signs resolved.
        options: the source's options with their placeholders filled.
        secrets: every text that must not appear anywhere.
    """

    scheme: str
    rest: str
    host: str = ""
    port: int | None = None
    username: str | None = None
    password: str | None = None
    path: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()

    def scrub(self, text: str) -> str:
        """Takes secrets, user names in addresses, and query strings out of a text."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return _URL.sub(r"\1\2", text)


def resolve_place(source: Source) -> Place:
    """Reads a source's address and options, with `${NAME}` filled from the environment.

    Raises:
        ConfigError: a variable is not set, or the address or an option cannot be used.
    """
    used: set[str] = set()
    options = _fill(source, source.options, used)
    _refuse_blind_trust(source, options)
    address = _fill_address(source, used)
    match = _SCHEME.fullmatch(address)
    scheme, rest = (match[1].lower(), match[2]) if match else ("file", address)
    if "::" in address.partition("://")[0]:
        raise _complain(source, "address", "不支持链式地址", "chained addresses are not supported")
    if scheme in {"file", "local"}:
        return Place("file", str(Path(rest).expanduser()), options=options)
    authority, slash, path = rest.partition("/")
    userinfo, _, server = authority.rpartition("@")
    try:
        parsed = urlsplit(f"//{server}")
        host, port = parsed.hostname or "", parsed.port
    except ValueError as error:
        raise _complain(source, "address", "主机或端口有误", "bad host or port") from error
    username, _, password = map(unquote, userinfo.partition(":"))
    hidden = {password, *used, *_find_secrets(options)} - {""}
    return Place(
        scheme,
        server + slash + path,
        host,
        port,
        username or None,
        password or None,
        unquote(slash + path),
        options,
        frozenset(hidden | {_quote_fully(secret) for secret in hidden}),
    )


def show_address(source: Source) -> str:
    """Writes a source's address as the file has it, without query and all up to its last @."""
    return re.sub("://.*@", "://", source.address).partition("?")[0]


def _fill_address(source: Source, used: set[str]) -> str:
    """Fills an address; a value before the `@` is percent-quoted, so it may hold @ or / itself."""
    start, mark, rest = source.address.partition("://")
    authority, slash, path = rest.partition("/")
    userinfo, at, server = authority.rpartition("@")
    parts = [_fill(source, part, used) for part in (start, mark, server, slash, path)]
    parts.insert(2, _fill(source, userinfo, used, encode=_quote_fully) + at)
    return "".join(parts)


def _quote_fully(text: str) -> str:
    return quote(text, safe="")


def _fill(
    source: Source,
    value: Any,  # noqa: ANN401
    used: set[str],
    encode: Callable[[str], str] = str,
) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: _fill(source, item, used) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(source, item, used) for item in value]
    if not isinstance(value, str):
        return value

    def look_up(match: re.Match[str]) -> str:
        found = os.environ.get(match[1])
        if not found:
            raise _complain(
                source,
                match[0],
                f"环境变量 {match[1]} 未设置；请在运行 Biaogan 的环境里设置它",
                f"the environment variable {match[1]} is not set; set it where Biaogan runs",
            )
        used.add(found)
        return encode(found)

    return _PLACEHOLDER.sub(look_up, value)


def _find_secrets(value: Any, *, is_secret: bool = False) -> Iterator[str]:  # noqa: ANN401
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _find_secrets(item, is_secret=is_secret or bool(_SECRET_KEY.search(key)))
    elif isinstance(value, list):
        for item in value:
            yield from _find_secrets(item, is_secret=is_secret)
    elif is_secret and isinstance(value, str):
        yield from value.split()


def _refuse_blind_trust(source: Source, options: Any) -> None:  # noqa: ANN401
    """No option may switch off the check of who the server is."""
    for key, value in options.items():
        if key == "known_hosts" or (key in {"verify", "ssl", "verify_ssl"} and not value):
            raise _complain(
                source,
                f"options ▸ {key}",
                "不能关闭对服务器身份的核对；SFTP 请写 known_hosts，HTTPS 请写 ca_file",
                "the server's identity is always checked: use known_hosts for SFTP, "
                "ca_file for HTTPS",
            )
        if isinstance(value, dict):
            _refuse_blind_trust(source, value)


def _complain(source: Source, key: str, chinese: str, english: str) -> ConfigError:
    return ConfigError(f"source {source.name} ▸ {key}：{chinese} / {english}")
