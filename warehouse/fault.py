"""What can go wrong that a user can mend."""

from __future__ import annotations


class UserFault(Exception):
    """What happened, where, and what to do: `中文 / English`, one sentence each."""

    def of(self, language: str) -> str:
        """The sentence in `zh` or `en`; all of it where it is written in one language."""
        chinese, _, english = str(self).partition(" / ")
        return (english or chinese) if language == "en" else chinese
