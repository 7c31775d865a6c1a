"""Certificates of destruction are made after the second signature, by a worker if that fails."""

import pytest

from models.adapters.printing import pdf
from models.adapters.printing.pool import PdfFailed
from models.archive import DestructionList, Filing, retention
from tests.support.destruction import carried_out, proposed


def test_a_certificate_that_cannot_be_laid_out_does_not_keep_back_the_next(firm, old, monkeypatch):
    real, lists = pdf._convert, []
    monkeypatch.setattr(pdf, "_convert", lambda *_args: fail())

    def fail():
        raise PdfFailed("took too long")

    for filing in list(retention.due().order_by(Filing.id)):
        lists.append(carried_out(firm, proposed(firm, [filing])))
        lists[-1].sign(firm.fang)
        lists[-1].sign(firm.ada)
    assert len(lists) >= 2
    monkeypatch.setattr(
        pdf, "_convert", lambda html, *a: fail() if lists[0].number in html else real(html, *a)
    )
    with pytest.raises(PdfFailed, match=lists[0].number):
        DestructionList.certify_waiting()
    states = [DestructionList.get_by_id(row.id).state for row in lists]
    assert states == ["destroyed"] + ["certified"] * (len(lists) - 1)
