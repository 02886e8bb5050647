"""Prefect notification blocks for what Prefect has none for: WeCom, DingTalk, and e-mail.

Observed with Prefect 3.8.8 and Apprise 1.13: both robots answer a refusal with HTTP 200 and an
error number, which Prefect's own webhook block and Apprise's plugins take for success; Apprise
also splits a message to WeCom after 1,000 signs. Text it mails is taken for HTML unless told.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import urllib.request
from typing import Any, Literal
from urllib.parse import urlencode

from prefect.blocks.abstract import NotificationBlock, NotificationError
from prefect.blocks.core import Block
from prefect.blocks.notifications import AppriseNotificationBlock
from pydantic import Field, PrivateAttr, SecretStr, field_validator

MOST_ANSWER_BYTES = 65536


class ChatRobot(NotificationBlock):
    """A robot of a WeCom or DingTalk group, by the address its settings show."""

    _block_type_name = "Chat robot"
    _block_type_slug = "chat-robot"
    _description = "Sends texts to a WeCom (企业微信) or DingTalk (钉钉) group."

    service: Literal["wecom", "dingtalk"] = Field(description="whose robot it is")
    url: SecretStr = Field(description="the robot's webhook address, with its key")
    secret: SecretStr | None = Field(default=None, description="DingTalk: the key of 加签")
    timeout_seconds: float = Field(default=10.0, gt=0)
    pause_seconds: float = Field(default=3.0, ge=0, description="both take 20 messages a minute")
    _last_at: float = PrivateAttr(default=0.0)

    @field_validator("url")
    @classmethod
    def _check_scheme(cls, url: SecretStr) -> SecretStr:
        if not url.get_secret_value().startswith(("https://", "http://")):
            message = "a robot's address begins with https://"
            raise ValueError(message)
        return url

    def notify(self, body: str, subject: str | None = None) -> None:  # type: ignore[override]
        """Sends one text.

        Raises:
            NotificationError: the service cannot be reached, or does not take the text.
        """
        time.sleep(max(0.0, self._last_at + self.pause_seconds - time.monotonic()))
        answer = self._post(self._write(body, subject))
        self._last_at = time.monotonic()
        if answer.get("errcode") != 0:
            raise NotificationError(f"{answer.get('errcode')} {answer.get('errmsg')}")

    def _write(self, body: str, subject: str | None) -> dict[str, Any]:
        if self.service == "wecom":
            return {"msgtype": "markdown", "markdown": {"content": body}}
        title = subject or body.partition("\n")[0]
        return {"msgtype": "markdown", "markdown": {"title": title, "text": body}}

    def _post(self, message: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310
            self._find_address(),
            data=json.dumps(message, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout_seconds) as stream:  # noqa: S310
                answer = json.loads(stream.read(MOST_ANSWER_BYTES))
        except (OSError, ValueError) as error:
            raise NotificationError(f"{type(error).__name__}: {error}") from error
        return answer if isinstance(answer, dict) else {}

    def _find_address(self) -> str:
        """The address; for DingTalk with 加签, signed for this moment."""
        url = self.url.get_secret_value()
        if self.secret is None:
            return url
        moment, secret = round(time.time() * 1000), self.secret.get_secret_value()
        digest = hmac.digest(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256)
        signed = urlencode({"timestamp": moment, "sign": base64.b64encode(digest).decode()})
        return f"{url}{'&' if '?' in url else '?'}{signed}"


class AppriseAddress(AppriseNotificationBlock):
    """Any address Apprise knows; for e-mail `mailtos://user:password@server:465?from=…&to=…`."""

    _block_type_name = "Apprise address"
    _block_type_slug = "apprise-address"
    _description = "Sends texts by e-mail, or by any other service Apprise has an address for."

    def block_initialization(self) -> None:
        """Says that texts are plain, so that their lines stay lines and < stays <."""
        super().block_initialization()
        self._apprise_client.asset.body_format = "text"  # type: ignore[assignment]


def register_channels() -> None:
    """Makes the blocks known to the Prefect server, so that its pages offer them."""
    for channel in (ChatRobot, AppriseAddress):
        channel.register_type_and_schema()


def load_channel(name: str) -> NotificationBlock:
    """Loads a block by `type/name`: one of these, or any other notification block of Prefect.

    Raises:
        ValueError: there is none of that name, or it does not send notifications.
    """
    block = Block.load(name)
    if not isinstance(block, NotificationBlock):
        message = f"{name} is no notification block"
        raise ValueError(message)
    return block
