"""Words say what stands there: a figure's head, a state, an event, in the language of the page."""

import datetime as dt
import re
import secrets
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest

from models.archive import Filing
from models.care import Feedback, FollowUp, Occasion, Survey
from models.core.clock import at, now, today
from models.core.lease import Lease
from models.disputes import Dispute
from models.documents import Document
from models.governance import Training, check, course
from models.insights import monthly
from models.insights.acts import Act
from models.payments import Payment


@pytest.fixture
def zh(sign_in):
    """A person's browser in Chinese."""

    def enter(person):
        browser = sign_in(person)
        browser.set_cookie("language", "zh")
        return browser

    return enter


def words(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def test_what_a_customer_bought_is_headed_by_sales_not_by_the_salesperson(firm, zh):
    firm.issued(price="100")
    bought = (
        words(zh(firm.fang), f"/customers/{firm.a.id}?tab=purchases")
        .split('id="bought"')[1]
        .split("</section>")[0]
    )
    assert 'data-label="销售额' in bought and "业务员" not in bought


def test_the_last_purchase_is_no_last_number(firm, zh):
    with at(now() - dt.timedelta(days=300)):
        firm.issued(price="100")
    with at(now() - dt.timedelta(days=280)):
        firm.issued(price="100")
    for name in ("stopped?", "customers?period=all"):
        page = words(zh(firm.fang), f"/insights/{name}")
        assert "北京甲公司" in page and "末号" not in page and "最近购买" in page


def test_the_days_from_quote_to_order_are_no_date(firm, zh):
    firm.issued("quote")
    heads = words(zh(firm.fang), "/insights/quotes").split("<thead>")[-1].split("</thead>")[0]
    assert "成单天数" in heads and ">日期<" not in heads


def test_what_came_of_a_decision_is_told_by_days_and_currency(firm, zh):
    with at(now() - dt.timedelta(days=20)):
        act = Act.begin(
            firm.li,
            "tasks",
            "stopped",
            [firm.a],
            "CNY",
            {},
            {"what": "问", "due_on": today().isoformat()},
        )
    page = words(zh(firm.li), f"/insights/acts/{act.id}")
    assert (
        "之前 20 天" in page
        and "之后 20 天" in page
        and "到期前" not in page
        and "逾期 20" not in page
    )
    assert "CNY" in page.split("效果")[1].split("</section>")[0]


def test_a_decision_is_disagreed_with_and_a_task_given_to_someone(firm, zh):
    act = Act.begin(firm.li, "terms", "overdue", [firm.a], "CNY", {}, {"terms_days": 20})
    assert ">驳回<" in words(zh(firm.wang), f"/insights/acts/{act.id}")
    row = FollowUp.plan(firm.li, firm.a, "电话", today())
    assert "收件人" not in words(zh(firm.li), f"/follow-ups/{row.id}")


def test_a_passed_course_is_passed_and_was_given_to_someone(firm, zh, sign_in):
    row = Training.assign(firm.wang, firm.li, "course-sales", today())
    page = words(sign_in(firm.li), f"/training/{row.id}")
    assert "assigned the course to" in page and "where it belongs" not in page
    Training.update(state="passed").where(Training.id == row.id).execute()
    for path in (f"/training/{row.id}", "/training/"):
        page = words(zh(firm.li), path)
        assert "超时自动同意" not in page and "已通过" in page


def test_a_quiz_not_passed_is_no_success(firm, sign_in):
    row = Training.assign(firm.wang, firm.li, "course-sales", today())
    browser = sign_in(firm.li)
    browser.post(
        f"/training/{row.id}/quiz",
        data={
            "idempotency_key": secrets.token_urlsafe(18),
            **{
                f"question-{i}": str(1 - q.right % 2)
                for i, q in enumerate(course.course("course-sales", "en").questions)
            },
        },
    )
    page = words(browser, f"/training/{row.id}")
    assert (
        "not passed yet" in page
        and 'class="note flash warning"' in page
        and "flash success" not in page
    )


def test_a_customers_complaint_in_the_feedback_is_the_one_that_is_to_be_answered(firm, zh):
    Feedback.write(firm.anna, "complaint", "少了一盒")
    page = words(zh(firm.li), "/feedback/").split("<table")[1].split("</table>")[0]
    assert "投诉" in page and "异议" not in page and "附言" not in page


def test_the_text_of_a_greeting_is_no_message(firm, zh):
    Occasion.configure(firm.ada, "birthday", True, 7)
    page = words(zh(firm.ada), "/greetings/words/birthday/zh")
    assert "正文" in page and "附言" not in page


def test_a_payment_that_waits_for_its_number_shows_none(firm, sign_in):
    firm.issued(price="100")
    payment = Payment.report(firm.anna, "CNY", 5000, today(), reference="wire")
    page = words(sign_in(firm.fang), f"/customers/{firm.a.id}?tab=money")
    assert (
        payment.number.startswith("~") and payment.number not in page and "Not numbered yet" in page
    )
    assert f'href="/payments/{payment.id}"' in page


def test_a_credit_note_takes_its_total_away(firm, sign_in):
    credit = firm.issued(price="100").convert(firm.li, "credit_note")
    credit.submit(by=firm.li)
    firm.approve_all(credit)
    Document.get_by_id(credit.id).issue(by=firm.li)
    assert words(sign_in(firm.fang), "/insights/papers").count(">-113.00") == 1
    assert ",-113.00" in sign_in(firm.fang).get("/insights/papers.csv").get_data(as_text=True)


def test_scores_of_a_year_without_answers_are_a_sentence_and_no_empty_chart(firm, sign_in):
    page = words(sign_in(firm.wang), "/feedback/nps")
    assert "No answers in the last twelve months." in page and "chart-wide" not in page
    survey = Survey.ask(firm.anna, "delivery", "a")
    survey.answer(3, "")
    page = words(sign_in(firm.wang), "/feedback/nps")
    assert "chart-narrow" in page and "-100" in page and "chart-wide" in page


def test_a_month_under_way_says_what_it_already_brought(firm, sign_in):
    middle = (now().replace(day=1) + dt.timedelta(days=40)).replace(
        day=15
    )  # on its last day a month counts as over
    with at(middle - dt.timedelta(days=40)):
        firm.issued(price="100")
    with at(middle):
        firm.issued(price="777")
        assert "so far 777.00" in words(sign_in(firm.fang), "/insights/season")


def test_the_parts_of_a_fall_add_up_and_have_a_currency(firm, sign_in):
    for days in (430, 400):
        with at(now() - dt.timedelta(days=days)):
            firm.issued(price="100")
            firm.issued(price="50", customer=firm.b, by=firm.chen)
    with at(now() - dt.timedelta(days=10)):
        firm.issued(price="5", customer=firm.b, by=firm.chen)
    page = words(sign_in(firm.fang), "/insights/acts/weak")
    said = re.search(
        (
            r"fell from 300.00 to 5.00 CNY: lost customers -200.00, new customers 0.00, "
            r"quantity (\S+), price (\S+), other products (\S+)\. "
        ),
        page,
    )
    assert said and sum(Decimal(x) for x in said.groups()) == -95


def test_what_exactly_asks_only_for_what_the_proposed_acts_use(firm, sign_in):
    for days in (430, 400, 370):
        with at(now() - dt.timedelta(days=days)):
            firm.issued(price="100")
    page = words(sign_in(firm.fang), "/insights/acts/stopped")
    assert 'id="stopped-discount"' in page and 'id="stopped-terms"' not in page


def test_a_price_list_is_named_apart_from_the_letters_subject(firm, sign_in):
    form = {
        "kind": "prices",
        "cause": "stopped",
        "currency": "CNY",
        "ids": [str(firm.a.id)],
        "subject": "We miss you",
        "discount": "3",
        "days": "30",
        "idempotency_key": "k" * 20,
    }
    browser = sign_in(firm.li)
    assert (
        browser.post("/insights/acts/", data=form).status_code == 422 and not Act.select().exists()
    )
    assert (
        browser.post(
            "/insights/acts/",
            data={**form, "list_name": "Win-back prices", "idempotency_key": "l" * 20},
        ).status_code
        == 303
    )
    assert Act.get().options["name"] == "Win-back prices"


def test_who_passed_a_course_gets_no_certificate_of_destruction(firm, zh):
    row = Training.assign(firm.wang, firm.li, "course-sales", today())
    row.answer(
        firm.li, {i: q.right for i, q in enumerate(course.course("course-sales", "zh").questions)}
    )
    pdf = pypdfium2.PdfDocument(zh(firm.li).get(f"/training/{row.id}/certificate.pdf").data)
    text = pdf[0].get_textpage().get_text_range()
    assert "培训合格证" in text and "销毁" not in text
    for path in (f"/training/{row.id}", "/training/"):
        page = words(zh(firm.li), path)
        assert row.certificate is None or "销毁" not in page.split("<main")[1], path


def test_a_period_is_chosen_by_last_year_and_from_until(firm, zh):
    lens = (
        words(zh(firm.fang), "/insights/overview")
        .split('<form class="toolbar lens"')[1]
        .split("</form>")[0]
    )
    assert "去年" in lens and "终止年度" not in lens and "来源" not in lens and "截止" not in lens


def test_what_was_paid_and_how_weighty_it_is_have_heads_of_their_own(firm, zh):
    invoice = firm.issued(price="100")
    payment = Payment.receive(firm.fang, firm.a, "CNY", invoice.total, today())
    payment.allocate(firm.fang, invoice, invoice.total)
    heads = words(zh(firm.fang), "/insights/paying").split("<thead>")[-1].split("</thead>")[0]
    assert "已付清" not in heads and "已付金额" in heads
    heads = words(zh(firm.fang), "/insights/pareto").split("<thead>")[-1].split("</thead>")[0]
    assert ">类别<" not in heads and "ABC" in heads


def test_the_month_without_sales_says_so_beside_its_currency(firm):
    firm.issued(price="100")
    before = (today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    said = monthly.content_of(before)
    text = "".join(
        page.get_textpage().get_text_range()
        for page in pypdfium2.PdfDocument(monthly.render(said, "en"))
    )
    assert said["parts"] and "No sales this month." in text


def test_everything_is_compared_with_nothing(firm, sign_in):
    firm.issued(price="100")
    page = words(sign_in(firm.fang), "/insights/overview?period=all")
    assert "before 0" not in page and "Period before" not in page and "This period" in page
    assert "previous period 0.00" in words(sign_in(firm.fang), "/insights/overview")


def test_a_limit_exceeded_by_half_says_by_how_much(firm, sign_in):
    firm.a.revise(firm.fang, credit_limit=10000)
    firm.issued(price="150")
    page = (
        words(sign_in(firm.fang), f"/customers/{firm.a.id}?tab=details")
        .split('id="credit"')[1]
        .split("</section>")[0]
    )
    assert "169%" in page and "Over limit by" in page


def test_files_of_lists_speak_in_words_too(firm, zh):
    FollowUp.plan(firm.li, firm.a, "电话", today())
    Feedback.write(firm.anna, "complaint", "少了一盒")
    FollowUp.plan(firm.li, firm.a, "回访", today() - dt.timedelta(days=30))
    check.run()
    Dispute.raise_(firm.li, customer=firm.a, reason="service", text="无人接听")
    Filing.file_document(firm.zhao, firm.issued(price="100"))
    for path in ("follow-ups", "feedback", "findings", "disputes", "archive"):
        rows = (
            zh(firm.zhao if path == "archive" else firm.li)
            .get(f"/{path}/export.csv")
            .get_data(as_text=True)
            .splitlines()
        )
        assert len(rows) > 1 and not re.search(
            r",(open|kept|service|archived)\b", "\n".join(rows[1:])
        ), rows


def test_a_customer_pays_and_reads_nothing_of_our_bookkeeping(firm, zh):
    paid, unpaid = firm.issued(price="100"), firm.issued(price="50")
    payment = Payment.receive(firm.fang, firm.a, "CNY", paid.total, today())
    payment.allocate(firm.fang, paid, paid.total)
    Filing.file_document(firm.zhao, paid)
    anna = zh(firm.anna)
    pages = {
        path: words(anna, f"/portal/{path}").replace("收款账户", "").replace("收款人", "")
        for path in ("", "payments/", "payments/new", "documents/", f"documents/{unpaid.id}")
    }
    for path, page in pages.items():
        found = [word for word in ("收款", "核销", "未结", "已归档") if word in page]
        assert not found, (path, found)
    assert ">付款<" in pages["payments/"]
    assert "已到账" in pages["payments/"]
    assert "待付金额" in pages["documents/" + str(unpaid.id)] and "未付款" in pages["documents/"]


def test_to_allocate_and_to_write_off_are_two_words(firm, zh):
    invoice = firm.issued(price="100")
    page = words(zh(firm.fang), f"/documents/{invoice.id}")
    assert "坏账核销…" in page and not re.search("(?<!坏账)核销…", page)
    assert "没有坏账核销" in words(zh(firm.fang), "/payments/write-offs")


def test_the_tax_id_is_written_in_one_way():
    written = [*Path("docs").rglob("en/**/*.md"), Path("translations/zh/LC_MESSAGES/messages.po")]
    assert [str(f) for f in written if re.search(r"[Tt]ax ids?\b", f.read_text())] == []


def test_a_minus_is_the_sign_that_a_spreadsheet_reads():
    """On pages and in PDFs as in files; and a copied figure leaves its currency behind."""
    pieces = Path("templates").rglob("*.*")
    assert [str(piece) for piece in pieces if "\N{MINUS SIGN}" in piece.read_text()] == []
    assert re.search(
        r"^\.currency \{[^}]*user-select: none", Path("static/base.css").read_text(), re.M
    )


def test_chinese_stands_between_chinese_marks(firm, zh):
    """Names in a row, and a name before what is said of it, take the marks of the language."""
    paper = firm.issued(price="100")
    Dispute.raise_(firm.li, customer=firm.a, document=paper, reason="price", text="破损")
    today_of_li = words(zh(firm.li), "/")
    assert "：破损" in today_of_li and ": 破损" not in today_of_li
    handbook = words(zh(firm.wang), "/handbook/")
    assert "业务员、" in handbook and "业务员, " not in handbook


def test_an_unpaid_invoice_and_a_sum_are_called_so_in_lists(firm, zh):
    firm.issued(price="100")
    browser = zh(firm.fang)
    row = words(browser, "/documents/?tab=open").split("<tbody")[1]
    assert "未付款" in row and "待处理" not in row
    assert "<th>合计</th>" in words(browser, "/receivables/")


def test_what_a_document_became_is_named_in_the_language(firm, zh):
    order = firm.issued(kind="order", price="100")
    order.convert(firm.li, "invoice")
    page = words(zh(firm.li), f"/documents/{order.id}?tab=history")
    assert "由此生成了发票" in page


def test_a_page_that_is_not_ones_own_is_said_to_be_closed(firm, zh):
    answer = zh(firm.li).get("/settings/")
    assert answer.status_code == 403 and "没有权限打开此页面" in answer.get_data(as_text=True)


def test_a_failing_job_is_told_in_words_and_its_detail_to_who_can_mend_it(firm, zh):
    Lease.create(name="job filing", until=now(), trouble="TemplateError: no such thing")
    clerk, keeper = words(zh(firm.li), "/"), words(zh(firm.ada), "/")
    assert "有后台任务出错" in clerk and "TemplateError" not in clerk
    assert "TemplateError" in keeper


def test_the_number_of_an_archived_document_is_not_called_its_archive_number(firm, zh):
    Filing.file_document(firm.zhao, firm.issued(price="100"))
    filing = Filing.get()
    facts = words(zh(firm.zhao), f"/archive/{filing.id}").split('id="filing-facts"')[1]
    assert facts.split("</section>")[0].count("<dt>档号</dt>") == 1
