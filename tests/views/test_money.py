"""Payments, bank lines and statements as people use them, from the portal to finance and back."""

import io
import re

from models.bank.line import BankLine
from models.core.clock import today
from models.disputes import Dispute
from models.documents import Document
from models.payments import Payment, open_balance
from models.payments.write_off import WriteOff
from models.receivables.statement import Statement
from models.receivables.statement_run import StatementRun
from tests.firm import KEY
from tests.models.test_receivables import take_in

SLIP = b"%PDF-1.4\n%%EOF"


def keyed(n=0, **fields):
    return {**fields, "idempotency_key": KEY + str(n)}


def test_i_have_paid_travels_from_the_portal_to_finance(firm, sign_in):
    paper = take_in(firm, "X1", 11300)
    anna, fang = sign_in(firm.anna), sign_in(firm.fang)
    sent = {
        **keyed(amount="113.00", currency="CNY", paid_on=str(today()), reference="网银"),
        f"part-{paper.id}": "113.00",
        "slip": (io.BytesIO(SLIP), "回单.pdf"),
    }
    assert anna.post("/portal/payments/", data=sent).status_code == 303
    report = Payment.get()
    assert "Payments reported by customers" in fang.get("/payments/").get_data(as_text=True)
    page = fang.get(f"/payments/{report.id}").get_data(as_text=True)
    assert f'name="part-{paper.id}"' in page and 'value="113.00"' in page
    assert (
        fang.get(f"/payments/{report.id}/slip").data == SLIP
        and sign_in(firm.bob).get(f"/portal/payments/{report.id}/slip").status_code == 404
    )
    form = {
        **keyed(1, amount="113.00", received_on=str(today()), charges=""),
        f"part-{paper.id}": "113.00",
    }
    assert fang.post(f"/payments/{report.id}/confirmation", data=form).status_code == 303
    assert open_balance(paper) == 0 and "RC-" in anna.get("/portal/payments/").get_data(
        as_text=True
    )


def test_a_slip_that_is_no_picture_brings_the_form_back(firm, sign_in):
    answer = sign_in(firm.anna).post(
        "/portal/payments/",
        data=keyed(
            amount="5",
            currency="CNY",
            paid_on=str(today()),
            reference="网银 77",
            slip=(io.BytesIO(b"MZ"), "x.exe"),
        ),
    )
    page = answer.get_data(as_text=True)
    assert (
        answer.status_code == 409
        and "PDF, PNG or JPEG" in page
        and "网银 77" in page
        and not Payment.select().exists()
    )


def test_one_payment_is_spread_over_the_oldest_when_asked(firm, sign_in):
    new, old = take_in(firm, "X1", 1000, 5), take_in(firm, "X2", 1000, 50)
    sent = keyed(
        customer=str(firm.a.id),
        amount="15.00",
        currency="CNY",
        received_on=str(today()),
        oldest="1",
    )
    assert sign_in(firm.fang).post("/payments/", data=sent).status_code == 303
    assert (open_balance(old), open_balance(new)) == (0, 500)


def test_the_asker_sees_no_button_to_agree(firm, sign_in):
    asked = WriteOff.ask(firm.fang, take_in(firm, "X1", 1000), 10, "尾差")
    assert "/approval" not in sign_in(firm.fang).get("/payments/write-offs").get_data(as_text=True)
    wang = sign_in(firm.wang)
    assert "/approval" in wang.get("/payments/write-offs").get_data(as_text=True)
    assert wang.post(f"/write-offs/{asked.id}/approval", data=keyed()).status_code == 303
    assert WriteOff.get().state == "approved"


def test_certain_lines_are_booked_together_and_only_once(firm, sign_in):
    papers = [take_in(firm, f"INV-X{n}", 1000 + n) for n in range(3)]
    rows = "".join(f"{today()},10.0{n},INV-X{n}\n" for n in range(3)) + f"{today()},7.77,什么\n"
    fang = sign_in(firm.fang)
    read = fang.post(
        "/bank-lines/",
        data=keyed(
            currency="CNY",
            file=(io.BytesIO(("date,paid_in,description\n" + rows).encode()), "b.csv"),
        ),
    )
    assert not BankLine.select().exists(), "nothing comes in before it was looked at"
    seen = re.search(r'name="seen" value="(\w+)"', fang.get(read.location).text)[1]
    assert fang.post(f"{read.location}/lines", data=keyed(1, seen=seen)).status_code == 303
    page = fang.get("/bank-lines/").get_data(as_text=True)
    assert "Certain (3)" in page and "One by one <i>1</i>" in page
    ids = [str(line.id) for line in BankLine.select()]
    for n in (2, 3):
        fang.post("/bank-lines/bookings", data=keyed(n, ids=ids))
    assert [open_balance(p) for p in papers] == [0, 0, 0] and Payment.select().count() == 3
    assert BankLine.select().where(BankLine.state == "new").count() == 1


def test_the_customer_marks_a_line_and_signs(firm, sign_in):
    take_in(firm, "X1", 11300, 5)
    made = Statement.make(firm.fang, firm.a, "CNY", today().replace(year=today().year - 1), today())
    anna = sign_in(firm.anna)
    assert anna.get(f"/portal/statements/{made.id}").status_code == 404
    made.send(firm.fang)
    assert "X1" in anna.get(f"/portal/statements/{made.id}").get_data(as_text=True)
    bad = anna.post(
        f"/portal/statements/{made.id}/confirmation",
        data=keyed(**{"name": "Anna", "mark-0": "1", "amount-0": "abc", "reason-0": "少"}),
    )
    assert bad.status_code == 422 and "abc" in bad.get_data(as_text=True)
    form = keyed(1, **{"name": "Anna", "mark-0": "1", "amount-0": "100", "reason-0": "价格"})
    assert anna.post(f"/portal/statements/{made.id}/confirmation", data=form).status_code == 303
    assert Dispute.get().document == Document.get() and Dispute.get().amount == 1300
    for browser, path in ((anna, "/portal/statements"), (sign_in(firm.fang), "/statements")):
        page = browser.get(f"{path}/{made.id}").get_data(as_text=True)
        assert "价格" in page and browser.get(f"{path}/{made.id}/xlsx").status_code == 200
        assert browser.get(f"{path}/{made.id}/pdf").data[:4] == b"%PDF"


def test_the_progress_of_a_batch_survives_a_reload(firm, sign_in):
    take_in(firm, "X1", 1000, 5)
    take_in(firm, "Y1", 1000, 5, customer=firm.b)
    fang = sign_in(firm.fang)
    where = fang.post(
        "/statement-runs/",
        data=keyed(since=str(today().replace(day=1)), until=str(today()), send="1"),
    ).location
    assert "0 of 2" in fang.get(where).get_data(as_text=True) and "every 1s" in fang.get(
        where
    ).get_data(as_text=True)
    StatementRun.run_waiting()
    page = fang.get(where).get_data(as_text=True)
    assert "2 of 2" in page and "every 1s" not in page and StatementRun.get().state == "done"
