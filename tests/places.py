"""Where the tests find what they read: the editions always, the real documents and labels only beside the project."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EDITIONS = ROOT / "data" / "editions"
SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "corpus"
