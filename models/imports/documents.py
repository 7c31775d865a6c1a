"""Imports historical documents: one row is one line, rows with the same number are one document."""

import datetime as dt
from typing import NamedTuple

from models.adapters.tables import simplified
from models.core.clock import today
from models.core.errors import Refused, refuse
from models.core.money import digits, format_money
from models.documents.draft import MOST
from models.imports.document_lines import LineReading
from models.imports.document_rows import DAYS, IS_PAID, NO, PARTLY, UNPAID, RowReading
from models.imports.document_updates import Updating
from models.imports.plan import Plan
from models.numbering import own_numbers

AT_ONCE = 500  # lines whose documents are looked up together


class Head(NamedTuple):
    """A document to be written, without its lines. `customer`: an id or the key of a new one."""

    kind: str
    number: str
    customer: object
    data: dict
    line_count: int
    total: int
    paid: list  # (amount, day, reference) of each payment


class DocumentPlan(RowReading, LineReading, Updating, Plan):
    """Documents of one kind; an existing one is recognised by its number and customer."""

    target = "documents"
    numbers = (
        "quantity price price_with_tax amount amount_with_tax tax_amount total paid open discount "
        "discount_amount"
    ).split()
    days = DAYS
    identifiers = ("number", "customer_code", "code", "reference", "corrects")
    money = (
        "price price_with_tax amount amount_with_tax tax_amount total paid open discount_amount"
    ).split()
    telling = (
        "折 优惠 作废 取消 状态 税 币 退 类型 已收 未收 应收 收款 已付 未付 付款 欠 争议 运费 "
        "discount void cancel status tax vat currency return type paid balance dispute shipping "
        "freight"
    ).split()

    @property
    def count(self):
        return len(self.heads)

    def finish(self):
        self.end_part()
        # Credit notes come last, so that the invoices that they name are known and written.
        self._add_documents(map(self.whole, self.document_parts.by_key()))
        self._add_documents(iter(self.credits), credits=True)
        if self.kept_amounts:
            self.rounding[self.amount_name] = (
                self.rounding.get(self.amount_name, 0) + self.kept_amounts
            )
        self.counts["customers"] = len(self.customers_named.keys() & self.new_customers.keys())
        self.counts["products"] = len(self.codes_named.keys() & self.new_products.keys())

    def _add_documents(self, documents, credits=False):
        """Add these to the steps; credit notes are put off."""
        for some in _portions(documents):
            self.existing.look_up(_numbers_in(some))
            for group in some:
                kind = self.kind_of(group)
                if kind == "credit_note" and not credits:
                    self.credits.append(group)
                else:
                    self._add_or_fault(kind, group)

    def _add_or_fault(self, kind, group):
        try:
            self._add_document(kind, group)
        except Refused as error:
            column = error.facts.pop("column", "number")
            self.fault(group["row"], column, error.code, **error.facts)

    def _corrected(self, head, customer):
        """The number of the invoice that a credit note names in its own column, or by its
        reference. Refused unless it is the customer's, here or in the file."""
        number = head["corrects"]
        if number:
            self._is_invoice_of(number, customer) or refuse(
                "cell_unknown", column="corrects", value=number
            )
            return number
        return head["reference"] if self._is_invoice_of(head["reference"], customer) else None

    def place_of(self, kind, number):
        """Which of the documents to be written has this number; None where none has."""
        return self.used_numbers.get((kind, number), (None,))[-1]

    def _is_invoice_of(self, number, customer):
        if not number:
            return False
        known = self.existing.get("invoice", number)
        return customer in (
            known and self.main_of(known),
            *self.used_numbers.get(("invoice", number), ())[:1],
        )

    def _add_document(self, kind, group):
        name, customer = group["name"], group["customer"]
        lines, head = group["lines"], group["head"]
        if kind == "credit_note" and sum(x["gross"] for x in lines) < 0:
            lines = [_turned(line) for line in lines]
        total = sum(x["gross"] for x in lines)
        total >= 0 or refuse("total_negative", column=self._first_of_price())
        total <= MOST or refuse("amount_too_large", column=self._first_of_price())
        if difference := self._difference(head, group, total):
            lines = [*lines, self.difference_line(difference, digits(head["currency"]))]
            total += difference
        due = head["due_on"]
        if due and due < head["date"]:
            refuse("due_before_date", column="due_on")
        for column in ("date", "paid_on"):
            if head[column] and head[column] > today():
                refuse("day_in_future", column=column)
        number, existing = self._number(kind, name, (customer, head["date"]))
        existing or self._refuse_number_of_ours(kind, number)
        data = {
            "date": head["date"],
            "delivery_on": head["delivery_on"],
            "reference": head["reference"],
            "note": head["note"],
            "currency": head["currency"],
            "prices_include_tax": self.include_tax,
            "owner": group["owner"],
        }
        if kind == "credit_note" and (corrected := self._corrected(head, customer)):
            data["corrects"] = corrected
        if kind == "invoice":
            known_terms = self._terms(customer)
            if existing and not due:
                known_terms = existing.terms_days
            data["due_on"] = due or head["date"] + dt.timedelta(days=known_terms)
            data["terms_days"] = (data["due_on"] - head["date"]).days
        paid = self._paid(kind, group, total, data)
        if existing:
            self.used_numbers[kind, number] = (customer, head["date"], None)
            return self.compare(group["row"], existing, {**data, "total": total}, lines, paid)
        self.used_numbers[kind, number] = (customer, head["date"], self.counts["create"])
        self.counts["create"] += 1
        self.customers_named[customer] = None
        self.codes_named.update((line["code"], None) for line in lines)
        if not self.recording:
            self.heads.append(Head(kind, number, customer, data, len(lines), total, paid))
            self.lines.append(lines)

    def _refuse_number_of_ours(self, kind, number):
        if kind not in self.own_numbers:
            self.own_numbers[kind] = own_numbers(kind)
        if any(regex.fullmatch(number) for regex in self.own_numbers[kind]):
            refuse("number_is_ours", value=number)

    def _difference(self, head, group, total):
        """What the file's total has more than the document, where a line is to make it up. Refused
        else, unless the total is, row by row, that of each line."""
        stated = head["total"]
        if stated is None or abs(stated) == total:
            return 0
        if _is_by_line(group):
            return 0
        self.options.get("difference") == "line" or refuse(
            "total_differs",
            column="total",
            value=format_money(abs(stated), head["currency"]),
            sum=format_money(total, head["currency"]),
        )
        shown = format_money(abs(stated) - total, head["currency"])
        self.warn(group["row"], "total", "difference_line", value=shown)
        return abs(stated) - total

    def _number(self, kind, name, key):
        """(number, the existing document): the same number of another customer or day gets -2, -3
        … if the options allow it."""
        for i in range(1, 100):
            number = name if i == 1 else f"{name}-{i}"
            existing = self.existing.get(kind, number)
            used_by = self.used_numbers.get((kind, number), (None,))[:2]
            if existing:
                used_by = self.main_of(existing), existing.date
                # One of ours, or destroyed: its number is not to be had.
                free = existing.imported and existing.state != "destroyed"
                free or used_by[0] == key[0] or refuse("number_taken", value=number)
                existing.state != "destroyed" or refuse("number_taken", value=number)
            apart = self.options["same_number"] == "separate"
            if used_by == (None,) or used_by == key:
                return number, existing
            if existing and used_by[0] == key[0] and not (apart and existing.imported):
                return number, existing
            apart or refuse("number_two_customers", value=name)
        refuse("number_taken", value=name)

    def _terms(self, customer):
        return self.terms.get(customer, 30)

    def _paid(self, kind, group, total, data):
        """[(amount, day, reference)] that settles the invoice or pays back the credit note."""
        head = group["head"] | {name: _of_all_rows(group, name) for name in ("paid", "open")}
        by_column = any(map(self.has, ("paid_on", "paid", "open", "payments")))
        if kind == "credit_note":
            settled = (
                self.has("open") and not head["open"] if by_column else self.options["settled"]
            )
            return [(total, data["date"], "")] if total and settled else []
        if kind != "invoice" or not total:
            return []
        if self.has("payments"):
            sum(payment[0] for payment in head["payments"]) <= total or refuse(
                "paid_more", column="payments"
            )
            return head["payments"]
        if by_column:
            amount = self._paid_amount(head, total)
            return [(amount, head["paid_on"] or data["due_on"], "")] if amount else []
        settled = self.options["settled"] and not self._is_unpaid(group)
        return [(total, data["due_on"], "")] if settled else []

    def _is_unpaid(self, group):
        """Whether its state says so. Refused where it says that a part is paid, and not which."""
        state = simplified(group["status"].lower().replace(" ", "").replace("_", ""))
        PARTLY.search(state) and refuse("paid_partly", column="status")
        denied = state in NO and IS_PAID.search(simplified(self.head("status").lower()))
        unpaid = denied or any(word in state for word in UNPAID)
        if unpaid:
            self.warn_once(group["row"], "status", "unpaid_by_state", value=group["status"])
        return bool(unpaid)

    def _paid_amount(self, head, total):
        """What the columns of payments, of what is open, and of the day of payment say."""
        paid, rest = head["paid"], head["open"]
        if self.has("open"):
            amount = total - (rest or 0)
            paid is None or paid == amount or refuse("open_differs", column="open")
        elif self.has("paid"):
            amount = total if head["paid_on"] and paid is None else paid or 0
        else:
            amount = total if head["paid_on"] else 0
        0 <= amount <= total or refuse("paid_more", column="paid" if self.has("paid") else "open")
        return amount


def _is_by_line(group):
    """Whether the file's total is, row by row, that of each line."""
    return all(
        given in (line["gross"], line["net"])
        for given, line in zip(group["stated"]["total"], group["lines"], strict=True)
    )


def _of_all_rows(group, name):
    """What the rows state of a document together: its own amount where each row repeats it, else
    the sum of what each says of its line."""
    given = [amount for amount in group["stated"][name] if amount is not None]
    if len(set(given)) > 1 or _is_by_line(group):
        return sum(given) if given else None
    return group["head"][name]


def _portions(documents):
    """Lists of documents with about so many lines together."""
    some, count = [], 0
    for document in documents:
        some.append(document)
        count += len(document["lines"])
        if count >= AT_ONCE:
            yield some
            some, count = [], 0
    yield some


def _numbers_in(groups):
    """The numbers by which these documents are known, or others that they name."""
    for group in groups:
        yield group["name"]
        yield from filter(None, (group["head"]["corrects"], group["head"]["reference"]))


def _turned(line):
    """A line of a credit note with its signs turned: by the quantity, or by the price where the
    quantity was positive."""
    turned = {**line, **{n: -line[n] for n in ("net", "tax", "gross")}}
    name = "price" if line["quantity"] > 0 and line["price"] < 0 else "quantity"
    return {**turned, name: -line[name]}
