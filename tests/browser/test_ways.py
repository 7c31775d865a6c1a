"""How many clicks the daily ways take: clicks and Enter are counted in the browser."""

import pytest

from models.adapters.outbox import Mail
from models.approvals import ApprovalFlow
from models.documents import Document
from models.payments import open_balance
from models.receivables.statement import Statement
from tests.browser.test_statement_walk import firm  # noqa: F401  a fixture
from tests.browser.test_walk import ERRORS, press

RECORDER = """
addEventListener("pointerdown", () => counted("click"), true);
addEventListener("keydown", (event) => event.key === "Enter" && counted("Enter"), true);
"""


@pytest.fixture
def order(firm):  # noqa: F811
    for kind in ("order", "invoice"):
        ApprovalFlow.define(firm.ada, kind, 0, ["manager"], priority=10)
    ApprovalFlow.define(firm.ada, "invoice", 0, [], priority=90, conditions={"equals_source": True})
    return firm.issued("order", price="9000", contact=firm.anna)


class Way:
    """What a person presses on the way from one page to the goal."""

    def __init__(self, page, start):
        self.page, self.pressed = page, []
        page.context.expose_function("counted", lambda how: self.pressed.append(how))
        page.context.add_init_script(RECORDER)
        page.goto(start)

    def told(self, name, most):
        print(f"\n{name:<48} {len(self.pressed)} of {most}: {' '.join(self.pressed)}")
        assert 0 < len(self.pressed) <= most


def test_the_short_ways(firm, order, enter):  # noqa: F811
    li = Way(enter("li@firm.test"), f"/documents/{order.id}")
    press(li.page, "Make invoice")
    li.page.wait_for_url("**/issue")
    press(li.page, "Issue and send")
    li.page.get_by_text("queued for sending").wait_for()
    invoice = Document.get(Document.kind == "invoice")
    assert Mail.about(invoice).count() == 1
    li.told("invoice out of an approved order", 2)

    fang = Way(enter("fang@firm.test"), f"/documents/{invoice.id}")
    press(fang.page, "Record a payment")
    fang.page.locator("#amount").wait_for()
    fang.page.keyboard.press("Enter")
    fang.page.wait_for_url(f"**/documents/{invoice.id}")
    assert open_balance(invoice) == 0
    fang.told("payment of one invoice", 2)

    statement = Way(enter("fang@firm.test"), f"/customers/{firm.a.id}")
    press(statement.page, "Statement of account")
    press(statement.page, "Create and send")
    statement.page.get_by_text("Statement queued for sending.").wait_for()
    assert Statement.get().sent_at
    statement.told("statement", 2)
    assert ERRORS == []
