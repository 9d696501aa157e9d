"""Records with nothing in them but what a test is about."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from compare.similarity import Profile

_NOTHING: dict[str, Any] = {"str": "", "tuple": (), "dict": {}, "frozenset": frozenset()}


def profile(name: str, **facts: Any) -> Profile:
    """A profile of an item in Vietnamese; every fact that is not given is empty."""
    empty = {f.name: _NOTHING[str(f.type).split("[")[0]] for f in fields(Profile)}
    return Profile(**{**empty, "item_id": name, "language": "vi", **facts})
