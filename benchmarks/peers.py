"""Plain scorers to compare with: each takes two lists of texts and gives a matrix from 0 to 1."""

from __future__ import annotations

import numpy as np


def word_tfidf(left: list[str], right: list[str]) -> np.ndarray:
    """Cosine of word TF-IDF (scikit-learn's defaults, every syllable a word)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    model = TfidfVectorizer(token_pattern=r"\w+").fit([*left, *right])
    return np.asarray((model.transform(left) @ model.transform(right).T).todense())


def token_set(left: list[str], right: list[str]) -> np.ndarray:
    """rapidfuzz's token_set_ratio on lower-cased texts."""
    from rapidfuzz import fuzz, process

    return process.cdist([t.lower() for t in left], [t.lower() for t in right], scorer=fuzz.token_set_ratio) / 100
