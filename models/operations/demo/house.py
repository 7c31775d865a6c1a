"""Customer care, handbook, training and checks of the demo firm."""

import datetime as dt

from models.care import ContactPlan, Feedback, FollowUp, Occasion, Survey, greeting
from models.core.clock import at, now, today
from models.governance import (
    Acknowledgement,
    Finding,
    HouseText,
    Requirement,
    Training,
    check,
    course,
    handbook,
    section,
)
from models.insights.acts import Act
from models.people import User

BIRTHDAYS = [(1985, 0), (1979, 2), (1990, -1), (1982, 5), (1988, 3)]
SCORES = [
    (11, (9, 8, 6)),
    (9, (10, 9, 7)),
    (8, (9,)),
    (6, (10, 9, 9, 8)),
    (5, (5, 9)),
    (4, (10, 8)),
    (3, (9, 10, 10)),
    (2, (9, 6)),
    (1, (10, 9)),
    (0, (10,)),
]


def fill(people, customers, admin, password):
    """Fill them; called after the year of trade."""
    _follow_ups(people, customers, admin)
    _greetings(people, customers, admin)
    _feedback(people, customers)
    _handbook(people)
    _acts(people, customers)
    _training(people, customers, admin, password)
    _checks(people)


def _follow_ups(people, customers, admin):
    li, wang, chen, day = people["li"], people["wang"], people["chen"], today()
    for customer in customers[:2]:
        customer.give_tag(wang, "重点客户")
    ContactPlan.define(
        admin,
        None,
        name="重点客户月访",
        tag="重点客户",
        every_days=30,
        kind="visit",
        what="上门拜访，了解需求和库存",
        active=True,
    )
    ContactPlan.define(
        admin,
        None,
        name="季度问候",
        tag="",
        every_days=90,
        kind="call",
        what="打电话问候，更新联系人",
        active=True,
    )
    for who, index, n, kind, hour, what in (
        (li, 0, 0, "call", "10:30", "确认周三送货时间"),
        (li, 1, 2, "visit", "14:00", "带新茶样品拜访"),
        (li, 3, -9, "task", "", "补寄合同原件"),
        (li, 4, 6, "task", "", "报春节礼盒价格"),
        (chen, 6, 1, "call", "16:00", "Talk about the quote"),
        (chen, 8, 8, "task", "", "Send the new price list"),
    ):
        FollowUp.plan(who, customers[index], what, day + dt.timedelta(days=n), kind=kind, hour=hour)
    FollowUp.plan(li, customers[2], "问精密仪器包装要求", day, kind="call").done(
        li, "要求防震木箱，已写入备注"
    )


def _greetings(people, customers, admin):
    wang = people["wang"]
    for key in (
        "new_year",
        "spring_festival",
        "dragon_boat",
        "mid_autumn",
        "birthday",
        "first_order",
        "survey",
    ):
        Occasion.configure(admin, key, True, 45 if key == "new_year" else 7)
    contacts = [c.contacts.get() for c in customers]
    for contact, (year, days) in zip(contacts, BIRTHDAYS, strict=False):
        contact.revise(
            people["li"] if contact.language == "zh" else people["chen"],
            birthday=(today() + dt.timedelta(days=days)).replace(year=year),
        )
    contacts[1].revise(people["li"], birthday_lunar=True)
    customers[0].add_contact(
        people["li"],
        name="钱师傅",
        phone="138 0000 0000",
        birthday=(today() + dt.timedelta(days=3)).replace(year=1970),
        sees_company=False,
    )
    for batch in greeting.prepare():
        if batch.occasion == "birthday" and batch.first_day <= today():
            batch.approve(wang)


def _feedback(people, customers):
    contacts, started_at = [c.contacts.get() for c in customers], now()
    for months, scores in SCORES:
        for index, score in enumerate(scores):
            with at(started_at - dt.timedelta(days=months * 30 + 2)):
                row = Survey.ask(
                    contacts[(index * 3 + months * 2) % len(contacts)],
                    "delivery",
                    f"demo-{months}-{index}",
                )
            if row:
                with at(started_at - dt.timedelta(days=months * 30 + 1)):
                    row.answer(
                        score,
                        "包装有破损，请改进"
                        if score == 5
                        else "送货很快，司机很客气"
                        if score == 10 and months == 3
                        else "",
                    )
    old = Feedback.select().where(Feedback.kind == "complaint").order_by(Feedback.id).first()
    if old:
        seller = old.customer.owner
        with at(started_at - dt.timedelta(days=140)):
            old.answer(seller, "已补发并更换外箱，谢谢提醒。")
            old.close(
                people["wang"] if seller == people["li"] else people["sophie"], "改用五层纸箱"
            )
            FollowUp.get(FollowUp.cause == f"feedback-{old.id}").done(seller, "已补发")
    Feedback.write(contacts[1], "complaint", "这次少送了一盒龙井，请尽快补上。")
    Feedback.write(contacts[6], "idea", "Could invoices be sent on the day of the delivery?")


def _handbook(people):
    li, wang = people["li"], people["wang"]
    first = handbook.section("03-making", "zh")
    HouseText.write(
        wang,
        "03-making",
        "zh",
        first.title,
        first.text.replace(
            "## 注意\n", "## 注意\n- 茶叶类产品必须在行备注里写明批次和生产日期。\n"
        ),
        0,
        "食品追溯要求",
    )
    section.begin(
        wang,
        "handbook",
        ["sales", "manager"],
        {
            "zh": (
                "样品与试用",
                (
                    "## 谁可以送\n业务员每月送样不超过 500 "
                    "元，超过的先由经理同意。\n\n## 怎么记\n- "
                    "在客户页新建跟进，写明品名和数量。\n- "
                    "两周内回访，记下客户的意见。"
                ),
            ),
            "en": (
                "Samples",
                (
                    "## Who may give\nEach salesperson up to 500 yuan a month; beyond that "
                    "the manager agrees first.\n\n## How it is noted\n- Make a follow-up on "
                    "the customer's page with what and how much.\n- Ask within two weeks "
                    "what they think of it."
                ),
            ),
        },
    )
    for person, most in ((wang, 99), (li, 9), (people["fang"], 99)):
        for unread in handbook.unread(person)[:most]:
            Acknowledgement.give(person, unread.key, unread.edition)


def _acts(people, customers):
    """One act of last month, of which the effect can be seen, and one that a colleague has to agree
    to."""
    li = people["li"]
    with at(now() - dt.timedelta(days=40)):
        Act.begin(
            li,
            "tasks",
            "stopped",
            [c for c in customers if c.owner_id == li.id],
            "CNY",
            {},
            {"what": "询问近期需求", "due_on": (today() + dt.timedelta(days=7)).isoformat()},
            control=True,
        )
    Act.begin(li, "terms", "overdue", [customers[0]], "CNY", {}, {"terms_days": 20})


def _training(people, customers, admin, password):
    wang = people["wang"]
    Requirement.define(admin, "sales", "course-sales", True, 14, 12)
    Requirement.define(admin, "finance", "course-finance", False, 30, 24)
    for name in ("li", "fang"):
        row = Training.get(Training.user == people[name])
        row.answer(
            people[name],
            {i: q.right for i, q in enumerate(course.course(row.course, "zh").questions)},
        )
    zhou = User.enter(
        admin,
        name="周宁",
        email="zhou@demo.test",
        roles=["sales"],
        language="zh",
        password=password,
        team=people["li"].team,
    )
    customers[5].revise(wang, owner=zhou)


def _checks(people):
    started_at = now()
    for days in (95, 64, 33, 0):
        with at(started_at - dt.timedelta(days=days)):
            check.run()
    for finding in Finding.select().where(Finding.state == "corrected").limit(6):
        if not finding.is_still_found():
            finding.close(
                people["wang"] if finding.owner_id != people["wang"].id else people["sophie"],
                "已核对",
            )
    mine = Finding.open().where(Finding.rule == "no_signed_slip").first()
    if mine:
        mine.correct(mine.owner, "已请客户在门户补签")
