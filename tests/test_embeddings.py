"""An encoder as one more piece of evidence: with a tiny model made here, without one, and without the package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

import compare as pc
from compare import embeddings, review
from compare.alignment import EMBEDDING, align, coefficients
from compare.errors import PlanError
from compare.pipeline import parse, read_plan
from compare.records import Document, Match, Plan
from tests.places import EDITIONS
from tests.test_cli import run

TH23, SL25 = EDITIONS / "thanh-hoa-2023-kh.txt", EDITIONS / "son-la-2025-qd-161.txt"
needs_package = pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None,
    reason="sentence-transformers is not installed (extra embeddings)",
)

LEFT = """KẾ HOẠCH
NĂM 2023

I. NHIỆM VỤ

1. Sở Y tế chủ trì, phối hợp với các đơn vị liên quan nâng cao chất lượng khám, chữa bệnh.
2. Sở Xây dựng chủ trì, phối hợp với các đơn vị liên quan phát triển nhà ở xã hội.
3. Sở Nội vụ chủ trì, phối hợp với các đơn vị liên quan sắp xếp tổ chức bộ máy.
"""
RIGHT = LEFT.replace("2023", "2025").replace("khám, chữa bệnh", "phục vụ người ốm")


def plan(text: str) -> Plan:
    return parse(Document("plan.txt", text, "text", ""))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with a model of 16 dimensions: for it words of health are one, and every other word is its own."""
    pytest.importorskip("sentence_transformers", reason="sentence-transformers is not installed (extra embeddings)")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    health = ("khám", "chữa", "bệnh", "phục", "vụ", "người", "ốm")
    words = sorted({w.strip(".,") for w in (LEFT + RIGHT).split()} | set(health))
    tokenizer = Tokenizer(WordLevel({w: n for n, w in enumerate([*words, "?"])}, unk_token="?"))
    tokenizer.pre_tokenizer = Whitespace()
    weights = np.zeros((len(words) + 1, 16), dtype=np.float32)
    for n, w in enumerate(words):
        weights[n, 0 if w in health else 1 + n % 15] = 5.0 if w in health else 1.0
    folder = tmp_path_factory.mktemp("model")
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save(str(folder))
    return str(folder)


def task_pair(matches: tuple[Match, ...], a: str, b: str) -> Match:
    return next(m for m in matches if (m.left_id, m.right_id) == (a, b))


@needs_package
def test_the_encoder_lifts_what_it_holds_for_alike(model: str) -> None:
    left, right = plan(LEFT), plan(RIGHT)
    ids = left.tasks[0].task_id, right.tasks[0].task_id
    without, with_it = (align(left, right, embeddings=name) for name in ("", model))
    before, after = (task_pair(p.matches, *ids) for p in (without, with_it))
    piece = next(e for e in after.evidence if e.name == EMBEDDING)
    assert piece.value > 0.5
    assert piece.log_odds == pytest.approx(coefficients()[EMBEDDING] * piece.value, abs=1e-3)
    assert after.probability > before.probability
    assert EMBEDDING not in {e.name for e in before.evidence}
    assert with_it.embeddings == model


@needs_package
def test_swapping_mirrors_with_an_encoder_too(model: str) -> None:
    left, right = read_plan(TH23), read_plan(SL25)
    here, there = align(left, right, embeddings=model), align(right, left, embeddings=model)
    assert {(m.left_id, m.right_id) for m in here.accepted()} == {(m.right_id, m.left_id) for m in there.accepted()}


@needs_package
def test_decisions_applied_later_keep_the_encoder(model: str) -> None:
    left, right = plan(LEFT), plan(RIGHT)
    pairs = align(left, right, embeddings=model)
    no = review.decide(pairs, left.tasks[1].task_id, right.tasks[1].task_id, "rejected")
    after, _ = review.apply(pairs, [no])
    ids = left.tasks[0].task_id, right.tasks[0].task_id
    assert task_pair(after.matches, *ids).probability == task_pair(pairs.matches, *ids).probability


@needs_package
def test_the_evidence_is_between_0_and_1_and_usual_likeness_is_0(model: str) -> None:
    texts = ["khám bệnh", "Sở Xây dựng", "tổ chức bộ máy"]
    found = embeddings.evidence(texts, ["người ốm"], model)
    assert found.shape == (3, 1)
    assert ((found >= 0) & (found <= 1)).all()
    assert found[0, 0] == 1.0
    assert embeddings.evidence(["khám bệnh"] * 2, ["người ốm"], model).max() == 0.0


@needs_package
def test_commands_and_notebooks_take_a_model(model: str, tmp_path: Path) -> None:
    result = run("diff", "tasks", str(TH23), str(SL25), "--embeddings", model, "--format", "md")
    assert result.exit_code == 0, result.output
    assert f"embeddings {Path(model).name}" in result.stdout
    assert result.stderr == ""
    told = run("explain", str(TH23), str(SL25), "E/V/7#1", "Điều-1/II/7/7.4#1", "--embeddings", model)
    assert told.exit_code == 0, told.output
    assert pc.align(pc.read_plan(TH23), pc.read_plan(SL25), embeddings=model).alignment.embeddings == model


@needs_package
@pytest.mark.parametrize("name", ["./no-such-folder", "no-such-model-anywhere"])
def test_a_model_that_is_not_there_is_one_line(name: str) -> None:
    result = run("align", str(TH23), str(SL25), "--embeddings", name)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert name in result.stderr


@needs_package
def test_a_folder_without_a_model_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="no sentence-transformers model in this folder") as caught:
        embeddings.load(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_without_the_package_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    result = run("align", str(TH23), str(SL25), "--embeddings", "some-model")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert embeddings.EXTRA in result.stderr


def test_without_a_model_nothing_of_it_is_imported_or_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    result = run("explain", str(TH23), str(SL25), "E/V/7#1", "Điều-1/II/7/7.4#1")
    assert result.exit_code == 0
    assert EMBEDDING not in result.stdout
    assert result.stderr == ""
