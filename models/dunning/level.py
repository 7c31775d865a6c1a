"""Reminder levels: how many days before or after the due date, with which text and interest."""

from decimal import Decimal

import peewee as pw

from models.company import Company
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import RateField
from models.core.journal import Journaled
from models.core.model import Model
from models.core.money import round_half_up
from models.core.placeholders import check_placeholders, fill_placeholders
from models.core.unique import unique_or_refuse

PLACEHOLDERS = ("customer", "firm", "total", "currency", "date")
DAYS = [-3, 1, 7, 14, 30]
NOTICE = (
    "付款提示",
    "Payment due soon",
    "以下款项即将到期，请您安排付款。如已付款，请忽略本函。感谢您的支持！",
    (
        "The amounts below will soon be due. Please arrange payment in time. If you have "
        "already paid, please disregard this reminder. Thank you."
    ),
)
FIRST = (
    "付款提醒",
    "Payment reminder",
    "根据我们的账目，以下款项尚未付清。请您核对并尽快付款；如近日已付款，请忽略本函。",
    (
        "According to our records the amounts below are unpaid. Please check and arrange "
        "payment. If you have already paid, please disregard this reminder."
    ),
)
AGAIN = (
    "再次付款提醒",
    "Repeated payment reminder",
    (
        "以下款项已逾期，此前的催款次数见各行。请您在所列日期前付清；"
        "如对账目有异议，请登录客户门户告知我们。"
    ),
    (
        "The amounts below are overdue; earlier reminders are counted beside each. Please pay "
        "by the day named below. If you disagree with an item, please tell us in the customer "
        "portal."
    ),
)
FINAL = (
    "最后催款通知",
    "Final notice",
    "以下款项仍未付清，此前的催款次数见各行。请立即付款，或与我们商定付款日期；"
    "否则我们将不得不采取进一步措施。",
    (
        "The amounts below are still unpaid; earlier reminders are counted beside each. Please "
        "pay at once or agree a payment date with us; otherwise we will have to consider "
        "further steps."
    ),
)


class ReminderLevel(Journaled, Model):
    """One level; an invoice reaches it `days` after its due date, or before it when negative."""

    days = pw.IntegerField(unique=True)
    title_zh = pw.CharField(max_length=60)
    title_en = pw.CharField(max_length=60)
    text_zh = pw.CharField(max_length=2000)
    text_en = pw.CharField(max_length=2000)
    interest = RateField(default=0)
    copy_owner = pw.BooleanField(default=False)
    active = pw.BooleanField(default=True)

    @classmethod
    def ladder(cls):
        """The active levels, lowest first. Where there are none at all, they are created."""
        if not cls.select().exists():
            cls.begin()
        return list(cls.select().where(cls.active).order_by(cls.days))

    @classmethod
    @db.atomic()
    def begin(cls):
        """Create the levels a firm starts with, on the days that earlier versions had in the
        settings."""
        days = sorted(set((Company.current().settings or {}).get("reminder_days", DAYS)))
        after = [d for d in days if d >= 0]
        for d in days:
            texts = (
                NOTICE if d < 0 else FIRST if d == after[0] else FINAL if d == after[-1] else AGAIN
            )
            level = cls.create(
                days=d,
                **dict(zip(("title_zh", "title_en", "text_zh", "text_en"), texts, strict=True)),
            )
            level.record("entered", None)

    @classmethod
    @db.atomic()
    def enter(cls, by, **data):
        """Add a level. Refused when one is reached on the same day."""
        return cls()._keep(by, "entered", data)

    @db.atomic()
    def revise(self, by, **data):
        """Change a level. An invoice that had it is not reminded again on its new day."""
        return self._keep(by, "revised", data)

    def _keep(self, by, action, data):
        by.must("set_levels")
        stripped = {k: v.strip() if isinstance(v, str) else v for k, v in data.items()}
        if self.id and not self.differing(stripped):
            return self
        for key, value in stripped.items():
            setattr(self, key, value)
        if not Company.current().bilingual:  # its form has no Chinese
            self.title_zh = self.title_zh or self.title_en
            self.text_zh = self.text_zh or self.text_en
        -60 <= self.days <= 730 or refuse("level_days")
        all((self.title_zh, self.title_en, self.text_zh, self.text_en)) or refuse("level_text")
        for text in (self.text_zh, self.text_en):
            check_placeholders(text, PLACEHOLDERS)
        for title in (self.title_zh, self.title_en):
            check_placeholders(title, ())
        0 <= self.interest <= 3600 or refuse("level_interest")
        with unique_or_refuse("level_taken", days=self.days):
            self.save_changes(by, action, days=self.days)
        return self

    def title(self, language):
        return self.title_zh if language == "zh" else self.title_en

    def text(self, language, **facts):
        """The level's text with its PLACEHOLDERS filled in."""
        text = self.text_zh if language == "zh" else self.text_en
        return fill_placeholders(text, facts)

    def interest_on(self, amount, days_late):
        """Simple interest: amount × yearly rate × days late / 365, rounded half up to the minor
        unit."""
        return round_half_up(Decimal(amount) * self.interest * max(0, days_late) / (10_000 * 365))
