"""An element of an XML or HTML tree, for the type checker: lxml says nothing of its types."""

from __future__ import annotations

from typing import Any, TypeAlias

Element: TypeAlias = Any
"""An element as lxml gives it: `tag`, `text`, `tail`, attributes by `get`, children in order."""
