"""Customers and their contact from rows."""

from models.adapters import cells
from models.core.database import db
from models.core.money import digits
from models.customers import Address, Contact, Customer
from models.imports.plan import CURRENCIES, Plan
from models.people import User

TEXTS = "short_name tax_id phone bank_name bank_account".split()
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
    """One row is one customer; found again by the chosen key."""

    target = "customers"

    def prepare(self):
        self.key = self.options["key"]
        self.people = {
            word.lower(): u for u in User.select().where(User.active) for word in (u.name, u.email)
        }
        self.known, self.twice = {}, set()
        for c in Customer.select().order_by(Customer.id):
            mark = getattr(c, self.key)
            if mark:
                self.twice |= {mark} & set(self.known)
                self.known[mark] = c
        self.codes = {c.code: c.id for c in Customer.select(Customer.id, Customer.code) if c.code}
        self.seen = {}

    def take(self, number, row):
        before = len(self.faults)
        person = self._contact(number, row)
        data = self._customer(number, row, person)
        mark = data.get(self.key)
        if not mark:
            self.fault(number, self.key, "key_empty")
        elif mark in self.seen:
            self.fault(number, self.key, "key_twice", value=mark, row=self.seen[mark])
        elif mark in self.twice:
            self.fault(number, self.key, "key_unclear", value=mark)
        self.seen.setdefault(mark, number)
        found = self.known.get(mark)
        if data.get("code") and self.codes.get(data["code"], found and found.id) != (
            found and found.id
        ):
            self.fault(number, "code", "code_taken", value=data["code"])
        if len(self.faults) > before:
            return
        billing, delivery = (
            self._address(number, row),
            self.read(number, row, "delivery", most=500, empty=""),
        )
        if found:
            data = {k: v for k, v in data.items() if self.has(k)}
            data = {k: v for k, v in data.items() if _kept(found, k) != v}
        step = (found, data, person, billing, delivery)
        self.steps.append((number, step))
        self.counts["create" if not found else "update" if self._changes(step) else "same"] += 1

    def _customer(self, number, row, person):
        currency = self.read(number, row, "currency", empty="").upper() or self.options["currency"]
        if currency not in CURRENCIES:
            self.fault(number, "currency", "cell_unknown", value=currency)
            currency = "CNY"
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
        for name, convert, how in (
            ("terms_days", cells.integer, {"least": 0, "most": 365}),
            ("credit_limit", cells.number, {"scale": digits(currency), "least": 0}),
        ):
            value = self.read(number, row, name, convert, **how)
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

    def _address(self, number, row):
        texts = [
            self.read(number, row, n, empty="")
            for n in ("street", "street2", "city", "region", "postal_code", "country")
        ]
        texts = list(dict.fromkeys(t for t in texts if t))
        chinese = any("\u4e00" <= c <= "\u9fff" for t in texts for c in t)
        if not chinese:
            return ", ".join(texts)[:500]
        street, street2, city, region, code, country = (
            self.read(number, row, n, empty="")
            for n in ("street", "street2", "city", "region", "postal_code", "country")
        )
        return "".join(dict.fromkeys(t for t in (region, city, street, street2) if t)) + (
            f" {code}" if code else ""
        )

    def _changes(self, step):
        found, data, person, billing, delivery = step
        if (
            data
            or billing
            and billing != found.address_text()
            or delivery
            and delivery != found.address_text("delivery")
        ):
            return True
        old = person and found.contacts.where(Contact.name == person["name"]).first()
        return bool(person) and (not old or any(getattr(old, k) != v for k, v in person.items()))

    def carry_out(self, step, note):
        """Write one step; note(action, row, changes) remembers it for undo."""
        found, data, person, billing, delivery = step
        with db.atomic():
            if found is None:
                customer = Customer.enter(self.by, **data)
                note("created", customer)
            else:
                customer = found
                if data:
                    note("updated", customer, data)
                    customer.revise(self.by, **data)
            for kind, text in (("billing", billing), ("delivery", delivery)):
                if text and text != customer.address_text(kind):
                    row = (
                        customer.addresses.where(Address.kind == kind).order_by(Address.id).first()
                    )
                    if row:
                        note("updated", row, {"text": text})
                        row.revise(self.by, text)
                    else:
                        note("created", customer.add_address(self.by, kind, text))
            if person:
                self._write_contact(customer, person, note)

    def _write_contact(self, customer, person, note):
        old = customer.contacts.where(Contact.name == person["name"]).first()
        if old is None:
            return note("created", customer.add_contact(self.by, **person))
        changed = {k: v for k, v in person.items() if getattr(old, k) != v}
        if changed:
            note("updated", old, changed)
            old.revise(self.by, **changed)


def _kept(customer, name):
    return customer.__data__[name]


def _person(first, last):
    """Name order by script: 张伟, but Carine Schmitt."""
    chinese = any("\u4e00" <= c <= "\u9fff" for c in last + first)
    return (last + first if chinese else f"{first} {last}").strip()
