"""What a salesperson may not do to get a paper past its approver, or to look into another team."""

from models.approvals import ApprovalRequest, Task
from models.customers import Customer
from tests.firm import KEY

FORM = {
    "name": "北京甲公司",
    "code": "A",
    "terms_days": "30",
    "currency": "CNY",
    "language": "zh",
    "owner": "0",
}


def test_a_salesperson_cannot_raise_the_credit_limit_that_asks_for_approval(firm, sign_in):
    firm.a.revise(firm.fang, credit_limit=100_000)
    browser = sign_in(firm.li)
    assert 'name="credit_limit"' not in browser.get(f"/customers/{firm.a.id}/edit").get_data(
        as_text=True
    )
    assert (
        browser.post(
            f"/customers/{firm.a.id}/edit", data={**FORM, "credit_limit": "9999999", "phone": "123"}
        ).status_code
        == 303
    )
    kept = Customer.get_by_id(firm.a.id)
    assert (kept.credit_limit, kept.phone, kept.owner_id) == (100_000, "123", firm.li.id)
    kept.revise(firm.li, credit_limit=None)
    assert Customer.get_by_id(firm.a.id).credit_limit == 100_000


def test_a_manager_and_finance_set_the_credit_limit(firm, sign_in):
    for person, limit in ((firm.wang, "1000"), (firm.fang, "2000")):
        assert (
            sign_in(person)
            .post(
                f"/customers/{firm.a.id}/edit",
                data={**FORM, "owner": str(firm.li.id), "credit_limit": limit},
            )
            .status_code
            == 303
        )
        assert Customer.get_by_id(firm.a.id).credit_limit == int(limit) * 100


def test_a_salesperson_who_gives_customers_away_is_told_no(firm, sign_in):
    answer = sign_in(firm.li).post(
        "/customers/bulk",
        data={"idempotency_key": KEY, "act": "owner", "owner": firm.chen.id, "ids": [firm.a.id]},
    )
    assert answer.status_code == 403 and [e.action for e in firm.a.events] == ["entered"]


def test_who_is_asked_about_one_paper_does_not_see_its_family(firm, sign_in):
    order = firm.issued("order", price="5000")
    paper = order.convert(firm.li, "invoice")
    paper.submit(by=firm.li)
    ApprovalRequest.current(paper).tasks.where(Task.user == firm.wang).get().ask_before(
        by=firm.wang, person=firm.chen
    )
    assert order.number in sign_in(firm.li).get(f"/documents/{paper.id}").get_data(as_text=True)
    assert f'href="/documents/{order.id}"' not in sign_in(firm.chen).get(
        f"/documents/{paper.id}"
    ).get_data(as_text=True)


def test_the_journal_tells_which_of_a_contact_s_data_were_changed(firm):
    firm.anna.revise(firm.li, email="other@a.test", name="Anna")
    assert list(firm.anna.events)[-1].facts["changed"] == ["email"]


def test_the_folder_of_data_is_its_owner_s_alone(tmp_path):
    from config import secret_key, settings

    folder = settings(DATA_DIR=tmp_path / "new")["DATA_DIR"]
    assert secret_key(folder)
    assert (
        folder.stat().st_mode & 0o077 == 0 and (folder / "secret_key").stat().st_mode & 0o077 == 0
    )
