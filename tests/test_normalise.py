"""Match keys do not depend on how a word was typed; the working text knows its way back."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.normalise import fold, key, slug, squeeze, syllable_key, tokens, working

LETTERS = "aăâeêioôơuưyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵđbcdghklmnpqrstvx"
VIETNAMESE = st.text(alphabet=LETTERS + LETTERS.upper() + " -,.;:()&\n\t0123456789", max_size=60)
ANYTHING = st.text(max_size=60)
# The same syllables in the old and the new placement of tones.
STYLES = [("hòa", "hoà"), ("khỏe", "khoẻ"), ("thủy", "thuỷ"), ("ủy", "uỷ"), ("xóa", "xoá"), ("hóa", "hoá"), ("tùy", "tuỳ"), ("lũy", "luỹ"), ("họa", "hoạ"), ("chòe", "choè")]  # fmt: skip


@given(VIETNAMESE | ANYTHING)
def test_key_is_idempotent(text: str) -> None:
    assert key(key(text)) == key(text)


@given(VIETNAMESE)
def test_key_is_the_same_decomposed_and_in_capitals(text: str) -> None:
    assert key(unicodedata.normalize("NFD", text)) == key(text)
    assert key(text.upper()) == key(text)


@given(VIETNAMESE | ANYTHING)
def test_tokens_are_spans_in_order(text: str) -> None:
    found = tokens(text, offset=7)
    assert all(key(text[t.start - 7 : t.end - 7]) == t.key for t in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize(("old", "new"), STYLES)
def test_both_tone_styles_give_one_key(old: str, new: str) -> None:
    for form in (old, new, old.upper(), new.upper(), unicodedata.normalize("NFD", new), new.capitalize()):
        assert syllable_key(form) == syllable_key(old)
        assert key(working(form).text) == key(old)


@pytest.mark.parametrize(("a", "b"), [("quý", "qúy"), ("toàn", "tòan"), ("má", "ma"), ("ban", "bàn"), ("đa", "da")])
def test_different_syllables_keep_different_keys(a: str, b: str) -> None:
    assert syllable_key(a) != syllable_key(b)


def test_fold_and_slug_drop_diacritics_and_keep_d() -> None:
    assert fold("Sở Giáo dục và Đào tạo") == "so giao duc va dao tao"
    assert slug("Đắk Lắk") == "dak-lak"
    assert slug("UBND huyện/thị xã") == "ubnd-huyen-thi-xa"


@given(VIETNAMESE | ANYTHING)
def test_slug_is_ascii(text: str) -> None:
    assert slug(text).isascii()


def test_ampersand_is_the_conjunction() -> None:
    assert key("Giáo dục & Đào tạo") == key("Giáo dục và Đào tạo")


@given(VIETNAMESE | ANYTHING)
def test_working_text_of_nfc_keeps_its_length(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    work = working(composed)
    assert work.origin is None
    assert len(work.text) == len(composed)


@given(VIETNAMESE, st.data())
def test_working_spans_map_back_to_the_same_words(text: str, data: st.DataObject) -> None:
    source = unicodedata.normalize("NFD", text)
    work = working(source)
    # Between syllables: inside one, the tone may stand on the other side of the cut ("uỳ" is "ùy").
    cuts = [m.start() for m in re.finditer(r"\b|$", work.text)]
    start = data.draw(st.sampled_from(cuts))
    end = data.draw(st.sampled_from([c for c in cuts if c >= start]))
    span = work.source(start, end)
    assert 0 <= span.start <= span.end <= len(source)
    assert working(source[span.start : span.end]).text == work.text[start:end]


def test_working_spans_of_a_cut_rhyme_stay_inside_the_source() -> None:
    source = unicodedata.normalize("NFD", "0000UỲ")
    work = working(source)
    assert work.text == "0000ÙY"
    assert [work.source(0, n).end for n in (5, 6)] == [5, len(source)]


@given(VIETNAMESE | ANYTHING)
def test_working_is_idempotent(text: str) -> None:
    once = working(text).text
    assert working(once).text == once


def test_working_blanks_layout_marks() -> None:
    assert working("**Điều 1**\u00a0x\ufeff").text == "  Điều 1   x "


@pytest.mark.parametrize(
    ("escaped", "plain"),
    [
        ("1\\. Mục tiêu", "1 . Mục tiêu"),
        ("\\- Tỷ lệ", " - Tỷ lệ"),
        ("\\* Hạ tầng", " ∗ Hạ tầng"),
        ("12/QĐ\\-TTg", "12/QĐ -TTg"),
        ("a\\#b\\|c\\d", "a\\#b\\|c\\d"),
    ],
)
def test_escaped_marks_stand_for_themselves(escaped: str, plain: str) -> None:
    assert working(escaped) == (plain, None)


def test_squeeze_gives_one_composed_line() -> None:
    assert squeeze(unicodedata.normalize("NFD", " Sở \n  Y tế ")) == "Sở Y tế"
