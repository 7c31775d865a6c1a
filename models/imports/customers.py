"""Imports customers, each with a contact."""

import re

from models.adapters import cells
from models.core.money import digits
from models.customers import Contact, Customer
from models.imports.plan import CURRENCIES, Plan
from models.people import User

TEXTS = "short_name tax_id phone bank_name bank_account".split()
ADDRESS = ("street", "street2", "city", "region", "postal_code", "country")
LANGUAGES = {
    "zh": "zh",
    "中文": "zh",
    "chinese": "zh",
    "zh-cn": "zh",
    "en": "en",
    "english": "en",
    "英文": "en",
    "英语": "en",
}


class CustomerPlan(Plan):
    """One row is one customer; an existing one is recognised by the chosen key."""

    target = "customers"

    def prepare(self):
        self.key = self.options["key"]
        self.people = {
            name_or_email.lower(): u
            for u in User.select().where(User.active)
            for name_or_email in (u.name, u.email)
        }
        self.existing, self.ambiguous = {}, set()
        for c in Customer.select().order_by(Customer.id):
            key_value = getattr(c, self.key)
            if key_value:
                self.ambiguous |= {key_value} & set(self.existing)
                self.existing[key_value] = c
        self.codes = {c.code: c.id for c in Customer.select(Customer.id, Customer.code) if c.code}
        self.row_of_key = {}

    def add_row(self, number, row):
        faults_before = len(self.faults)
        contact = self._contact(number, row)
        data = self._customer(number, row, contact)
        key_value = data.get(self.key)
        if not key_value:
            self.fault(number, self.key, "key_empty")
        elif key_value in self.row_of_key:
            first_row = self.row_of_key[key_value]
            self.fault(number, self.key, "key_twice", value=key_value, row=first_row)
        elif key_value in self.ambiguous:
            self.fault(number, self.key, "key_unclear", value=key_value)
        self.row_of_key.setdefault(key_value, number)
        customer = self.existing.get(key_value)
        if data.get("code") and self.codes.get(data["code"], customer and customer.id) != (
            customer and customer.id
        ):
            self.fault(number, "code", "code_taken", value=data["code"])
        if len(self.faults) > faults_before:
            return
        billing, delivery = (
            self._address(number, row),
            self.read(number, row, "delivery", most=500, empty=""),
        )
        if customer:
            if billing and self._is_part(number, row, billing, customer.address_text()):
                self.warn(number, self._address_column(), "address_part")
                billing = ""
            data = {k: v for k, v in data.items() if self.has(k)}
            data = {k: v for k, v in data.items() if _stored_value(customer, k) != v}
        step = (customer, data, contact, billing, delivery)
        self.steps.append((number, step))
        self.counts["create" if not customer else "update" if self._changes(step) else "same"] += 1

    def _customer(self, number, row, person):
        currency = self.read(number, row, "currency", empty="").upper() or self.options["currency"]
        if currency not in CURRENCIES:
            self.fault(number, "currency", "cell_unknown", value=currency)
            currency = self.options["currency"]
        data = {name: v for name in TEXTS if (v := self.read(number, row, name))}
        data["name"] = self.read(number, row, "name") or person.get("name") or ""
        if not data["name"]:
            self.fault(number, "name", "cell_needed")
        data["code"] = self.read(number, row, "code")
        data["email"] = self.read(number, row, "email", cells.mail, "")
        data["currency"] = currency
        language = self.read(number, row, "language", empty="")
        data["language"] = LANGUAGES.get(language.lower(), self.options["language"])
        if language and language.lower() not in LANGUAGES:
            self.warn(number, "language", "cell_unknown", value=language)
        for name, convert, arguments in (
            ("terms_days", cells.integer, {"least": 0, "most": 365}),
            ("credit_limit", cells.number, {"scale": digits(currency), "least": 0}),
        ):
            value = self.read(number, row, name, convert, **arguments)
            data |= {name: value} if value is not None else {}
        tags = self.read(number, row, "tags", empty="")
        data |= (
            {"tags": [t.strip() for t in tags.replace("，", ",").split(",") if t.strip()]}
            if tags
            else {}
        )
        owner = self.read(number, row, "owner", empty="")
        if owner and owner.lower() in self.people:
            data["owner"] = self.people[owner.lower()].id
        elif owner:
            self.warn(number, "owner", "owner_unknown", value=owner)
        return {k: v for k, v in data.items() if v not in (None, "")}

    def _contact(self, number, row):
        parts = [self.read(number, row, n, empty="") for n in ("contact_first", "contact_last")]
        name = self.read(number, row, "contact_name", empty="") or _person(*parts)
        if not name:
            return {}
        data = {
            "name": name,
            "position": self.read(number, row, "contact_position"),
            "phone": self.read(number, row, "contact_phone"),
            "email": self.read(number, row, "contact_email", cells.mail),
            "birthday": self.read(
                number, row, "contact_birthday", cells.day, order=self.options["date_order"]
            ),
        }
        return {k: v for k, v in data.items() if v}

    def _is_part(self, number, row, text, stored):
        """Whether the file has less of the address than is stored, as one text: a part never
        replaces the whole."""
        if not stored or text == stored:
            return False
        fuller = re.match(re.escape(text) + r"[\s,，;；/]", stored)
        return bool(fuller or not self.read(number, row, "street", empty=""))

    def _address_column(self):
        return next(name for name in ADDRESS if self.has(name))

    def _address(self, number, row):
        texts = [self.read(number, row, n, empty="") for n in ADDRESS]
        texts = list(dict.fromkeys(t for t in texts if t))
        chinese = any("\u4e00" <= c <= "\u9fff" for t in texts for c in t)
        if not chinese:
            return ", ".join(texts)[:500]
        street, street2, city, region, code, country = (
            self.read(number, row, n, empty="") for n in ADDRESS
        )
        return "".join(dict.fromkeys(t for t in (region, city, street, street2) if t)) + (
            f" {code}" if code else ""
        )

    def _changes(self, step):
        customer, data, person, billing, delivery = step
        if (
            data
            or billing
            and billing != customer.address_text()
            or delivery
            and delivery != customer.address_text("delivery")
        ):
            return True
        if not person:
            return False
        contact = customer.contacts.where(Contact.name == person["name"]).first()
        return not contact or any(getattr(contact, k) != v for k, v in person.items())


def _stored_value(customer, name):
    return customer.__data__[name]


def _person(first, last):
    """The full name, in the order of its script: 张伟, but Carine Schmitt."""
    chinese = any("\u4e00" <= c <= "\u9fff" for c in last + first)
    return (last + first if chinese else f"{first} {last}").strip()
