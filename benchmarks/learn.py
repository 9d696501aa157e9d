"""Learns the alignment's coefficients from reviewed pairs and says how well they carry over.

    python benchmarks/learn.py [--embeddings MODEL] [--write]

A plain logistic regression with an L2 penalty on standardised features (the penalty's strength below was chosen by
leaving one pair of plans out), learned from the gold's pairs and our own (judged.py). Pairs that a reader graded
"related" are neither right nor wrong and left out.
``--write`` stores the coefficients in compare/lexicons/weights.csv.

The weight of an encoder's evidence is learned apart, with ``--embeddings``: the other coefficients stay as they are, so
that an alignment without an encoder does not change.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import gold
import judged
import numpy as np
from scipy.optimize import minimize

from compare import alignment as align
from compare import embeddings
from compare.evaluate import calibration_error, reliability
from compare.lexicon import read_lexicon
from compare.records import Plan
from compare.similarity import Profile

PENALTY = 30.0
# Log-odds that lift a pair of equal wording with no other evidence to a probability of 0.99.
IDENTICAL = 9.0
# Evidence may only speak for a pair: what both share is never held against them. The language pair shifts the odds.
BOUNDS = [(None, None)] + [(None, None) if f == "languages" else (0, None) for f in align.FEATURES]
TARGET = gold.ROOT / "compare" / "lexicons" / "weights.csv"


def fit(x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Coefficients on the raw features, and the intercept."""
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = (x - mean) / scale

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        logit = z @ w[1:] + w[0]
        p = 1 / (1 + np.exp(-logit))
        value = np.sum(np.logaddexp(0, logit) - y * logit) + 0.5 * PENALTY * np.sum(w[1:] ** 2)
        gradient = np.concatenate(([np.sum(p - y)], z.T @ (p - y) + PENALTY * w[1:]))
        return float(value), gradient

    w = minimize(
        loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=BOUNDS, options={"maxiter": 2000}
    ).x
    raw = w[1:] / scale
    return {"intercept": float(w[0] - raw @ mean), **dict(zip(align.FEATURES, map(float, raw), strict=True))}


def examples(pair: str, plans: dict[str, Plan], profiles: dict[str, list[Profile]]) -> tuple[np.ndarray, np.ndarray]:
    """Features (pairs, features) and labels of the judged pairs of two documents."""
    a, b = pair.split("_")
    found = align.features(profiles[a], profiles[b])
    y = judged.labels(pair, plans[a], plans[b])
    x = np.stack([found[name] for name in align.FEATURES], axis=-1)
    return x[y >= 0], y[y >= 0]


def every_example() -> tuple[dict[str, tuple[np.ndarray, np.ndarray]], dict[str, Plan], dict[str, list[Profile]]]:
    """The examples of every judged pair of plans, the plans and their profiles."""
    plans = judged.plans()
    profiles = {name: align.profiles(plan) for name, plan in plans.items()}
    return {pair: examples(pair, plans, profiles) for pair in judged.pairs()}, plans, profiles


def fit_without(data: dict[str, tuple[np.ndarray, np.ndarray]], held_out: str) -> dict[str, float]:
    """Coefficients learned from all pairs of real documents but one."""
    kept = [d for pair, d in data.items() if pair != held_out and judged.real(pair)]
    learned = fit(np.concatenate([x for x, _ in kept]), np.concatenate([y for _, y in kept]))
    return {**learned, align.IDENTICAL: IDENTICAL}


def fit_offset(x: np.ndarray, y: np.ndarray, offset: np.ndarray) -> float:
    """The coefficient of one more feature, not below 0, beside a model whose log-odds are ``offset``."""
    scale = x.std() + 1e-9

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        logit = offset + x * w[0] / scale
        p = 1 / (1 + np.exp(-logit))
        value = np.sum(np.logaddexp(0, logit) - y * logit) + 0.5 * PENALTY * w[0] ** 2
        return float(value), np.array([np.sum((p - y) * x / scale) + PENALTY * w[0]])

    return float(minimize(loss, np.zeros(1), jac=True, method="L-BFGS-B", bounds=[(0, None)]).x[0] / scale)


def embedding_weight(
    name: str,
    data: dict[str, tuple[np.ndarray, np.ndarray]],
    plans: dict[str, Plan],
    profiles: dict[str, list[Profile]],
) -> float:
    """The weight of a model's evidence, learned from all pairs of documents; prints how well it carries over."""
    found = {}
    for pair in data:
        a, b = pair.split("_")
        texts = [[p.text for p in profiles[doc]] for doc in (a, b)]
        y = judged.labels(pair, plans[a], plans[b])
        found[pair] = embeddings.evidence(*texts, name)[y >= 0]
    for held_out in gold.PAIRS:
        base = fit_without(data, held_out)
        rest = [pair for pair in data if pair != held_out and judged.real(pair)]
        x, y, logit = (
            np.concatenate([column[pair] for pair in rest])
            for column in (found, {k: v[1] for k, v in data.items()}, {k: logits(base, v[0]) for k, v in data.items()})
        )
        weight = fit_offset(x, y, logit)
        own, right = logits(base, data[held_out][0]), data[held_out][1]
        before, after = (precision_at_each(s, right) for s in (own, own + weight * found[held_out]))
        print(
            f"{held_out} left out: weight {weight:.3f}, average precision of judged pairs {before:.4f} to {after:.4f}"
        )
    model = fit_without(data, "")
    offset = np.concatenate([logits(model, data[pair][0]) for pair in data if judged.real(pair)])
    every, right = (
        np.concatenate([part[pair] for pair in data if judged.real(pair)])
        for part in (found, {k: v[1] for k, v in data.items()})
    )
    return fit_offset(every, right, offset)


def precision_at_each(score: np.ndarray, right: np.ndarray) -> float:
    """Average precision of a ranking."""
    ranked = right[np.argsort(-score, kind="stable")] == 1
    return float((np.cumsum(ranked) / np.arange(1, len(ranked) + 1))[ranked].mean())


def logits(model: dict[str, float], x: np.ndarray) -> np.ndarray:
    """The log-odds of each pair (features as columns, in the order of FEATURES)."""
    return model["intercept"] + x @ np.array([model[f] for f in align.FEATURES])


def predict(model: dict[str, float], x: np.ndarray) -> np.ndarray:
    """The probability of each pair (features as columns, in the order of FEATURES)."""
    return 1 / (1 + np.exp(-logits(model, x)))


def main() -> None:
    parser = argparse.ArgumentParser(description="Learns the alignment's coefficients from reviewed pairs.")
    parser.add_argument("--embeddings", default="", metavar="MODEL", help="also learn the weight of this encoder")
    parser.add_argument("--write", action="store_true", help="store the coefficients")
    options = parser.parse_args()
    gold.need()
    data, plans, profiles = every_example()
    for held_out in data:
        learned = fit_without(data, held_out)
        x, y = data[held_out]
        p = predict(learned, x)
        error = calibration_error(reliability(list(p), list(y == 1)))
        print(f"{held_out} left out: mean probability {p.mean():.4f}, share right {y.mean():.4f}, ECE {error:.4f}")
    model = fit_without(data, "")
    sources = dict.fromkeys(model, source(data, plans)) | {align.IDENTICAL: BY_HAND[align.IDENTICAL]}
    kept = next(r for r in read_lexicon("weights") if r["feature"] == align.EMBEDDING)
    model[align.EMBEDDING], sources[align.EMBEDDING] = float(kept["coefficient"]), kept["learned_from"]
    if options.embeddings:
        model[align.EMBEDDING] = embedding_weight(options.embeddings, data, plans, profiles)
        name = Path(options.embeddings).name
        sources[align.EMBEDDING] = f"{source(data, plans)}, with {name}, the other coefficients as they are"
    for name, value in model.items():
        print(f"{name:12} {value:8.3f}")
    if options.write:
        with TARGET.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(("feature", "coefficient", "learned_from"))
            writer.writerows((n, f"{v:.4f}", sources[n]) for n, v in model.items())


BY_HAND = {align.IDENTICAL: "set by hand: the same words are the same task"}


def source(data: dict[str, tuple[np.ndarray, np.ndarray]], plans: dict[str, Plan]) -> str:
    """What the coefficients were learned from: how many pairs, of which plans."""
    used = {pair: y for pair, (_, y) in data.items() if judged.real(pair)}
    same, other = (sum(int((y == k).sum()) for y in used.values()) for k in (1, 0))
    names = {plans[doc].plan_id for pair in used for doc in pair.split("_")}
    return f"{same} pairs the same and {other} not, of {len(used)} pairs of the plans {', '.join(sorted(names))}"


if __name__ == "__main__":
    main()
