"""Occasions for a greeting: which ones the firm observes, who is greeted when, and the text in both
languages."""

import datetime as dt

import peewee as pw
from peewee import fn

from models.care import lunar
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model
from models.core.placeholders import check_placeholders
from models.customers import Contact, Customer
from models.documents import Document

FEASTS = ("new_year", "spring_festival", "dragon_boat", "mid_autumn")
PERSONAL = ("birthday", "company_day", "first_order")
KEYS = (*FEASTS, *PERSONAL, "survey")
GREETINGS = (*FEASTS, *PERSONAL)
PLACEHOLDERS = ("name", "customer", "firm", "years", "sender")
TEXTS = {
    ("new_year", "zh"): (
        "新年快乐",
        "{name}您好：\n\n新的一年到了。感谢您和{customer}一年来的信任，祝您新年快乐，万事如意。\n\n{firm}\n{sender}",
    ),
    ("new_year", "en"): (
        "Happy New Year",
        (
            "Dear {name},\n\nThank you and {customer} for your trust in the past year. We "
            "wish you a happy and healthy New Year.\n\n{firm}\n{sender}"
        ),
    ),
    ("spring_festival", "zh"): (
        "新春快乐",
        "{name}您好：\n\n春节到了，祝您和家人新春快乐，阖家幸福，祝{customer}生意兴隆。\n\n{firm}\n{sender}",
    ),
    ("spring_festival", "en"): (
        "Happy Spring Festival",
        (
            "Dear {name},\n\nThe Chinese New Year begins. We wish you and everyone at "
            "{customer} joy, health and good business.\n\n{firm}\n{sender}"
        ),
    ),
    ("dragon_boat", "zh"): (
        "端午安康",
        "{name}您好：\n\n端午将至，祝您和家人端午安康，祝{customer}诸事顺遂。\n\n{firm}\n{sender}",
    ),
    ("dragon_boat", "en"): (
        "Dragon Boat Festival",
        (
            "Dear {name},\n\nFor the Dragon Boat Festival we wish you and your family health "
            "and good days.\n\n{firm}\n{sender}"
        ),
    ),
    ("mid_autumn", "zh"): (
        "中秋快乐",
        "{name}您好：\n\n中秋佳节，祝您和家人团圆美满，祝{customer}一切顺利。\n\n{firm}\n{sender}",
    ),
    ("mid_autumn", "en"): (
        "Mid-Autumn Festival",
        (
            "Dear {name},\n\nWe wish you and your family a happy Mid-Autumn Festival."
            "\n\n{firm}\n{sender}"
        ),
    ),
    ("birthday", "zh"): (
        "生日快乐",
        "{name}您好：\n\n祝您生日快乐，身体健康，心想事成。\n\n{firm}\n{sender}",
    ),
    ("birthday", "en"): (
        "Happy birthday",
        (
            "Dear {name},\n\nWe wish you a very happy birthday and a good year "
            "ahead.\n\n{firm}\n{sender}"
        ),
    ),
    ("company_day", "zh"): (
        "祝贺{customer}成立{years}周年",
        "{name}您好：\n\n欣闻{customer}成立{years}周年，谨致祝贺，愿贵公司事业蒸蒸日上。\n\n{firm}\n{sender}",
    ),
    ("company_day", "en"): (
        "{years} years of {customer}",
        ("Dear {name},\n\nCongratulations on {years} years of {customer}.\n\n{firm}\n{sender}"),
    ),
    ("first_order", "zh"): (
        "感谢您{years}年的信任",
        "{name}您好：\n\n{customer}与我们合作已满{years}年。感谢您一直以来的信任，期待继续为您服务。\n\n{firm}\n{sender}",
    ),
    ("first_order", "en"): (
        "{years} years together",
        (
            "Dear {name},\n\n{customer} placed its first order with us {years} years ago. "
            "Thank you for your trust; we look forward to many more.\n\n{firm}\n{sender}"
        ),
    ),
}


class Occasion(Journaled, Model):
    """Whether the firm observes an occasion, and how many days before it its batch is submitted for
    approval."""

    key = pw.CharField(max_length=20, unique=True)
    active = pw.BooleanField(default=True)
    lead_days = pw.IntegerField(default=7)

    @property
    def name(self):
        return self.key

    @classmethod
    @db.atomic()
    def configure(cls, by, key, active=None, lead_days=None):
        """Observe the occasion or not, and lay it out so many days before; None stays."""
        by.must("configure")
        key in KEYS and 1 <= (lead_days or 7) <= 60 or refuse("choice_unknown")
        row = cls.get_or_none(cls.key == key) or cls(key=key)
        for name, value in {"active": active, "lead_days": lead_days}.items():
            if value is not None:
                setattr(row, name, value)
        row.save_changes(by, "kept", active=row.active)
        return row

    @classmethod
    def if_active(cls, key):
        """The occasion if the firm observes it, or None."""
        return cls.get_or_none(cls.key == key, cls.active)


class GreetingText(Journaled, Model):
    """The firm's own text for an occasion in one language."""

    occasion = pw.CharField(max_length=20)
    language = pw.CharField(max_length=2)
    subject = pw.CharField(max_length=200)
    text = pw.TextField()

    class Meta:
        indexes = ((("occasion", "language"), True),)

    @property
    def name(self):
        return f"{self.occasion} {self.language}"

    @classmethod
    @db.atomic()
    def write(cls, by, occasion, language, subject, text):
        by.must("configure")
        (occasion, language) in TEXTS or refuse("choice_unknown")
        subject, text = subject.strip()[:200], text.replace("\r\n", "\n").strip()
        subject and text or refuse("text_needed")
        check_placeholders(f"{subject}\n{text}", PLACEHOLDERS)
        if (subject, text) == cls.of(occasion, language):
            return
        row = cls.get_or_none(cls.occasion == occasion, cls.language == language) or cls(
            occasion=occasion, language=language
        )
        row.subject, row.text = subject, text
        row.save_changes(by, "written")
        return row

    @classmethod
    def of(cls, occasion, language):
        """(subject, text) of the firm, or else the default."""
        row = cls.get_or_none(cls.occasion == occasion, cls.language == language)
        return (row.subject, row.text) if row else TEXTS[occasion, language]


def reachable():
    """Contacts who may be greeted: active, at an active customer, marked for greetings and without
    an opt-out."""
    return (
        Contact.select(Contact, Customer)
        .join(Customer)
        .where(
            Contact.active,
            Customer.active,
            Contact.gets_greetings,
            Contact.greetings_off_at.is_null(),
            (Contact.email != "") | (Contact.phone != ""),
        )
    )


def recipients(key, first, last):
    """[(contact, day, years)] of everyone to be greeted between two days."""
    if key in FEASTS:
        days = [lunar.feasts(year)[key] for year in {first.year, last.year}]
        return [
            (c, day, None)
            for day in days
            if day and first <= day <= last
            for c in reachable().order_by(Contact.id)
        ]
    if key == "birthday":
        return [
            (c, day, age)
            for c in reachable()
            .where(Contact.birthday.is_null(False) | (Contact.lunar_month > 0))
            .order_by(Contact.id)
            for day, age in birthdays_of(c, first, last)
        ]
    start_dates = _founded() if key == "company_day" else _first_orders()
    rows = []
    mains = Customer.mains()
    for contact in (
        reachable()
        .where(Contact.sees_company, Contact.customer.in_(Customer.groups_of(list(start_dates))))
        .order_by(Contact.id)
    ):
        since = start_dates[mains.get(contact.customer_id, contact.customer_id)]
        rows += [
            (contact, day, years)
            for day, years in lunar.birthdays_between(since, False, first, last)
        ]
    return rows


def birthdays_of(contact, first, last):
    """[(day, age)] between two days; without the year of birth the age is None."""
    if not contact.lunar_month:
        return lunar.birthdays_between(contact.birthday, contact.birthday_lunar, first, last)
    born = lunar.year_of(contact.birthday)
    days = lunar.lunar_days_between(
        contact.lunar_month, contact.lunar_day, contact.lunar_leap, first, last
    )
    return [(day, year - born if born else None) for day, year in days]


def lunar_birthday_of(contact):
    """(month, day, leap month?) of a birthday by the Chinese calendar, else None."""
    if contact.lunar_month:
        return contact.lunar_month, contact.lunar_day, contact.lunar_leap
    if contact.birthday_lunar and lunar.year_of(contact.birthday):
        return lunar.lunar(contact.birthday)[1:]
    return None


def _founded():
    return dict(
        Customer.select(Customer.id, Customer.founded_on)
        .where(Customer.founded_on.is_null(False), Customer.main.is_null())
        .tuples()
    )


def _first_orders():
    rows = (
        Document.standing()
        .where(Document.kind.in_(("order", "invoice")))
        .select(Document.customer, fn.MIN(fn.COALESCE(Document.issued_on, Document.date)))
        .group_by(Document.customer)
        .tuples()
    )
    mains, found = Customer.mains(), {}
    for ident, day in rows:
        main = mains.get(ident, ident)
        day = dt.date.fromisoformat(day) if isinstance(day, str) else day
        if day:
            found[main] = min(day, found.get(main, day))
    return found
