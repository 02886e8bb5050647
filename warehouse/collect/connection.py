"""Keeps one source connected, and tries again what is transient, and only that."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity import wait_exponential_jitter as doubling

from warehouse.collect.archive import ArchiveError, TooLarge
from warehouse.collect.failures import Setback, SourceFailure, explain
from warehouse.collect.folders import Folder, open_folder
from warehouse.collect.place import Place, resolve_place
from warehouse.collect.sources import Source

_LONGEST_PAUSE = 30.0
_LOG = logging.getLogger(__name__)
T = TypeVar("T")


class Connection:
    """One source during one pull; after a failure it is reached anew.

    Attributes:
        tries: 1, and 1 more for every retry, whether of the listing or of a file.
    """

    def __init__(self, source: Source) -> None:
        """Connects to nothing yet."""
        self.tries = 1
        self._source = source
        self._place: Place | None = None
        self._folder: Folder | None = None

    def run(self, action: Callable[[Folder], T]) -> T:
        """Does one thing with the source, again after each transient failure.

        Raises:
            SourceFailure: it failed for good; its detail holds no secret.
            Setback, TooLarge, ArchiveError: as the action raised them.
        """
        retrying = Retrying(
            stop=stop_after_attempt(self._source.retries + 1),
            wait=self._choose_pause,
            retry=retry_if_exception(_is_transient),
            before_sleep=self._note_retry,
            reraise=True,
        )
        result: T = retrying(self._try, action)
        return result

    def close(self) -> None:
        """Ends the connection, if there is one."""
        if self._folder is not None:
            self._folder.close()
            self._folder = None

    def scrub(self, text: str) -> str:
        """Takes the source's secrets out of a text."""
        return self._place.scrub(text) if self._place else text

    def _try(self, action: Callable[[Folder], T]) -> T:
        try:
            if self._place is None:
                self._place = resolve_place(self._source)
            if self._folder is None:
                self._folder = open_folder(self._source, self._place)
            return action(self._folder)
        except (Setback, TooLarge, ArchiveError):
            raise
        except Exception as error:
            failure = explain(error)
            failure.detail = self.scrub(failure.detail)
        # Nothing is chained: the library's own error may hold a password.
        failure.__cause__ = failure.__context__ = None
        if failure.file_verdict is None:
            self.close()
        raise failure

    def _choose_pause(self, state: RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        if isinstance(failure, SourceFailure) and failure.retry_after is not None:
            return failure.retry_after
        first = self._source.backoff_seconds
        return float(doubling(multiplier=first, max=_LONGEST_PAUSE, jitter=first / 2)(state))

    def _note_retry(self, state: RetryCallState) -> None:
        self.tries += 1
        failure = state.outcome.exception() if state.outcome else None
        _LOG.info("source %s: %s; trying again", self._source.name, failure)


def _is_transient(error: BaseException) -> bool:
    return isinstance(error, SourceFailure) and error.is_transient
