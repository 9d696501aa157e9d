"""Scores the tables and alignments against the gold labels.

    python benchmarks/quality.py            print the figures, with what changed since they were last written
    python benchmarks/quality.py --write    also write docs/quality.md, its figures, and the README's table
    python benchmarks/quality.py --readings only write the introduction and what readers made of single rows (readings.csv)
                                            into docs/quality.md; no figure is made anew

Alignments are scored twice: with the coefficients that ship (learned from these pairs of plans among others, so not
a fair test), and with the pair of plans left out of the learning (which is). tests/test_quality.py fails where a figure falls
more than 0.01 below the written ones.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import gold
import judged
import learn
import numpy as np
import peers
import readings
from judged import items_of

from compare import alignment, evaluate, frames
from compare.diff.gaps import plan_gaps
from compare.pipeline import read_plans
from compare.records import Plan
from compare.similarity import Profile

Peer = Callable[[list[str], list[str]], np.ndarray]
Figures = dict[str, float]
Examples = dict[str, tuple[np.ndarray, np.ndarray]]
README = gold.ROOT / "README.md"
PAGE = gold.ROOT / "docs" / "quality.md"
WRITTEN = gold.ROOT / "benchmarks" / "quality.json"
MARK = "<!-- quality -->"
FIELDS = ("tasks", "leads", "coordinators", "deadlines", "sectors", "targets", "targets, all fields")
PAIR_FIELDS = (
    "F1, left out",
    "AP, left out",
    "F1, shipped",
    "AP, shipped",
    "TF-IDF F1",
    "TF-IDF AP",
    "token_set F1",
    "token_set AP",
)


def main() -> None:
    if "--readings" in sys.argv:
        introduce(PAGE)
        readings.into(PAGE)
        return
    gold.need()
    figures, curve = measure()
    before = json.loads(WRITTEN.read_text(encoding="utf-8")) if WRITTEN.exists() else {}
    text = "\n".join([*extraction_lines(figures), "", *alignment_lines(figures)])
    print(text, *annex_lines(figures), *curve_lines(curve), *changes(before, figures), sep="\n")
    if "--write" in sys.argv:
        WRITTEN.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        head, _, rest = README.read_text(encoding="utf-8").partition(MARK)
        _, _, tail = rest.partition(MARK)
        README.write_text(f"{head}{MARK}\n{text}\n{MARK}{tail}", encoding="utf-8")
        PAGE.parent.mkdir(exist_ok=True)
        page = [
            *INTRODUCTION.splitlines(),
            "",
            *extraction_lines(figures),
            "",
            "## Alignment",
            "",
            *alignment_lines(figures),
            "",
        ]
        page += [*own_lines(figures), "", *peers.section()]
        page += ["## Annex against body", "", *annex_lines(figures), "", "## Calibration", "", *curve_lines(curve), ""]
        page += [*readings.section(), "## Since the figures were last written", "", *changes(before, figures), ""]
        PAGE.write_text("\n".join(page), encoding="utf-8")


INTRODUCTION = """# Quality

Made by `benchmarks/quality.py` from labels of careful readers for about half of five real documents, in their full
texts, not the abridged editions that come with the project:

| document | plan | what it is |
|---|---|---|
| 000 | `thanh-hoa-2025-ct-03` | a directive, half of it machine-translated to Swedish |
| 001 | `thanh-hoa-2025-kh-63` | an article on a plan |
| 002 | `thanh-hoa-2021-qd-2999` | a decision with an annex |
| 003 | `thanh-hoa-2023-kh` | a summary of a plan |
| 004 | `son-la-2025-qd-161` | a decision |

Figures are F1; for sectors the share of matched tasks whose first sector is one of the reader's two; for targets also
the share with every field right. "Extraction" is what is read from one plan, "Alignment" which tasks of two plans are the
same. The rules and the glossary were written with these labels at hand: on plans nobody has seen, expect less.

What to hold the alignments against: two readers who worked apart named the same pairs of tasks as the same commitment at
F1 0.86 to 0.94, on the labelled items of these pairs of plans. How often a pair of a given probability is right stands
under "Calibration", how often a single row of `tasks_diff` and `gaps` is under "Rows read one by one".

## Extraction
"""


def introduce(page: Path) -> None:
    """Puts the introduction into a written page, in the place of its last version."""
    _, heading, rest = page.read_text(encoding="utf-8").partition("## Extraction\n")
    if not heading:
        sys.exit(f"{page.name}: has no section Extraction; write it with --write")
    page.write_text(INTRODUCTION + rest, encoding="utf-8")


def measure() -> tuple[Figures, list[evaluate.Bin]]:
    """All figures by name, and the reliability curve of pairs whose plans were left out of the learning."""
    with tempfile.TemporaryDirectory() as folder:
        tables = Path(folder)
        plans, figures = as_shipped(tables)
        data, known, profiles = learn.every_example()
        figures |= own_pairs(data, known, profiles)
        for pair in gold.PAIRS:
            left, right = (plans[d] for d in pair.split("_"))
            values = [
                *score_pair(left, right, pair, tables, learn.fit_without(data, pair)),
                *score_peer(left, right, pair, tables, peers.word_tfidf),
                *score_peer(left, right, pair, tables, peers.token_set),
            ]
            names = (f for f in PAIR_FIELDS if not f.endswith("shipped"))
            figures |= {f"{pair} {name}": value for name, value in zip(names, values, strict=True)}
    return figures, reliability(data)


def own_pairs(data: Examples, plans: dict[str, Plan], profiles: dict[str, list[Profile]]) -> Figures:
    """F1 and average precision on the pairs of plans that we judged, each left out of the learning."""
    figures: Figures = {}
    for pair in judged.own():
        a, b = pair.split("_")
        left, right = plans[a], plans[b]
        labels, model = judged.labels(pair, left, right), learn.fit_without(data, pair)
        with coefficients(model):
            found = alignment.align(left, right)
            p = alignment.probability(alignment.features(profiles[a], profiles[b]))
        row, column = ({t.task_id: n for n, t in enumerate(plan.tasks)} for plan in (left, right))
        held = [labels[row[m.left_id], column[m.right_id]] for m in found.matches if m.accepted and m.kind == "task"]
        right_ones, wrong = held.count(1), held.count(0)
        figures[f"{pair} own F1"] = 2 * right_ones / (right_ones + wrong + int((labels == 1).sum()))
        figures[f"{pair} own AP"] = learn.precision_at_each(p[labels >= 0], labels[labels >= 0])
    return figures


def own_lines(figures: Figures) -> list[str]:
    """The table of ``own_pairs``."""
    told = "Pairs of plans that we judged ourselves, each left out of the learning, as plandiff chooses:"
    lines = [told, "", "| pair of plans | judged | the same | F1 | AP |", "|---|---|---|---|---|"]
    for pair, rows in judged.own().items():
        counts = len({left for left, _, _ in rows}), sum(grade == 2 for *_, grade in rows)
        lines.append(
            f"| {pair.replace('_', ' / ')} | {counts[0]} | {counts[1]} "
            f"| {figures[f'{pair} own F1']:.3f} | {figures[f'{pair} own AP']:.3f} |"
        )
    return lines


def as_shipped(tables: Path) -> tuple[dict[str, Plan], Figures]:
    """The plans by document, and what needs no learning and no peers: seconds, so tests can ask for it."""
    documents = gold.documents()
    plans = dict(zip(documents, read_plans(documents.values()), strict=True))
    write_tables(list(plans.values()), tables)
    figures = extraction(tables) | annex(plans["002"])
    for pair in gold.PAIRS:
        left, right = (plans[d] for d in pair.split("_"))
        f1, ap = score_pair(left, right, pair, tables, None)
        figures |= {f"{pair} F1, shipped": f1, f"{pair} AP, shipped": ap}
    return plans, figures


def extraction(tables: Path) -> Figures:
    """Per document and over all; a field that a document's labels do not have is left out."""
    figures: Figures = {}
    for doc, s in scorer("tables", str(tables), str(gold.GOLD)).items():
        counts = [s[k]["tp"] + s[k]["fn"] for k in ("tasks", "leads", "coords", "deadlines")]
        counts += [s["sectors"]["n"], s["targets"]["tp"] + s["targets"]["fn"], s["targets"]["tp"]]
        values = [s[k]["f1"] for k in ("tasks", "leads", "coords", "deadlines")]
        values += [s["sectors"]["accuracy"], s["targets"]["f1"], s["targets"]["strict"]]
        figures |= {f"{doc} {f}": v for f, v, n in zip(FIELDS, values, counts, strict=True) if n}
    return figures


def extraction_lines(figures: Figures) -> list[str]:
    lines = ["| document | " + " | ".join(FIELDS) + " |", "|---" * (len(FIELDS) + 1) + "|"]
    for doc in (*gold.documents(), "all"):
        cells = [f"{figures[f'{doc} {f}']:.3f}" if f"{doc} {f}" in figures else "-" for f in FIELDS]
        lines.append(f"| {doc} | " + " | ".join(cells) + " |")
    return lines


def alignment_lines(figures: Figures) -> list[str]:
    lines = ["| pair of plans | " + " | ".join(PAIR_FIELDS) + " |", "|---" * (len(PAIR_FIELDS) + 1) + "|"]
    for pair in gold.PAIRS:
        lines.append(
            f"| {pair.replace('_', '-')} | " + " | ".join(f"{figures[f'{pair} {f}']:.3f}" for f in PAIR_FIELDS) + " |"
        )
    return lines


def write_tables(plans: list[Plan], folder: Path) -> None:
    """The tables as ``plandiff parse`` writes them."""
    for name, rows in frames.parse_rows(plans).items():
        write_csv(folder / f"{name}.csv", frames.PARSE_TABLES[name], rows)


def write_csv(path: Path, columns: list[str], rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(rows)


def scorer(*args: str) -> dict:
    """The figures of the labels' own scorer."""
    command = [sys.executable, str(gold.TOOLS / "score.py"), *args, "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def scored(rows: list[dict[str, object]], columns: list[str], pair: str, tables: Path) -> tuple[float, float]:
    """F1 of the accepted rows and average precision of all."""
    path = tables / "pairs.csv"
    write_csv(path, columns, rows)
    s = scorer("align", str(tables), str(path), str(gold.GOLD / f"align_{pair}.tsv"), str(gold.GOLD))
    return s["equivalent"]["f1"], s["average_precision"]


def score_pair(left: Plan, right: Plan, pair: str, tables: Path, model: dict[str, float] | None) -> tuple[float, float]:
    with coefficients(model):
        found = alignment.align(left, right)
    return scored(frames.match_rows(found.matches, left.plan_id, right.plan_id), frames.ALIGNMENT, pair, tables)


def score_peer(left: Plan, right: Plan, pair: str, tables: Path, peer: Peer) -> tuple[float, float]:
    """A peer's F1 at the threshold that suits it best on these very pairs (a favour to it), and its AP."""
    scores = peer([t.text for t in left.tasks], [t.text for t in right.tasks])
    best, ap = 0.0, 0.0
    for share in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        threshold = share * float(scores.max())
        rows: list[dict[str, object]] = [
            {
                "left_id": a.task_id,
                "right_id": b.task_id,
                "kind": "task",
                "probability": float(scores[i, j]),
                "accepted": scores[i, j] >= threshold,
            }
            for i, a in enumerate(left.tasks)
            for j, b in enumerate(right.tasks)
            if scores[i, j] > 0
        ]
        f1, ap = scored(rows, ["left_id", "right_id", "kind", "probability", "accepted"], pair, tables)
        best = max(best, f1)
    return best, ap


@contextmanager
def coefficients(model: dict[str, float] | None) -> Iterator[None]:
    """The alignment with other coefficients than those that ship."""
    kept = alignment.coefficients
    if model is not None:
        alignment.coefficients = lambda: model  # type: ignore[assignment]
    try:
        yield
    finally:
        alignment.coefficients = kept


def annex(plan: Plan) -> Figures:
    """Annex rows paired with body tasks, and contradictions found, against the labels of decision 2999."""
    spans = gold.spans("002")
    items = {t.task_id: items_of(t, spans) for t in plan.tasks}
    rows = gold.table(gold.GOLD / "align_002annex_002body.tsv")
    read = {r["left"] for r in rows}
    grades = {(r["left"], r["right"]): int(r["grade"]) for r in rows if r["grade"].isdigit()}
    pairs = alignment.annex_pairs(plan)
    held = {(a, b) for m in pairs for a in items[m.left_id] for b in items[m.right_id] if a in read}
    conflicts = {
        r["body_item"] for r in gold.table(gold.GOLD / "conflicts_002.tsv") if r["note"].startswith("conflict")
    }
    table = gold.table(gold.GOLD / "annex_002.tsv")
    rows_judged = {r["row"] for r in table}
    cells = _annex_cells(plan)
    ours = [
        g
        for g in plan_gaps(plan, pairs)
        if g["gap"] == "conflict" and str(g["task_id"]).rsplit("/", 1)[-1] in rows_judged
    ]
    found = {i for g in ours for i in items[str(g["counterpart_id"])]}
    return {
        "annex rows, all cells": round(sum(cells.get(r["row"]) == _wanted_cells(r) for r in table) / len(table), 4),
        "annex to body F1": evaluate.quality(held, grades).f1,
        "conflicts found": round(len(conflicts & found) / len(conflicts), 4),
        "conflicts that are none": round(len(found - conflicts) / len(found), 4) if found else 0.0,
    }


# Of an annex row: leads, coordinators, product without the list's open end, first and last day
Cells = tuple[frozenset[str], frozenset[str], str, str, str]


def _annex_cells(plan: Plan) -> dict[str, Cells]:
    """The cells of each annex row as read, by its number."""
    bodies: dict[tuple[str, str], set[str]] = {}
    for a in plan.assignments:
        bodies.setdefault((a.task_id, a.role), set()).add(a.agency_id)
    return {
        t.task_id.rsplit("/", 1)[-1]: (
            *(frozenset(bodies.get((t.task_id, role), ())) for role in ("lead", "coordinate")),
            _product(t.product),
            t.due_start,
            t.due_end,
        )
        for t in plan.tasks
        if t.part == "annex"
    }


def _wanted_cells(row: dict[str, str]) -> Cells:
    lead, coordinate = (frozenset(filter(None, row[c].split(";"))) for c in ("lead", "coord"))
    return lead, coordinate, _product(row["product"]), row["due_start"], row["due_end"]


def _product(words: str) -> str:
    return " ".join(words.split()).strip(" .;…")


def annex_lines(figures: Figures) -> list[str]:
    names = ("annex rows, all cells", "annex to body F1", "conflicts found", "conflicts that are none")
    return [f"- {name}: {figures[name]:.3f}" for name in names]


def reliability(data: dict[str, tuple[np.ndarray, np.ndarray]]) -> list[evaluate.Bin]:
    """Probability against the share right, each pair of plans judged by coefficients learned from the others."""
    p, y = [], []
    for pair, (x, labels) in data.items():
        p += list(learn.predict(learn.fit_without(data, pair), x))
        y += list(labels == 1)
    return evaluate.reliability(p, y)


def curve_lines(curve: list[evaluate.Bin]) -> list[str]:
    lines = ["| probability | pairs | mean | share right |", "|---|---|---|---|"]
    lines += [f"| {b.low:.1f} to {b.high:.1f} | {b.n} | {b.mean:.3f} | {b.right:.3f} |" for b in curve]
    likely = [b for b in curve if b.low >= 0.1]
    every, above = evaluate.calibration_error(curve), evaluate.calibration_error(likely)
    return [
        *lines,
        "",
        f"Expected calibration error: {every:.4f} over all candidate pairs, {above:.3f} over those at 0.1 and above.",
    ]


def changes(before: Figures, now: Figures) -> list[str]:
    """What went up or down by more than 0.0005."""
    moved = [(k, before[k], v) for k, v in now.items() if k in before and abs(v - before[k]) > 0.0005]
    if not before:
        return ["First figures."]
    return [f"- {k}: {a:.3f} to {b:.3f} ({b - a:+.3f})" for k, a, b in moved] or ["No change."]


if __name__ == "__main__":
    main()
