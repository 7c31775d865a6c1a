"""Imports customers, each with a contact."""

import re

from peewee import fn

from models.adapters import cells
from models.core.errors import refuse
from models.core.money import digits, format_money
from models.customers import Contact, Customer
from models.imports.known_customers import Spellings
from models.imports.plan import Plan
from models.people import User

TERMS = re.compile(
    r"(?:月结|账期|货到|票到|净|net|due in|within)?\s*(\d{1,3}(?:\.0+)?)\s*(?:天|日|days?|d)?"
    r"(?:内)?(?:付款|net)?|现结|现款|款到发货|货到付款|预付|cash|prepaid|due on receipt|cod"
)
IDENTIFIERS = "code tax_id phone bank_account contact_phone".split()
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
    numbers = money = ("credit_limit",)
    identifiers = IDENTIFIERS
    optional = set(
        "tax_id phone email bank_name bank_account street contact_email contact_phone "
        "contact_position".split()
    )
    days, telling = ("contact_birthday",), "币 currency 余额 欠 balance 状态 status".split()

    def prepare(self):
        self.key = self.options["key"]
        self.people = {
            name_or_email.lower(): u
            for u in User.select().where(User.active)
            for name_or_email in (u.name, u.email)
        }
        self.names = {u.id: u.name for u in User.select(User.id, User.name)}
        self.of_name = {c.name: c.leading for c in Customer.select().order_by(Customer.id.desc())}
        ids = {name: customer.id for name, customer in self.of_name.items()}
        self.spellings = Spellings(ids, self.options.get("twins"))
        self.existing, self.ambiguous = {}, set()
        for c in Customer.select().order_by(Customer.id):
            key_value = getattr(c, self.key)
            if key_value and self.existing.setdefault(key_value, c.leading) != c.leading:
                self.ambiguous.add(key_value)
        rows = Customer.select(Customer.code, fn.COALESCE(Customer.main, Customer.id))
        self.codes = dict(rows.where(Customer.code.is_null(False)).tuples())
        self.row_of_key = {}
        self.know_whose()

    def add_row(self, number, row):
        faults_before = self.fault_count
        contact = self._contact(number, row)
        data = self._customer(number, row, contact)
        billing = self._address(number, row)
        delivery = self.read(number, row, "delivery", most=500, empty="")
        taken = self._taken(number, data)
        if self._is_again(number, row, data, (dict(data), contact, billing, delivery)):
            return
        customer = taken or self.existing.get(data.get(self.key))
        if customer and self.is_of_others(customer.id):
            self.fault(number, self.key, "customer_of_others", value=data[self.key])
        if data.get("code") and self.codes.get(data["code"], customer and customer.id) != (
            customer and customer.id
        ):
            self.fault(number, "code", "code_taken", value=data["code"])
        if self.key != "code":
            self.code_is_new(number, data.get("code"))
        if self.fault_count > faults_before:
            return
        if customer and customer.code and self.codes.get(data.get("code")) == customer.id:
            del data["code"]  # its own already, or that of one merged into it
        if customer:
            if billing and self._is_part(number, row, billing, customer.address_text()):
                self.warn(number, self._address_column(), "address_part")
                billing = ""
            data = {k: v for k, v in data.items() if self._is_given(row, k)}
            data = {k: v for k, v in data.items() if _stored_value(customer, k) != v}
            for name in () if self.by.assigns_customers else customer.assigned & data.keys():
                del data[name]
                self.warn_once(number, name, "assigning_left_out")
        step = (customer, data, contact, billing, delivery)
        self.steps.append((number, step))
        changed = bool(customer) and self._changes(step)
        self.counts["create" if not customer else "update" if changed else "same"] += 1
        if changed:
            self.change(number, customer.name, *self._before_after(step))

    def _taken(self, number, data):
        """The customer that a person took the row for, by a name that is nearly the same; its own
        name and code stay."""
        by_name, name = self.key == "name", data.get("name", "")
        if not by_name and data.get(self.key) in self.existing:
            return None  # perhaps it is called otherwise now
        spelled = self.spellings.of(self, number, "name", name, by_name)
        taken = self.spellings.taken(name)
        if by_name or taken:
            data["name"] = spelled
        customer = self.of_name.get(spelled) if taken else None
        if customer and customer.code:
            data.pop("code", None)
        return customer

    def _is_again(self, number, row, data, content):
        """Whether the row says again, word for word, what an earlier row said of this customer, as
        each line of a list of orders does. Another row with the same key is a fault."""
        key_value = data.get(self.key)
        if not key_value:
            self.cell(row, self.key) or self.fault(number, self.key, "key_empty")
            return False
        first_row, said = self.row_of_key.setdefault(key_value, (number, content))
        if first_row != number:
            if said == content:
                self.warn_once(number, self.key, "customer_again", value=key_value)
                return True
            self.fault(number, self.key, "key_twice", value=key_value, row=first_row)
        elif key_value in self.ambiguous:
            self.fault(number, self.key, "key_unclear", value=key_value)
        return False

    def _customer(self, number, row, person):
        currency = self.read_currency(number, row) or self.options["currency"]
        self.compare_currency_of_cells(number, row, currency)
        data = {name: v for name in TEXTS if (v := self.read_identifier(number, row, name))}
        data["name"] = self.read(number, row, "name") or person.get("name") or ""
        if not data["name"] and not self.cell(row, "name"):
            self.fault(number, "name", "cell_needed")
        data["code"] = self.read_identifier(number, row, "code")
        data["email"] = self.read(number, row, "email", cells.mail, "")
        self._take_from_nobody(number, data, person)
        data["currency"] = currency
        language = self.read(number, row, "language", empty="")
        data["language"] = LANGUAGES.get(language.lower(), self.options["language"])
        if language and language.lower() not in LANGUAGES:
            self.warn(number, "language", "cell_unknown", value=language)
        terms = self.read(number, row, "terms_days", terms_of)
        limit = self.read_number(number, row, "credit_limit", scale=digits(currency), least=0)
        data |= {"terms_days": terms, "credit_limit": limit}
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
        if not self.by.assigns_customers:
            for name in {"owner", "credit_limit"} & {k for k, v in data.items() if v is not None}:
                del data[name]
                self.warn_once(number, name, "assigning_left_out")
        return {k: v for k, v in data.items() if v not in (None, "")}

    def _contact(self, number, row):
        parts = [self.read(number, row, n, empty="") for n in ("contact_first", "contact_last")]
        name = self.read(number, row, "contact_name", empty="") or _person(*parts)
        data = {
            "name": name,
            "position": self.read(number, row, "contact_position"),
            "phone": self.read_identifier(number, row, "contact_phone"),
            "email": self.read(number, row, "contact_email", cells.mail),
            "birthday": self.read_day(number, row, "contact_birthday"),
        }
        return {k: v for k, v in data.items() if v}

    def _take_from_nobody(self, number, data, person):
        """Give phone and mail of a contact without a name to the customer, where it has none."""
        if not person or person.get("name"):
            return
        for name in ("phone", "email"):
            if name in person and not data.get(name):
                data[name] = person.pop(name)
                self.warn_once(number, f"contact_{name}", "contact_is_customer", value=data[name])
        for name, value in person.items():
            self.warn_once(number, f"contact_{name}", "contact_left_out", value=str(value))
        person.clear()

    def _is_given(self, row, name):
        """Whether the row has it, in its own column or from a contact without a name."""
        return bool(self.cell(row, name) or self.cell(row, f"contact_{name}"))

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

    def _before_after(self, step):
        """What a customer is and would be: {field: text}."""
        customer, data, person, billing, delivery = step
        pairs = {
            n: (self._text(customer, n, customer.__data__[n]), self._text(customer, n, v))
            for n, v in data.items()
        }
        for name, kind, text in (
            ("street", "billing", billing),
            ("delivery", "delivery", delivery),
        ):
            if text and text != customer.address_text(kind):
                pairs[name] = customer.address_text(kind), text
        if person:
            contact = customer.contacts.where(Contact.name == person["name"]).first()
            for n, value in person.items():
                before = getattr(contact, n) if contact else None
                if before != value:
                    pairs[f"contact_{n}"] = before or "", str(value)
        return [{n: pair[i] for n, pair in pairs.items()} for i in (0, 1)]

    def _text(self, customer, name, value):
        if value is None or value == "":
            return ""
        if name == "owner":
            return self.names.get(value, "")
        if name == "credit_limit":
            return format_money(value, customer.currency)
        return ", ".join(value) if isinstance(value, list) else str(value)


def terms_of(text):
    """The days in which one pays: 30, 30天, 月结30天, net 30."""
    found = TERMS.fullmatch(text.strip().lower())
    found or refuse("cell_no_number")
    return cells.integer(found[1] or "0", 0, 365)


def _stored_value(customer, name):
    return customer.__data__[name]


def _person(first, last):
    """The full name, in the order of its script: 张伟, but Carine Schmitt."""
    chinese = any("\u4e00" <= c <= "\u9fff" for c in last + first)
    return (last + first if chinese else f"{first} {last}").strip()
