"""An encoder of sentences as one more piece of evidence: optional, behind the extra ``embeddings``.

Nothing is imported from here unless somebody names a model, and nothing is downloaded: a model is a folder, or a name
that is in the machine's cache of models.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from compare.errors import PlanError
from compare.similarity import Matrix

EXTRA = "pip install 'plandiff[embeddings]'"


class Encoder:
    """A sentence-transformers model. A text is encoded once, however many pairs of plans it stands in."""

    def __init__(self, name: str, model: Any) -> None:
        self.name = name
        self._model = model
        self._known: dict[str, Matrix] = {}

    def vectors(self, texts: list[str]) -> Matrix:
        """One row of length 1 for each text (a row of zeros where the model has nothing to say)."""
        fresh = sorted({t for t in texts if t not in self._known})
        if fresh:
            made = np.asarray(self._model.encode(fresh, convert_to_numpy=True, show_progress_bar=False), dtype=float)
            lengths = np.linalg.norm(made, axis=1, keepdims=True)
            made = np.divide(made, lengths, out=np.zeros_like(made), where=lengths > 0)
            self._known |= dict(zip(fresh, made, strict=True))
        return np.array([self._known[t] for t in texts])


@lru_cache(maxsize=2)
def load(name: str) -> Encoder:
    """The model in the folder ``name``, or of that name in the cache of models.

    Raises PlanError where sentence-transformers is not installed, or there is no such model.
    """
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        raise PlanError(
            f"{name}: embeddings need the package sentence-transformers; install it with: {EXTRA}"
        ) from None
    if name.startswith((".", "/", "~")) and not Path(name).is_dir():
        raise PlanError(f"{name}: no such folder; give a folder with a sentence-transformers model")
    _hush()
    try:
        model = SentenceTransformer(name, local_files_only=True, device="cpu")
    except Exception as error:  # the kinds of failure are many: of the hub, the tokenizer, the weights' format
        raise PlanError(f"{name}: {_problem(name, error)}") from None
    return Encoder(name, model)


def _problem(name: str, error: Exception) -> str:
    """What is wrong and the way out, on one line."""
    if Path(name).is_dir():
        first = " ".join(str(error).split())[:120]
        return f"no sentence-transformers model in this folder ({first}); give the folder that holds modules.json"
    return f"no model of this name on this machine; fetch it once with: hf download {name}, or give a folder"


def _hush() -> None:
    """Keeps the libraries' bars and notes off the terminal."""
    import logging

    from transformers.utils import logging as bars

    bars.disable_progress_bar()
    for library in ("transformers", "sentence_transformers", "huggingface_hub"):
        logging.getLogger(library).setLevel(logging.ERROR)


def evidence(left: list[str], right: list[str], name: str) -> Matrix:
    """How near two texts are for the model, from 0 to 1, for every pair.

    The cosine c of their vectors, measured from what is usual: with u the median cosine of two texts of one plan
    (0 where no plan has two), max(0, (c - u) / (1 - u)). Encoders differ in u, and in most it is far from 0.
    """
    encoder = load(name)
    a, b = encoder.vectors(left), encoder.vectors(right)
    own = np.concatenate([(v @ v.T)[np.triu_indices(len(v), 1)] for v in (a, b)])
    usual = max(0.0, float(np.median(own))) if own.size else 0.0
    if usual >= 1:
        return np.zeros((len(left), len(right)))
    return np.asarray(np.round(np.clip((a @ b.T - usual) / (1 - usual), 0.0, 1.0), 6))
