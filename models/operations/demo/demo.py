"""A lively firm to try things out: a year of trade through the same verbs that people use."""

import datetime as dt
import io
import random

from PIL import Image

from models import dunning
from models.adapters import pdf
from models.approvals import ApprovalRequest, Comment, Delegation, Task
from models.approvals.ready import put_ready
from models.archive import (
    DestructionList,
    EInvoice,
    ExternalFile,
    Inspection,
    LegalHold,
    YearPackage,
    filing,
)
from models.company import Company
from models.core.clock import at, now, today
from models.core.database import db
from models.core.errors import refuse
from models.core.money import format_money, parse_scaled
from models.customers import Customer
from models.disputes import Dispute
from models.documents import Document, Message
from models.operations.backup import Place, snapshot
from models.operations.demo import history, house, money
from models.operations.first_firm import begin
from models.payments import Payment, open_balance
from models.people import Team, User
from models.products import Product, TaxRate
from models.receivables.balance import by_money

PASSWORD = "danju demo 2026"
DAYS = (
    *range(360, 180, -12),
    *range(180, 0, -6),
)  # how many days ago something was sold: business grows
STAFF = [
    ("王敏", "wang", ["manager"], "华东"),
    ("李明", "li", ["sales"], "华东"),
    ("陈静", "chen", ["sales"], "海外"),
    ("Sophie Martin", "sophie", ["manager"], "海外"),
    ("方琳", "fang", ["finance"], ""),
    ("赵强", "zhao", ["archivist"], ""),
]
# Foreign customers and products are cut from the Northwind sample (MIT).
CUSTOMERS = [
    ("上海华信文具有限公司", "zh", "CNY", "张伟"),
    ("杭州西湖茶业有限公司", "zh", "CNY", "刘洋"),
    ("苏州工业园区精密仪器厂", "zh", "CNY", "孙丽"),
    ("宁波海曙贸易有限公司", "zh", "CNY", "周杰"),
    ("南京金陵食品股份有限公司", "zh", "CNY", "吴芳"),
    ("无锡太湖酒店管理有限公司", "zh", "CNY", "郑浩"),
    ("Alfreds Futterkiste", "en", "EUR", "Maria Anders"),
    ("Around the Horn", "en", "GBP", "Thomas Hardy"),
    ("Bottom-Dollar Markets", "en", "USD", "Elizabeth Lincoln"),
    ("Ernst Handel", "en", "EUR", "Roland Mendel"),
]
PRODUCTS = [
    ("T-01", "龙井茶 特级 250g", "盒", "168", "茶"),
    ("T-02", "铁观音 500g", "盒", "128", "茶"),
    ("T-03", "Chai, 10 boxes × 20 bags", "case", "18", "茶"),
    ("F-01", "Ikura 200 ml", "jar", "31", "食品"),
    ("F-02", "桂花糕礼盒", "盒", "88", "食品"),
    ("F-03", "Aniseed Syrup 550 ml", "bottle", "10", "食品"),
    ("S-01", "签字笔 0.5mm 黑", "支", "2.5", "文具"),
    ("S-02", "A4 复印纸 80g 5包装", "箱", "129.9", "文具"),
    ("S-03", "精装笔记本 A5", "本", "36", "文具"),
    ("V-01", "送货服务", "次", "50", "服务"),
]


def make(tell=lambda part: None):
    """Found the demo firm where there is none; whether it was. `tell` hears how far it has come, 0
    to 1."""
    if Company.current():
        return False
    begin(
        "单据示范贸易有限公司",
        "zh",
        "CNY",
        "管理员 Ada",
        "admin@demo.test",
        PASSWORD,
        fill=lambda admin: fill(admin, tell),
    )
    return True


def fill(admin, tell=lambda part: None):
    """Fill the new firm with a year of trade. Refused where it already works."""
    if Customer.select().exists():
        refuse("already_set_up")
    dice = random.Random(2026)
    began = now()
    pdf.warm()
    tell(0)
    with db.atomic():
        firm = Company.current()
        firm.revise(
            admin,
            legal_name=firm.name,
            tax_id="91310000MA1FL0DY0U",
            address="上海市徐汇区漕溪北路 88 号 1201 室",
            phone="021-5555 0188",
            email="sales@demo.test",
            bank_name="中国工商银行",
            bank_branch="上海徐汇支行",
            bank_account="1001 2345 0920 0067 890",
            footer="感谢惠顾 · Thank you for your business",
        )
        money.banks(admin)
        people = {
            mail: User.enter(
                admin,
                name=name,
                email=f"{mail}@demo.test",
                roles=roles,
                language="en" if mail in ("sophie",) else "zh",
                password=PASSWORD,
                team=Team.called(admin, team) if team else None,
            )
            for name, mail, roles, team in STAFF
        }
        tax = TaxRate.get(TaxRate.rate == 1300)
        zero = TaxRate.get(TaxRate.kind == "zero")
        goods = [
            Product.enter(
                people["wang"],
                code=c,
                name=n,
                unit=u,
                price=parse_scaled(p, 4),
                category=k,
                tax=tax,
            )
            for c, n, u, p, k in PRODUCTS
        ]
        customers = [_customer(i, row, people) for i, row in enumerate(CUSTOMERS, 1)]
        history.past(admin, people["wang"], customers, goods, tax, zero)
        for day in DAYS:
            tell(0.05 + 0.75 * DAYS.index(day) / len(DAYS))
            with at(began - dt.timedelta(days=day, minutes=dice.randint(0, 400))):
                _sale(dice, dice.choice(customers), goods, tax, zero, people, day)
        for customer in customers[:3]:
            _draft(dice, customer, goods, tax, zero, people, "invoice")
        _draft(dice, customers[0], goods, tax, zero, people, "order", big=True).submit(
            by=people["li"]
        )
        _unfinished(dice, customers, goods, tax, zero, people)
        _claims(customers, people, admin)
        _approvals(admin, dice, customers, goods, tax, zero, people)
        _backups(admin)
        money.fill(admin, people, customers)
    tell(0.85)
    dunning.run_due()
    _archive(people, customers)
    tell(0.95)
    with db.atomic():
        house.fill(people, customers, admin, PASSWORD)
    tell(1)


def _backups(admin):
    """A place in the data folder; the worker fills it as soon as the demo is served."""
    Place.add(
        admin, "本机备份", "folder", {"path": str(snapshot.folder() / "backups")}, "", "hourly"
    )


def _unfinished(dice, customers, goods, tax, zero, people):
    """One of each that a working day shows: quotes, something approved, returned, partly delivered,
    confirmed, asked."""
    li, chen, anna = people["li"], people["chen"], customers[0].contacts.get()
    quote = _finish(_draft(dice, customers[6], goods, tax, zero, people, "quote"), chen)
    old = _draft(dice, customers[1], goods, tax, zero, people, "quote")
    old.revise(li, old.version, valid_until=today() - dt.timedelta(days=3))
    _finish(old, li)
    returned = _draft(dice, customers[3], goods, tax, zero, people, "invoice", big=True)
    returned.submit(by=li)
    task = ApprovalRequest.current(returned).tasks.where(Task.state == "open").first()
    task.reject(by=task.user, note="折扣太低，请按合同价")
    _approve(_draft(dice, customers[4], goods, tax, zero, people, "invoice"), li)
    order = _finish(_draft(dice, customers[0], goods, tax, zero, people, "order"), li)
    order.confirm(anna, anna.name, "203.0.113.7")
    part = order.convert(li, "delivery_note")
    lines = part.ordered_lines()
    for line in lines:
        line.quantity = max(10000, line.quantity // 20000 * 10000)
    part.revise(li, part.version, lines)
    _finish(part, li)
    invoice = _finish(order.convert(li, "invoice"), li)
    Payment.receive(
        people["fang"],
        customers[0],
        invoice.currency,
        invoice.total // 3,
        allocations=[(invoice, invoice.total // 3)],
    )
    Message.write(anna, invoice, "请问可以下周三送货吗？")
    Message.write(li, invoice, "可以，上午送到。")
    for paper in (invoice, quote):
        paper.send(paper.owner, list(paper.customer.contacts), key="demo")


def _claims(customers, people, admin):
    """Complaints in each state, what was learnt from one, and what holds reminders back."""
    li, fang, anna = people["li"], people["fang"], customers[0].contacts.get()
    final = dunning.ReminderLevel.ladder()[-1]
    final.revise(admin, interest=500, copy_owner=True)
    open_ = [
        d
        for state in ("overdue", "open")
        for d in by_money(Document.standing(), state).order_by(Document.due_on.desc()).limit(14)
    ]
    mine = [d for d in open_ if d.customer_id == customers[0].id] or open_
    first = mine[0]
    line = first.ordered_lines()[0]
    waiting = Dispute.raise_(
        anna if first.customer_id == customers[0].id else li,
        customer=first.customer,
        document=first,
        line=line,
        amount=max(1, line.gross // 4),
        reason="quantity",
        text="实收数量比送货单少，请核对。",
    )
    waiting.say(li, "仓库盘点：当日确实少装。", internal=True)
    waiting.say(li, "您好，我们正在与仓库核对，明天给您答复。")
    others = [d for d in open_ if d.id != first.id]
    for paper, reason, text, answer in zip(
        others,
        ("price", "damaged", "invoice_data"),
        ("The price differs from our order.", "外包装破损，两盒受潮。", "发票抬头有误。"),
        ("explain", "adjust", "correct"),
        strict=False,
    ):
        row = Dispute.raise_(
            li if paper.customer.language == "zh" else people["chen"],
            customer=paper.customer,
            document=paper,
            reason=reason,
            text=text,
        )
        by = row.owner
        if answer == "adjust":
            Dispute.get_by_id(row.id).hand_over(by, people["wang"])
        else:
            row.explain(
                by,
                "The order of the 3rd says so; see the attached confirmation."
                if reason == "price"
                else "已更正。",
            )
            row = Dispute.get_by_id(row.id)
            row.settle(by, "Two weeks without a word." if reason == "price" else "客户电话确认。")
            Dispute.get_by_id(row.id).learn(by, "报价单与订单增加合同价核对步骤。")
    for paper in others[4:5]:
        dunning.Hold.place(
            fang,
            paper.customer,
            reason="agreement",
            until=today() + dt.timedelta(days=20),
            note="分三期付款",
        )
    for paper in others[6:7]:
        dunning.Promise.give(
            fang,
            paper,
            open_balance(paper) // 2,
            today() + dt.timedelta(days=6),
            "电话：月底前付一半",
        )


def _approvals(admin, dice, customers, goods, tax, zero, people):
    """Flows of a firm of twenty; papers that walk: below list, asked before, sent back once and
    changed, late, in someone's absence."""
    li, wang, fang, sophie = (people[name] for name in ("li", "wang", "fang", "sophie"))
    for person, boss in ((li, wang), (people["chen"], sophie), (wang, admin), (sophie, admin)):
        person.revise(admin, superior=boss)
    for i, product in enumerate(goods):
        product.revise(fang, cost=product.price * (62 + i % 4 * 8) // 100)
    put_ready(admin, "20")
    cheap = _draft(dice, customers[1], goods, tax, zero, people, "quote", big=True)
    cheap.revise(li, cheap.version, discount=1800, internal_note="老客户，争取续签")
    cheap.submit(by=li)
    request = ApprovalRequest.current(cheap)
    Comment.write(li, request, "客户要与去年同价，请王经理看看。")
    again = _draft(dice, customers[2], goods, tax, zero, people, "order", big=True)
    again.submit(by=li)
    first = ApprovalRequest.current(again).tasks.where(Task.state == "open").first()
    first.approve(by=first.user, note="数量与合同一致")
    second = ApprovalRequest.current(again).tasks.where(Task.state == "open").first()
    if second:
        second.return_to(by=second.user, step=0, note="账期改回 30 天")
    again = Document.get_by_id(again.id)
    again.revise(li, again.version, terms_days=30, discount=300)
    Document.get_by_id(again.id).submit(by=li)
    with at(now() - dt.timedelta(days=6)):
        late = _draft(dice, customers[5], goods, tax, zero, people, "order", big=True)
        late.submit(by=li)
    Delegation.arrange(
        admin,
        sophie,
        wang,
        today() + dt.timedelta(days=3),
        today() + dt.timedelta(days=10),
        kinds=["quote", "order"],
    )


def _archive(people, customers):
    """An archive as it looks after some years: filed papers, scans, tax invoices, old files due, a
    hold, a list to decide."""
    li, fang, zhao = people["li"], people["fang"], people["zhao"]
    with db.atomic():
        filing.file_due(since=dt.date(today().year - 1, 1, 1))  # the night files what is older
        sold = list(
            Document.standing()
            .where(Document.kind == "invoice", Document.currency == "CNY")
            .order_by(Document.id.desc())
            .limit(6)
        )
        for i, invoice in enumerate(sold[:4]):
            tax_invoice = TAX_INVOICE.format(
                number=f"26312000000{i:09}",
                day=invoice.issued_on,
                buyer=invoice.customer.tax_id,
                name=invoice.customer.name,
                seller=Company.current().tax_id,
                remark=invoice.number if i < 3 else "",
                **{
                    k: format_money(getattr(invoice, k), "CNY").replace(",", "")
                    for k in ("net", "tax", "total")
                },
            )
            EInvoice.drop(fang, tax_invoice.encode(), f"dzfp_{i}.xml")
        slip, out = Image.new("RGB", (640, 420), "#f4f1e8"), io.BytesIO()
        slip.save(out, "PNG")
        note = (
            Document.standing()
            .where(Document.kind == "delivery_note")
            .order_by(Document.id.desc())
            .first()
        )
        ExternalFile.take_in(
            li,
            out.getvalue(),
            "签收单.png",
            "delivery_note",
            title="签收单",
            document=note,
            note="仓库王师傅签收",
        ).filing.tag(zhao, ["已签收"])
        old = [
            ExternalFile.take_in(
                zhao,
                f"<statement><month>{month}</month></statement>".encode(),
                f"{month}.xml",
                kind,
                title=title,
                number=f"2009-{month:02}",
                customer=customer,
                day=dt.date(2009, month, 28),
            )
            for month, kind, title, customer in (
                (3, "bank_statement", "工商银行对账单", None),
                (6, "bank_statement", "工商银行对账单", None),
                (9, "correspondence", "询价函", customers[1]),
                (11, "correspondence", "询价函", customers[2]),
            )
        ]
        LegalHold.place(fang, "税务检查 2026", "税务机关调阅该客户资料", customer=customers[2])
        DestructionList.propose(zhao, [old[0].filing], "保管期满十年，无续存价值，建议销毁")
        Inspection.ask(None)
        YearPackage.ask(zhao, today().year)


TAX_INVOICE = (
    "<EInvoice><Header><EIid>{number}</EIid></Header><EInvoiceData><SellerInformation><SellerIdNum>{seller}</SellerIdNum></SellerInformation>"
    "<BuyerInformation><BuyerIdNum>{buyer}</BuyerIdNum><BuyerName>{name}</BuyerName></BuyerInformation><BasicInformation>"
    "<TotalAmWithoutTax>{net}</TotalAmWithoutTax><TotalTaxAm>{tax}</TotalTaxAm><TotalTax-includedAmount>{total}</TotalTax-includedAmount>"
    "</BasicInformation><AdditionalInformation><Remark>{remark}</Remark></AdditionalInformation></EInvoiceData><TaxSupervisionInfo>"
    "<InvoiceNumber>{number}</InvoiceNumber><IssueTime>{day}</IssueTime></TaxSupervisionInfo></EInvoice>"
)


def _customer(i, row, people):
    name, language, currency, contact = row
    seller = people["li"] if language == "zh" else people["chen"]
    customer = Customer.enter(
        seller,
        code=f"C{i:03}",
        name=name,
        language=language,
        currency=currency,
        terms_days=30 if i % 3 else 60,
    )
    customer.add_address(
        seller,
        "billing",
        "浙江省杭州市西湖区文三路 %d 号" % (i * 11) if language == "zh" else f"{i * 7} High Street",
    )
    person = customer.add_contact(
        seller, name=contact, email=f"buyer{i}@demo.test", language=language
    )
    if i in (1, 7):
        person.set_password(PASSWORD, person)
    return customer


def _draft(dice, customer, goods, tax, zero, people, kind, big=False):
    rate = tax if customer.currency == "CNY" else zero
    seller = people["li"] if customer.language == "zh" else people["chen"]
    lines = [
        {
            "product": p.id,
            "code": p.code,
            "name": p.name,
            "unit": p.unit,
            "price": p.price,
            "quantity": dice.randint(1, 12) * (200000 if big else 10000),
            "tax_rate": rate.id,
            "tax_label": rate.name,
            "tax_kind": rate.kind,
            "rate": rate.rate,
        }
        for p in dice.sample(goods, dice.randint(2, 4))
    ]
    return Document.draft(seller, kind, customer, lines)


def _finish(paper, by):
    paper = _approve(paper, by)
    paper.issue(by=by)
    return Document.get_by_id(paper.id)


def _approve(paper, by):
    paper.submit(by=by)
    while (request := ApprovalRequest.current(paper)).state == "open":
        task = request.tasks.where(Task.state == "open").first()
        task.approve(by=task.user)
    return Document.get_by_id(paper.id)


def _sale(dice, customer, goods, tax, zero, people, day):
    seller = people["li"] if customer.language == "zh" else people["chen"]
    order = _finish(_draft(dice, customer, goods, tax, zero, people, "order"), seller)
    if dice.random() < 0.4:
        _finish(order.convert(seller, "delivery_note"), seller)
    invoice = _finish(order.convert(seller, "invoice"), seller)
    chance = dice.random()
    if chance < 0.06:
        invoice.void(people["fang"], "开票信息有误")
    elif chance < 0.14:
        _finish(invoice.convert(seller, "credit_note"), seller)
    elif day > 45 and chance < 0.85:
        with at(now() + dt.timedelta(days=dice.randint(5, 40))):
            part = invoice.total if chance < 0.75 else invoice.total // 2
            Payment.receive(
                people["fang"], customer, invoice.currency, part, allocations=[(invoice, part)]
            )
