"""Complaints through the pages: raised in the portal, answered by staff, confirmed and rated; what
each side may see and do."""

import io
import secrets

import pytest

from models.disputes import Dispute
from models.documents import Document
from tests.models.test_disputes import PNG, complain, invoice  # noqa: F401


def post(browser, path, **data):
    return browser.post(
        path,
        data={"idempotency_key": secrets.token_urlsafe(18), **data},
        content_type="multipart/form-data",
    )


def test_from_the_portal_to_the_stars(firm, invoice, sign_in):  # noqa: F811
    anna, li = sign_in(firm.anna), sign_in(firm.li)
    assert "Raise a dispute" in anna.get(f"/portal/documents/{invoice.id}").text
    line = invoice.ordered_lines()[0]
    form = anna.get(f"/portal/disputes/new?document={invoice.id}").text
    assert f'value="{line.id}"' in form and 'name="amount"' in form
    answer = post(
        anna,
        "/portal/disputes/",
        document=invoice.id,
        line=line.id,
        amount="226.00",
        reason="quantity",
        text="少了两支",
        file=(io.BytesIO(PNG), "box.png"),
    )
    row = Dispute.get()
    assert (
        answer.status_code == 303
        and answer.location == f"/portal/disputes/{row.id}"
        and row.amount == 22600
    )
    page = li.get(f"/disputes/{row.id}").text
    assert (
        "少了两支" in page
        and "box.png" in page
        and "Credit note and corrected invoice" in page
        and "Refer to legal" not in page
    )
    assert post(li, f"/disputes/{row.id}/entries", text="仓库少发", internal="1").status_code == 303
    assert (
        post(li, f"/disputes/{row.id}/answer", how="credited", text="我们更正").status_code == 303
    )
    seen = anna.get(f"/portal/disputes/{row.id}").text
    assert "仓库少发" not in seen and "我们更正" in seen and "Not numbered yet" not in seen, (
        "drafts are not for the customer"
    )
    assert (
        post(anna, f"/portal/disputes/{row.id}/agreement", rating="5", text="很快").status_code
        == 303
    )
    assert (
        "★★★★★" in li.get(f"/disputes/{row.id}").text
        and Document.select().where(Document.state == "draft").count() == 2
    )


def test_the_same_form_twice_is_one_complaint(firm, invoice, sign_in):  # noqa: F811
    anna, key = sign_in(firm.anna), secrets.token_urlsafe(18)
    data = {"idempotency_key": key, "document": invoice.id, "reason": "price", "text": "贵了"}
    assert [anna.post("/portal/disputes/", data=data).status_code for _ in range(2)] == [
        303,
        303,
    ] and Dispute.select().count() == 1


def test_a_bad_amount_keeps_the_words(firm, invoice, sign_in):  # noqa: F811
    answer = post(
        sign_in(firm.anna),
        "/portal/disputes/",
        document=invoice.id,
        amount="a lot",
        reason="price",
        text="说了很多话",
    )
    assert (
        answer.status_code == 422
        and "说了很多话" in answer.text
        and "a lot" in answer.text
        and not Dispute.select().exists()
    )


def test_files_are_only_for_those_who_see_the_entry(firm, invoice, sign_in):  # noqa: F811
    row = complain(firm, invoice)
    shown, hidden = (
        row.say(firm.anna, "", data=PNG, filename="a.png"),
        row.say(firm.li, "", internal=True, data=PNG, filename="b.png"),
    )
    anna, li = sign_in(firm.anna), sign_in(firm.li)
    assert [
        anna.get(f"/portal/disputes/entries/{e.id}/file").status_code for e in (shown, hidden)
    ] == [200, 404]
    answer = li.get(f"/disputes/entries/{hidden.id}/file")
    assert (
        answer.status_code == 200
        and "attachment" in answer.headers["Content-Disposition"]
        and answer.data == PNG
    )
    assert sign_in(firm.bob).get(f"/portal/disputes/entries/{shown.id}/file").status_code == 404
    assert sign_in(firm.chen).get(f"/disputes/entries/{shown.id}/file").status_code == 404


@pytest.mark.parametrize(
    "who, code",
    [("zhao", 403), ("ada", 403), ("chen", 404), ("li", 303), ("wang", 303), ("fang", 303)],
)
def test_who_answers(firm, invoice, sign_in, who, code):  # noqa: F811
    row = complain(firm, invoice)
    assert (
        post(
            sign_in(getattr(firm, who)), f"/disputes/{row.id}/answer", how="explained", text="没错"
        ).status_code
        == code
    )
    assert Dispute.get().state == ("answered" if code == 303 else "open")


def test_only_managers_and_finance_go_to_law(firm, invoice, sign_in):  # noqa: F811
    row = complain(firm, invoice)
    assert (
        post(sign_in(firm.li), f"/disputes/{row.id}/answer", how="legal", text="起诉").status_code
        == 403
        and Dispute.get().state == "open"
    )
    assert (
        post(sign_in(firm.fang), f"/disputes/{row.id}/answer", how="legal", text="起诉").status_code
        == 303
        and Dispute.get().state == "legal"
    )


def test_the_list_is_narrowed_and_taken_away_as_a_file(firm, invoice, sign_in):  # noqa: F811
    first = complain(firm, invoice, reason="price")
    second = complain(firm, invoice, text="另一件", reason="quality")
    second.explain(firm.li, "没错")
    li = sign_in(firm.li)
    for query, shown in (
        ("", {1, 2}),
        ("state=open", {1}),
        ("state=live", {1, 2}),
        ("state=late", set()),
        ("reason=quality", {2}),
        ("q=另一件", {2}),
        (f"q={invoice.number}", {1, 2}),
        ("owner=me", {1, 2}),
        ("state=nonsense", {1, 2}),
    ):
        page = li.get(f"/disputes/?{query}").text
        assert {
            n for n, row in ((1, first), (2, second)) if f'/disputes/{row.id}"' in page
        } == shown, query
    assert invoice.number in li.get("/disputes/export.csv").get_data().decode("utf-8-sig")
    assert "另一件" not in sign_in(firm.chen).get("/disputes/").text


def test_the_figures(firm, invoice, sign_in):  # noqa: F811
    row = complain(firm, invoice, line=invoice.ordered_lines()[0], amount=100)
    row.learn(firm.li, "出库前复核")
    page = sign_in(firm.wang).get("/disputes/figures/").text
    assert "出库前复核" in page and "Quantity" in page and "1.00 CNY" in page and "钢笔" in page
    assert sign_in(firm.li).get("/disputes/figures/").status_code == 403
