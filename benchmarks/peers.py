"""Plain scorers to compare with: each takes two lists of texts and gives a matrix of scores, higher for more alike.

Each is used as its documentation proposes, with nothing tuned to the plans but what a reader of that documentation would
choose. A peer that is not installed raises ImportError; the extra ``bench`` in setup.cfg names them.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from itertools import pairwise

import gold
import numpy as np

WRITTEN = gold.ROOT / "benchmarks" / "peers.json"
# Tasks of either plan where the time is taken.
TASKS = 250
# F1 and average precision by pair of plans, and seconds.
Row = dict[str, float]
# Name, judged items, F1, lax F1, average precision.
Group = dict[str, str | float]
Scorer = Callable[[list[str], list[str]], np.ndarray]


def word_tfidf(left: list[str], right: list[str]) -> np.ndarray:
    """Cosine of word TF-IDF (scikit-learn's defaults, every syllable a word)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    model = TfidfVectorizer(token_pattern=r"\w+").fit([*left, *right])
    return np.asarray((model.transform(left) @ model.transform(right).T).todense())


def token_set(left: list[str], right: list[str]) -> np.ndarray:
    """rapidfuzz's token_set_ratio on lower-cased texts."""
    from rapidfuzz import fuzz, process

    return process.cdist([t.lower() for t in left], [t.lower() for t in right], scorer=fuzz.token_set_ratio) / 100


def polyfuzz_tfidf(left: list[str], right: list[str]) -> np.ndarray:
    """PolyFuzz's TF-IDF over characters, every match asked for (its default gives the best one only)."""
    import matplotlib as mpl
    import matplotlib.cm

    if not hasattr(matplotlib.cm, "get_cmap"):  # PolyFuzz 0.4 imports it for its pictures; matplotlib 3.9 dropped it
        matplotlib.cm.get_cmap = mpl.colormaps.get_cmap
    from polyfuzz.models import TFIDF

    found = TFIDF(n_gram_range=(3, 3), clean_string=False, min_similarity=0, top_n=len(set(right))).match(left, right)
    columns = {text: [j for j, other in enumerate(right) if other == text] for text in right}
    result = np.zeros((len(left), len(right)))
    for i, row in enumerate(found.to_dict("records")):
        for name, text in row.items():
            if name.startswith("To") and text in columns:
                score = row[name.replace("To", "Similarity")]
                result[i, columns[text]] = np.maximum(result[i, columns[text]], float(score or 0))
    return result


def string_grouper(left: list[str], right: list[str]) -> np.ndarray:
    """string_grouper's match_strings (TF-IDF over three characters), down to a similarity of 0.01."""
    import pandas as pd
    from string_grouper import match_strings

    master, other = pd.Series(left), pd.Series(right)
    found = match_strings(master, other, min_similarity=0.01, max_n_matches=len(right))
    result = np.zeros((len(left), len(right)))
    result[found["left_index"].to_numpy(), found["right_index"].to_numpy()] = found["similarity"].to_numpy()
    return result


def skrub_join(left: list[str], right: list[str]) -> np.ndarray:
    """skrub's fuzzy_join: the nearest right text of each left one, 1 less its rescaled distance; a left join, as it is."""
    import pandas as pd
    from skrub import fuzzy_join

    a = pd.DataFrame({"text": left, "row": range(len(left))})
    b = pd.DataFrame({"text": right, "row": range(len(right))})
    found = fuzzy_join(a, b, on="text", suffix="_right", add_match_info=True)
    result = np.zeros((len(left), len(right)))
    nearness = 1 - found["skrub_Joiner_rescaled_distance"].to_numpy(dtype=float)
    result[found["row"].to_numpy(), found["row_right"].to_numpy(dtype=int)] = np.maximum(nearness, 1e-6)
    return result


def splink_linker(left: list[str], right: list[str]) -> np.ndarray:
    """splink (Fellegi and Sunter): shared words and pairs of words in levels, learned by expectation maximisation."""
    import pandas as pd
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator
    from splink.backends.duckdb import DuckDBAPI

    def table(name: str, texts: list[str]) -> pd.DataFrame:
        words = [t.lower().split() for t in texts]
        return pd.DataFrame(
            {
                "unique_id": [f"{name}{n}" for n in range(len(texts))],
                "text": texts,
                "words": [sorted(set(w)) for w in words],
                "pairs": [sorted({" ".join(p) for p in pairwise(w)}) for w in words],
            }
        )

    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.ArrayIntersectAtSizes("pairs", [8, 5, 3, 2, 1]),
            cl.ArrayIntersectAtSizes("words", [12, 8, 5, 3]),
        ],
        blocking_rules_to_generate_predictions=["1=1"],
        probability_two_random_records_match=1 / max(len(left), len(right), 2),
        max_iterations=5,  # with more its levels run out of pairs, and it stops with an error
    )
    database = DuckDBAPI()
    sides = [database.register(table(name, texts)) for name, texts in (("a", left), ("b", right))]
    linker = Linker(sides, settings, log_level="ERROR")
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation("1=1")
    found = linker.inference.predict().as_pandas_dataframe()
    result = np.zeros((len(left), len(right)))
    for a, b, p in zip(found["unique_id_l"], found["unique_id_r"], found["match_probability"], strict=True):
        a, b = (a, b) if a[0] == "a" else (b, a)
        result[int(a[1:]), int(b[1:])] = p
    return result


# Name, as its project writes it -> scorer.
PEERS = {
    "rapidfuzz cdist, token_set_ratio": token_set,
    "scikit-learn, word TF-IDF": word_tfidf,
    "PolyFuzz, TF-IDF": polyfuzz_tfidf,
    "string_grouper": string_grouper,
    "skrub, fuzzy_join": skrub_join,
    "splink": splink_linker,
}


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Peers talk while they work; what they say is not a result."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)


def lines(found: dict[str, Row | str]) -> list[str]:
    """What benchmarks/align.py measured, as a table; a tool without figures has a line that says why."""
    names = [f"{pair} {figure}" for pair in gold.PAIRS for figure in ("F1", "AP")]
    heads = [name.replace("_", "-") for name in names]
    rows = [f"| tool | {' | '.join(heads)} | seconds, {TASKS} x {TASKS} tasks |", "|---" * (len(names) + 2) + "|"]
    for tool, row in found.items():
        if isinstance(row, str):
            rows.append(f"| {tool} | {row} |" + " |" * len(names))
        else:
            rows.append(f"| {tool} | " + " | ".join(f"{row[n]:.3f}" for n in names) + f" | {row['seconds']:.2f} |")
    return rows


def group_lines(parts: dict[str, list[Group]], least: int = 5) -> list[str]:
    """A table of the groups of at least five judged items."""
    rows = ["| items | judged | F1 | lax F1 | AP |", "|---|---|---|---|---|"]
    for column, found in parts.items():
        for g in found:
            if int(g["judged"]) >= least:
                figures = " | ".join(f"{g[name]:.3f}" for name in ("F1", "lax F1", "AP"))
                rows.append(f"| {column}: {g['name']} | {g['judged']} | {figures} |")
    return rows


def section() -> list[str]:
    """The part of docs/quality.md on other tools, as benchmarks/align.py last wrote it; empty where it never did."""
    if not WRITTEN.exists():
        return []
    written = json.loads(WRITTEN.read_text(encoding="utf-8"))
    heads = ["## Beside other tools", "", INTRODUCTION, *lines(written["tools"]), ""]
    return [
        *heads,
        "By language and by sector of the left item, as plandiff chooses:",
        "",
        *group_lines(written["groups"]),
        "",
    ]


INTRODUCTION = """Made by `benchmarks/align.py` in one run, on the tasks as plandiff cuts them. Peers see the tasks' words and get the
threshold that suits each best on each pair of plans; plandiff stands there with that favour too, and as it chooses by
itself, its coefficients learned from the other pairs of plans. Seconds are without imports and reading, on two shared cores;
plandiff's hold the evidence, the gaps and the choice.
"""
