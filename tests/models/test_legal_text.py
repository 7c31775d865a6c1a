"""Whatever text may be typed can also be printed: no legal word stops an issue."""

import pytest

from models.documents import Document
from models.operations import checks
from tests.support.sets import fully

WORDS = [
    "笔🙂👩‍👩‍👧‍👦",
    "שלום عليكم",
    "<script>alert(1)</script>",
    "</td></table><pdf:nextpage>",
    "&amp; &#0; &lt;",
    "x" * 250,
    "长" * 250,
    "{{ 7 * 7 }} {% raw %}",
    "𠮷野家 㐀 ﷽",
    "e\u0301" * 100,
    "<img src='file:///etc/passwd'>",
    "a\u00a0b\u200bc\u00ad",
]


@pytest.mark.parametrize("word", fully(WORDS[::2], WORDS))
def test_any_legal_text_can_be_issued(firm, word):
    firm.a.revise(firm.li, name=word, tax_id=word)
    lines = [firm.line("10", name=word, note=word, unit=word[:50], code=word[:100])] * 3
    paper = Document.draft(
        firm.li, "invoice", firm.a, lines, note=(word + "\n") * (3900 // len(word)), reference=word
    )
    assert paper.preview().startswith(b"%PDF")
    paper.submit(by=firm.li)
    Document.get_by_id(paper.id).issue(by=firm.li)
    assert Document.get_by_id(paper.id).pdf_bytes().startswith(b"%PDF") and checks.faults() == []
