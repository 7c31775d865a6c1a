"""The cast and their papers: Li sells, Wang approves, Fang pays, Chen sells in another team, Ada
administers."""

from models.core.database import db
from models.core.money import parse_money, parse_scaled
from models.customers import Customer
from models.documents import Document
from models.operations import first_firm
from models.people import Team, User
from models.products import Product, TaxRate

KEY = "a-key-of-some-length-0001"


class Firm:
    def __init__(self):
        with db.atomic():
            self.ada = first_firm.begin(
                "华信商贸", "zh", "CNY", "Ada", "ada@firm.test", "correct horse battery"
            )
            self.ada.revise(self.ada, roles=["admin"])
            north, south = (Team.get_or_enter(self.ada, name) for name in ("North", "South"))
            self.wang = self._staff("王经理", "wang", ["manager"], north)
            self.li = self._staff("李销售", "li", ["sales"], north)
            self.chen = self._staff("陈销售", "chen", ["sales"], south)
            self.fang = self._staff("方财务", "fang", ["finance"], None)
            self.zhao = self._staff("赵档案", "zhao", ["archivist"], None)
            self.tax = TaxRate.get(TaxRate.rate == 1300)
            self.a = Customer.enter(
                self.li, name="北京甲公司", code="A", language="zh", tax_id="91110000MA0000000X"
            )
            self.b = Customer.enter(self.chen, name="Beta Ltd", code="B", language="en")
            self.anna = self.a.add_contact(self.li, name="Anna", email="anna@a.test")
            self.amin = self.a.add_contact(
                self.li, name="阿敏", email="amin@a.test", sees_company=False
            )
            self.bob = self.b.add_contact(self.chen, name="Bob", email="bob@b.test")
            self.pen = Product.enter(
                self.li, code="P1", name="钢笔", unit="支", price=125000, tax=self.tax
            )

    def _staff(self, name, mail, roles, team):
        return User.enter(self.ada, name=name, email=f"{mail}@firm.test", roles=roles, team=team)

    def line(self, price="100", quantity="1", **more):
        return {
            "name": "钢笔",
            "quantity": parse_scaled(quantity, 4),
            "price": parse_scaled(price, 4),
            "rate": 1300,
            "tax_rate": self.tax.id,
            "tax_kind": "taxed",
            "tax_label": "13%",
            "unit": "支",
            **more,
        }

    def draft(self, kind="invoice", price="100", quantity="1", by=None, customer=None, **more):
        return Document.draft(
            by or self.li, kind, customer or self.a, [self.line(price, quantity)], **more
        )

    def approved(self, *args, **kwargs):
        document = self.draft(*args, **kwargs)
        document.submit(by=kwargs.get("by") or self.li)
        self.approve_all(document)
        return Document.get_by_id(document.id)

    def approve_all(self, document):
        from models.approvals import ApprovalRequest, Task

        while ApprovalRequest.current(document).state == "open":
            task = ApprovalRequest.current(document).tasks.where(Task.state == "open").first()
            task.approve(by=task.user)

    def issued(self, *args, **kwargs):
        document = self.approved(*args, **kwargs)
        document.issue(by=kwargs.get("by") or self.li)
        return Document.get_by_id(document.id)

    def printed(self, *args, **kwargs):
        """An issued document with its PDF."""
        document = self.issued(*args, **kwargs)
        document.keep_pdf()
        return document


def money(text):
    return parse_money(text, "CNY")
