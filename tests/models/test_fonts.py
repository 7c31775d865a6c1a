"""Every letter that people write is printed, and what cannot be is known before."""

import unicodedata

import pytest
from reportlab.pdfbase.ttfonts import TTFontFile

from models.adapters.printing import fonts, reading, worker

LETTERS = {
    "Latin": "".join(map(chr, range(0x00C0, 0x0180))).replace("ŉ", "") + "ȘșȚțắộẞ",
    "Greek": "ΆΈΉΊΌΎΏΐάέήίΰόύώΑΩαω",
    "Cyrillic": "АЯаяЁёЇїЄєҐґІіЂђЉљЊњЋћЏџЎў",
    "Korean": "한국어주식회사삼성뷁",
    "rare Chinese": "𠮷㗎𡃁䶮龘",
    "Hebrew": "שלוםעולם",
    "Arabic": "مرحبابالعالم",
    "signs": "₽₹₺₩€£¥–—“”„…№°²½①✓☎",
    "emoji": "🙂👍❤🎉",
}


@pytest.mark.parametrize("script", LETTERS)
def test_each_letter_has_a_glyph_and_is_found_in_the_pdf(script):
    letters = LETTERS[script]
    assert fonts.not_printable(letters) == ""
    pdf, warnings = worker.convert(
        f"<style>body {{ {fonts.FAMILY} }}</style><p>{'</p><p>'.join(letters)}</p>"
    )
    found = unicodedata.normalize("NFKC", reading.text(pdf))  # Arabic letters are joined ones there
    missing = [c for c in letters if unicodedata.normalize("NFKC", c) not in found]
    assert missing == [] and warnings == []


@pytest.mark.parametrize(
    "text, families",
    [
        ("发票 Invoice № 1, café", ["NotoSansSC"]),
        ("Łódź", ["NotoSans", "NotoSansSC"]),
        ("주식회사 𠮷", ["NotoSansSC", "NotoSansKR", "NotoSansCJKExtra"]),
    ],
)
def test_a_font_is_loaded_only_where_it_is_needed(text, families):
    assert fonts.families(text) == families
    assert fonts.prepared(f"<p style='{fonts.FAMILY}'>{text}</p>")[1] == families


def test_separate_accents_are_joined_and_what_is_never_drawn_is_left_out():
    assert "Z\u0301" not in fonts.prepared("Z\u0301")[0] and "Ź" in fonts.prepared("Z\u0301")[0]
    assert fonts.prepared("a\ufe0fb\u200bc\xadd")[0] == "abcd"
    assert fonts.not_printable("❤\ufe0f \t\n") == ""


@pytest.mark.parametrize(
    "text, named", [("አ and ☃", "አ"), ("ไทย", "ทยไ"), ("हि", "हि"), ("\U000f1234", "\U000f1234")]
)
def test_what_cannot_be_printed_right_is_named(text, named):
    assert fonts.not_printable(text) == named


@pytest.mark.parametrize("family", fonts.coverage())
def test_the_list_of_characters_is_that_of_the_fonts(family):
    """Of both weights, where there are two."""
    for file in fonts.FOLDER.glob(f"{family}-*.ttf"):
        known = {chr(code) for code in TTFontFile(str(file)).charToGlyph if code >= 32}
        assert known >= fonts.coverage()[family], file.name
