"""Text in the glossary's own words: foreign text word by word, Vietnamese with its terms in their first form."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest

from compare.gloss import LANGUAGES, canonical, glossed, paraphrased
from compare.lexicon import read_lexicon, split, terms
from compare.normalise import key, tokens
from compare.records import Span


def _vietnamese(text: str) -> str:
    return " ".join(glossed(text, 0, len(text)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_is_glossed_by_its_own_row_or_by_a_term(lang: str) -> None:
    named = {key(form) for term in terms() for _, form in term.forms}
    lost = [
        (form, row["vi"], _vietnamese(form))
        for row in read_lexicon("words")
        for form in split(row[lang])
        if _vietnamese(form) != key(row["vi"]) and key(form) not in named
    ]
    assert not lost


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_form_stands_in_one_row(lang: str) -> None:
    forms = Counter(key(form) for row in read_lexicon("words") for form in split(row[lang]))
    assert not [form for form, n in forms.items() if n > 1]


def test_every_concept_has_a_vietnamese_form() -> None:
    assert all(canonical(term) for term in terms())


def test_swedish_and_english_meet_in_vietnamese() -> None:
    swedish = _vietnamese("Stärka inspektionen av festivaler, resolut")
    english = _vietnamese("Strengthen the inspection of festivals, resolutely")
    assert swedish == english
    assert swedish == "tăng cường kiểm tra lễ hội quyết liệt"


def test_what_no_list_knows_is_left_out() -> None:
    assert _vietnamese("xyzzy projekt Hoang Hoa") == key("dự án")


def test_names_of_bodies_are_left_out() -> None:
    text = "Finansdepartementet ska rapportera"
    assert glossed(text, 0, len(text), [Span(0, len("Finansdepartementet"))]) == ("báo", "cáo")


def test_synonyms_of_a_concept_read_alike() -> None:
    term = next(t for t in terms() if sum(lang == "vi" for lang, _ in t.forms) > 1)
    first, second = [form for lang, form in term.forms if lang == "vi"][:2]
    texts = [f"Rà soát {form} trong 12 tháng" for form in (first, second)]
    one, other = (paraphrased(t, 0, len(t)) for t in texts)
    assert one == other
    assert one[:2] == ("rà", "soát") and one[-2:] == ("trong", "tháng")


def test_a_broader_concept_is_said_as_well() -> None:
    named = {t.concept_id: t for t in terms()}
    term = next(t for t in terms() if t.broader)
    form = next(f for lang, f in term.forms if lang == "vi")
    assert paraphrased(form, 0, len(form)) == (*canonical(term), *canonical(named[term.broader]))


def test_decomposed_text_and_both_tone_styles_read_alike() -> None:
    text = "Tăng cường quản lý hóa đơn điện tử, uỷ quyền thủy lợi"
    composed = paraphrased(text, 0, len(text))
    decomposed = unicodedata.normalize("NFD", text)
    assert paraphrased(decomposed, 0, len(decomposed)) == composed
    new_style = text.replace("hóa", "hoá").replace("thủy", "thuỷ")
    assert paraphrased(new_style, 0, len(new_style)) == composed
    assert all(t == key(t) and tokens(t) for t in composed)
