"""The lexicons are data: every row is checked, every written form is found by what searches for it."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from compare import lexicon
from compare.extract.agencies import mentions
from compare.lexicon import agencies, agency_now, provinces, read_lexicon, successors, taxonomy, terms
from compare.normalise import key, tokens
from compare.terms import find_terms

FOLDER = Path(lexicon.__file__).parent / "lexicons"
FILES = sorted(p.stem for p in FOLDER.glob("*.csv"))


def _raw(name: str) -> list[list[str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


@pytest.mark.parametrize("name", FILES)
def test_file_is_nfc_square_and_without_duplicates(name: str) -> None:
    text = (FOLDER / f"{name}.csv").read_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert text.endswith("\n")
    rows = _raw(name)
    assert {len(r) for r in rows} == {len(rows[0])}
    assert not [r for r, n in Counter(map(tuple, rows)).items() if n > 1]


@pytest.mark.parametrize("name", FILES)
def test_cells_have_no_outer_blanks(name: str) -> None:
    outer = [r for r in _raw(name) if any(c != c.strip() and c.strip() for c in r[:2])]
    assert not outer


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("agencies", "agency_id"),
        ("provinces", "province_id"),
        ("taxonomy", "sector_id"),
        ("indicators", "indicator_id"),
    ],
)
def test_ids_are_unique_slugs(name: str, column: str) -> None:
    ids = [r[column] for r in read_lexicon(name)]
    assert not [i for i, n in Counter(ids).items() if n > 1]
    assert all(i and i.isascii() and i == i.lower() and " " not in i for i in ids)


def test_ids_exist_across_files() -> None:
    bodies, sectors = set(agencies()), set(taxonomy())
    assert {r["agency_id"] for r in read_lexicon("agency_names")} <= bodies
    history = read_lexicon("agency_history")
    assert {r["agency_id"] for r in history} <= bodies
    assert {r["successor_id"] for r in history if r["successor_id"]} <= bodies
    assert {r["agency_id"] for r in read_lexicon("agency_sectors")} <= bodies
    assert {r["sector_id"] for r in read_lexicon("agency_sectors")} <= sectors
    assert {t.sector_id for t in terms() if t.sector_id} <= sectors
    known = {p.province_id for p in provinces()}
    assert {p.successor_id for p in provinces() if p.successor_id} <= known


def test_every_body_has_its_own_name_among_the_written_forms() -> None:
    forms: dict[str, set[str]] = {}
    for r in read_lexicon("agency_names"):
        forms.setdefault(r["agency_id"], set()).add(key(r["name"]))
    missing = [a.agency_id for a in agencies().values() if key(a.name_vi) not in forms.get(a.agency_id, set())]
    assert not missing


@pytest.mark.parametrize("lang", ["vi", "en", "sv"])
def test_every_written_form_of_a_body_resolves_to_its_id(lang: str) -> None:
    """A form that counts only in lists is put behind another body."""
    wrong = []
    for r in read_lexicon("agency_names"):
        if r["lang"] != lang:
            continue
        before = "Sở Y tế, " if r["kind"] == "listed" else ""
        text = f"{before}{r['name']}"
        found = mentions(text, 0, len(text))
        if not found or found[-1].agency_id != r["agency_id"]:
            wrong.append((r["name"], r["agency_id"], [m.agency_id for m in found]))
    assert not wrong


def test_sixty_three_provinces_became_thirty_four() -> None:
    old = [p for p in provinces() if p.valid_to == "2025-06-30" or not p.valid_from]
    new = [p for p in provinces() if not p.valid_to]
    assert len({p.name_vi for p in old}) == 63
    assert len({p.name_vi for p in new}) == 34
    by_id = {p.province_id: p for p in provinces()}
    for p in provinces():
        if p.valid_to:
            assert by_id[p.successor_id].valid_from == "2025-07-01", p
            assert not by_id[p.successor_id].valid_to, p


@pytest.mark.parametrize(
    ("old", "new"),
    [("Hòa Bình", "Phú Thọ"), ("Bình Dương", "Hồ Chí Minh"), ("Quảng Nam", "Đà Nẵng"), ("Trà Vinh", "Vĩnh Long"), ("Kon Tum", "Quảng Ngãi")],
)  # fmt: skip
def test_a_merged_province_rolls_up(old: str, new: str) -> None:
    by_id = {p.province_id: p for p in provinces()}
    here = next(p for p in provinces() if p.name_vi == old)
    assert new in by_id[here.successor_id].name_vi


@pytest.mark.parametrize("name", ["Sơn La", "Thanh Hóa", "Nghệ An", "Cao Bằng", "Quảng Ninh"])
def test_an_unchanged_province_has_no_successor(name: str) -> None:
    (here,) = [p for p in provinces() if p.name_vi == name]
    assert not here.valid_to and not here.successor_id


def test_successors_of_departments() -> None:
    assert successors("so-giao-thong-van-tai", province="Sơn La", on="2025-06-01") == ("so-xay-dung",)
    assert successors("so-giao-thong-van-tai", province="Sơn La", on="2024-12-31") == ("so-giao-thong-van-tai",)
    assert successors("so-ke-hoach-va-dau-tu", on="2025-06-01") == ("so-tai-chinh",)
    assert successors("so-tai-nguyen-va-moi-truong", on="2025-06-01") == ("so-nong-nghiep-va-moi-truong",)
    assert successors("so-y-te", on="2025-06-01") == ("so-y-te",)


def test_ho_chi_minh_city_kept_its_transport_department() -> None:
    here = successors("so-giao-thong-van-tai", province="Hồ Chí Minh", on="2025-04-01")
    assert here == ("so-giao-thong-cong-chanh",)
    assert successors("so-giao-thong-van-tai", province="Sơn La", on="2025-04-01") == ("so-xay-dung",)


@pytest.mark.parametrize("place", ["Hồ Chí Minh", "TP. Hồ Chí Minh", "Thành phố Hồ Chí Minh", "TP.HCM", "ho-chi-minh"])
def test_a_province_is_known_with_its_level_and_as_an_id(place: str) -> None:
    assert successors("so-giao-thong-van-tai", province=place, on="2025-04-01") == ("so-giao-thong-cong-chanh",)


@pytest.mark.parametrize("place", ["Thanh Hóa", "tỉnh Thanh Hoá", "Tỉnh Thanh Hóa", "thanh-hoa"])
def test_the_province_has_its_own_date(place: str) -> None:
    assert successors("bao-tinh", province=place, on="2025-06-01") == ("bao-va-phat-thanh-truyen-hinh-tinh",)
    assert successors("bao-tinh", province=place, on="2025-05-31") == ("bao-tinh",)


def test_a_change_counts_from_its_day_on() -> None:
    for place in ("Sơn La", "Cao Bằng", ""):
        assert successors("so-giao-thong-van-tai", province=place, on="2025-02-28") == ("so-giao-thong-van-tai",)
        assert successors("so-giao-thong-van-tai", province=place, on="2025-03-01") == ("so-xay-dung",)


def test_unconfirmed_changes_and_single_functions_move_nobody() -> None:
    assert successors("so-du-lich", on="2025-12-31") == ("so-du-lich",)
    assert successors("so-lao-dong-thuong-binh-va-xa-hoi", province="Sơn La", on="2025-06-01") == ("so-noi-vu",)


def test_districts_ended_and_communes_hold_their_duties() -> None:
    assert agency_now("ubnd-cap-huyen") == "ubnd-cap-xa"
    assert successors("ubnd-cap-huyen", on="2025-06-30") == ("ubnd-cap-huyen",)


def test_successors_never_loop() -> None:
    for body in agencies():
        assert successors(body)


def test_every_term_form_is_found() -> None:
    lost = []
    for term in terms():
        for lang, form in term.forms:
            hits = find_terms(form, 0, len(form))
            if not any(h.start == 0 and len(tokens(form[h.end :])) == 0 for h in hits):
                lost.append((term.concept_id, lang, form, [h.term.concept_id for h in hits]))
    assert not lost


def test_cue_words_are_lower_case_and_squeezed() -> None:
    odd = [r["words"] for r in read_lexicon("cues") if r["words"] != " ".join(r["words"].lower().split())]
    assert not odd


def test_unit_factors_are_positive_numbers() -> None:
    for r in read_lexicon("units"):
        assert float(r["factor"]) > 0 and r["unit"] and r["counted"] in ("yes", "no")


def test_a_short_row_is_told_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "lexicons"
    folder.mkdir()
    (folder / "broken.csv").write_text("a,b\n1,2\n3\n", encoding="utf-8")
    monkeypatch.setattr(lexicon, "files", lambda _: tmp_path)
    with pytest.raises(lexicon.LexiconError, match=r"broken.csv, line 3"):
        read_lexicon("broken")


def test_broader_concepts_exist_and_make_no_chains() -> None:
    by_id = {t.concept_id: t for t in terms()}
    narrower = [t for t in terms() if t.broader]
    assert len(narrower) > 100
    assert not [t.concept_id for t in narrower if t.broader not in by_id or by_id[t.broader].broader]
    assert not [t.concept_id for t in narrower if t.broader == t.concept_id]
