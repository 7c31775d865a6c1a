"""The rows of a file as documents: whose they are, which belong together, what each head says."""

import re
from operator import itemgetter

from models.adapters import cells
from models.adapters.cells import numbers
from models.adapters.tables import simplified
from models.core.clock import today
from models.core.errors import refuse
from models.core.money import digits
from models.customers import Customer
from models.documents.draft import MOST
from models.imports import scratch
from models.imports.known_customers import Spellings, known_customers
from models.imports.known_documents import KnownDocuments
from models.imports.products import Taxes
from models.imports.scratch import KeptList, KeyedList
from models.people import User
from models.products import Product, TaxRate

DAYS = ("date", "due_on", "delivery_on", "paid_on")
TEXTS = (("reference", 250), ("note", 4000), ("corrects", 60))
STATED = ("total", "paid", "open")  # amounts that a row states of its document, or of its own line
ABOVE = ("number", "date", "customer_code", "customer_name")  # blank on further lines
CREDIT_TYPES = (
    "退货 退回 退款 红字 冲红 红冲 贷项 折让 credit return refund creditnote credit_note rinv"
).split()
# Types that are no sale: in an import of orders 订单 is its own, in one of quotes 报价.
OTHER_TYPES = (
    "收款 付款 预收 预付 押金 定金 订金 费用 调拨 借款 采购 进货 报价 订单 payment deposit quote "
    "quotation estimate order bill expense journal transfer purchase"
).split()
OWN_TYPES = {"order": ("订单", "order"), "quote": ("报价", "quote", "quotation", "estimate")}
BUYING = "采购 进货 purchase bill vendor supplier".split()
CANCELLED = (
    "取消 作废 无效 关闭 删除 草稿 暂存 未审 待审 未生效 未提交 未确认 退单 退货 退款 驳回 撤回 "
    "撤销 终止 红冲 冲销 cancel void draft deleted rejected failed expired hold reversed "
    "refunded returned pending unapproved"
).split()
# States of payment; they count where no column says how much is paid.
UNPAID = (
    "未付 未收 未结 待付 待收 逾期 unpaid notpaid awaiting overdue pastdue sent viewed open "
    "outstanding"
).split()
IS_PAID = re.compile("付款|收款|支付|结清|paid|payment")  # in a head, below which 否 is not paid
PARTLY = re.compile("部分(付|收|支付|结|回)|part(ly|ially|ial)?paid|^partial$")
NO = ("否", "0", "n", "no", "false", "未")
YES = ("是", "1", "y", "yes", "true", "√", "x")
MOST_STATES = 30
WORD = re.compile("[a-z]+")
# What each line of a document says for itself, or only its first.
OF_LINES = (
    "code name spec category unit quantity price price_with_tax amount amount_with_tax discount "
    "tax tax_amount discount_amount total paid open"
).split()


class RowReading:
    """For DocumentPlan: groups rows by number and customer."""

    def given_otherwise(self, alternatives):
        return "customer_name" in alternatives and bool(self.options["fallback"])

    def prepare(self):
        self.kind, self.taxes = self.options["kind"], Taxes(TaxRate.select())
        self.rate = TaxRate.by_id().get(self.options["tax"])
        self.settle_tax_columns()
        if self.include_tax and not (self.rate or self.has("tax") or self.has("tax_amount")):
            self.warn_once(self.first_row, None, "tax_not_given")
        self.products = {p.code: p.id for p in Product.select(Product.id, Product.code)}
        self.people = {
            name_or_email.lower(): u.id
            for u in User.select().where(User.active)
            for name_or_email in (u.name, u.email)
        }
        self.know_whose()
        self.mains = Customer.mains()
        self.by_code, self.by_name, known = known_customers(self.mains)
        ids = {name: found[0].id for name, found in self.by_name.items()}
        self.spellings = Spellings(ids, self.options.get("twins"))
        self.languages = {c.id: c.language for c in known}
        self.terms = {c.id: c.terms_days for c in known}
        kinds = ("invoice", "credit_note") if self.kind == "invoice" else (self.kind,)
        self.existing = KnownDocuments(kinds)
        self.new_customers, self.new_products, self.used_numbers = {}, {}, {}
        self.own_numbers, self.customers_named, self.codes_named = {}, {}, {}
        self.keep_in(scratch.opened())
        self.prepare_lines()
        columns = sorted(c for name, c in self.columns.items() if name not in OF_LINES)
        self.head_cells = itemgetter(*columns)  # equal in rows of one document, as a rule
        self.names = {u.id: u.name for u in User.select(User.id, User.name)}
        self.above, self.kept_amounts, self.prefixes = None, 0, self._prefixes()
        # Of the columns that say the same on each line of a document, those that the file has.
        self.head_days = [name for name in DAYS if self.has(name)]
        self.head_texts = [(name, most) for name, most in TEXTS if self.has(name)]
        self.left_out = set(self.options.get("status_out") or ())

    def ask_what_values_mean(self):
        super().ask_what_values_mean()
        found = {name: self._doubtful(name) for name in ("status", "type")}
        doubtful = found["status"] + found["type"]
        known = set(self.options.get("status_known") or doubtful)
        if doubtful and (self.options.get("status_out") is None or set(doubtful) - known):
            first = next(name for name in found if found[name])
            shown = [v for name in found if found[name] for v in self.values(name)]
            shown = list(dict.fromkeys(doubtful + shown))[:MOST_STATES]
            self.ask(
                "status_out",
                first,
                "status_unclear",
                doubtful[:MOST_STATES],
                [[value, []] for value in shown],
            )

    def _doubtful(self, name):
        """The states, or types, of which it is not certain that they are of a sale that counts."""
        test = self._is_cancelled if name == "status" else self._is_no_sale
        return [value for value in self.values(name) if test(simplified(value.lower()))]

    def _is_cancelled(self, state):
        head = simplified(self.head("status").lower())
        says_so = state in YES and any(word in head for word in CANCELLED)
        return says_so or any(word in state for word in CANCELLED)

    def _is_no_sale(self, kind):
        words = set(WORD.findall(kind))
        has = lambda word: word in (words if word.isascii() else kind)  # noqa: E731
        own = OWN_TYPES.get(self.options["kind"], ())
        credit = any(word in kind.replace(" ", "") for word in CREDIT_TYPES)
        others = [word for word in OTHER_TYPES if has(word) and word not in own]
        return any(map(has, BUYING)) or bool(others) and not credit

    def main_of(self, document):
        """The id of the document's customer, or of the one that it was merged into."""
        return self.mains.get(document.customer_id, document.customer_id)

    def _prefixes(self):
        return tuple(self.options["credit_prefix"].replace(",", " ").replace("，", " ").split())

    def keep_in(self, here):
        """Where parts of documents are kept until all rows are read, and documents until they are
        written. `part` is the one that goes on with the next row, `part_cells` what that row then
        says of the whole, if it says the same."""
        self.part = self.part_key = self.part_cells = None
        self.document_parts, self.credits = KeyedList(here, "part"), KeptList(here, "credit")
        if not self.recording:
            self.heads, self.lines = KeptList(here, "head"), KeptList(here, "line")

    def add_row(self, number, row):
        if self.left_out and not self.left_out.isdisjoint(
            (self.cell(row, "status"), self.cell(row, "type"))
        ):
            self.counts["left_out"] = self.counts.get("left_out", 0) + 1
            return
        if self.part_cells is None or self.head_cells(row) != self.part_cells:
            row = self._with_head_above(number, row)
            if self.part_cells is None or self.head_cells(row) != self.part_cells:
                return self._add_with_head(number, row)
        self.above, part = row, self.part
        currency, faults_before = part["head"]["currency"], self.fault_count
        self.compare_currency_of_cells(number, row, currency)
        line = self.line(number, row, currency, part["language"])
        if line is not None and self.fault_count == faults_before:
            self._add_line(number, row, line, currency)

    def _add_line(self, number, row, line, currency):
        part = self.part
        part["lines"].append(line)
        part["numbers"].append(number)
        for name, amounts in part["stated"].items():
            amounts.append(self._total(number, row, name, currency))

    def _add_with_head(self, number, row):
        """Add a row that may be the first of its document."""
        self.part_cells, faults_before = None, self.fault_count
        name = self.read_identifier(number, row, "number", most=60)
        if not self.cell(row, "number"):
            self.fault(number, "number", "cell_needed")
        customer = self._customer(number, row)
        currency = self.read_currency(number, row) or self.options["currency"]
        language = self.languages.get(customer, self.options["language"])
        self.compare_currency_of_cells(number, row, currency)
        line = self.line(number, row, currency, language)
        day = self.read_day(number, row, "date")
        if not self.cell(row, "date"):
            self.fault(number, "date", "cell_needed")
        if not name or not customer or line is None or self.fault_count > faults_before:
            return
        separate_day = day if self.options["same_number"] == "separate" else None
        key = name, customer, separate_day
        if key != self.part_key:
            self.end_part()
            self.part_key, self.part = key, self._new_part(number, row, key, currency, language)
        else:
            self._compare_head(number, row, self.part, currency)
        self._add_line(number, row, line, currency)
        if self.fault_count == faults_before:
            self.part_cells = self.head_cells(row)

    def _new_part(self, number, row, key, currency, language):
        head = self._head(number, row, currency)
        return {
            "name": key[0],
            "customer": key[1],
            "language": language,
            "row": number,
            "head": head,
            "owner": self._owner(number, row),
            "type": self.cell(row, "type"),
            "status": self.cell(row, "status"),
            "lines": [],
            "stated": {name: [] for name in STATED},
            "numbers": [],
        }

    def end_part(self):
        """Keep the rows of a document that came one after the other; more of it may follow."""
        if self.part:
            self.document_parts.append(self.part, repr(self.part_key))
        self.part = self.part_key = self.part_cells = None

    def whole(self, parts):
        """The document that its parts are."""
        first, *others = parts
        for part in others:
            for name in ("date", "due_on"):
                value = part["head"][name]
                if self.has(name) and value is not None and value != first["head"][name]:
                    self._fault_rows(part, name, value, first)
            if part["head"]["currency"] != first["head"]["currency"]:
                self._fault_rows(part, "currency", part["head"]["currency"], first)
            first["lines"] += part["lines"]
            for name in STATED:
                first["stated"][name] += part["stated"][name]
        return first

    def _fault_rows(self, part, name, value, first):
        for number in part["numbers"]:
            self.fault(number, name, "head_differs", value=str(value), row=first["row"])

    def _with_head_above(self, number, row):
        """The row with number, date and customer of the row above where it leaves the number, or
        what belongs to it, blank."""
        above, self.above = self.above, row
        if above is None:
            return row
        own, earlier = self.cell(row, "number"), self.cell(above, "number")
        continues = not own or own == earlier
        names = ABOVE if continues else ABOVE[2:] if self.options.get("fill_down") else ()
        blank = [n for n in names if self.has(n) and not self.cell(row, n) and self.cell(above, n)]
        if not blank or not continues and any(self.cell(row, n) for n in ABOVE[2:]):
            return row
        row = list(row)
        for name in blank:
            row[self.columns[name]] = above[self.columns[name]]
        self.above = row
        if not own:
            self.warn_once(number, "number", "lines_of_above")
        return row

    def _head(self, number, row, currency):
        """What the first row of a document says about the whole."""
        head = {"currency": currency, **dict.fromkeys(DAYS), **{n: "" for n, _ in TEXTS}}
        head |= {name: self.read_day(number, row, name) for name in self.head_days}
        head |= {
            name: (self.read if name == "note" else self.read_identifier)(
                number, row, name, empty="", most=most
            )
            for name, most in self.head_texts
        }
        head |= {n: self._total(number, row, n, currency) for n in STATED}
        payments = self.read(number, row, "payments", self._payments_of, (), scale=digits(currency))
        return head | {"payments": list(payments)}

    def _payments_of(self, text, scale):
        """((amount, day, reference), …) of "2024-01-05 | 100.00 | reference; …"."""
        found = [[part.strip() for part in one.split("|")] for one in text.split(";")]
        return tuple(self._payment_of(*one[:3], scale=scale) for one in found if any(one))

    def _payment_of(self, day, amount="", reference="", *, scale):
        sign = numbers.habit([amount])
        if sign is None:
            sign = self.options.get("decimal") or next(iter(self.decimals.values()), None)
            sign or refuse("cell_number_unclear")
        day = cells.day(day, order=self.options.get("date_order") or self.orders.get("date", ""))
        day <= today() or refuse("day_in_future")
        exact = cells.plain(amount, sign or ".")
        return cells.scaled(exact, scale, least=1), day, reference[:200]

    def _total(self, number, row, name, currency):
        if name not in self.columns:
            return None
        return self.read_number(number, row, name, scale=digits(currency), least=-MOST)

    def _compare_head(self, number, row, group, currency):
        head = group["head"]
        for name in ("date", "due_on"):
            value = self.read_day(number, row, name) if self.has(name) else None
            if value is not None and value != head[name]:
                self.fault(number, name, "head_differs", value=str(value), row=group["row"])
        if currency != head["currency"]:
            self.fault(number, "currency", "head_differs", value=currency, row=group["row"])

    def kind_of(self, group):
        """Whether an invoice is a credit note: by its prefix, by the column of types, or because
        its total is below nothing."""
        if self.prefixes and group["name"].startswith(self.prefixes):
            return "credit_note"
        if self.kind != "invoice":
            return self.kind
        kind = simplified(group["type"].lower().replace(" ", ""))
        if (
            any(word in kind for word in CREDIT_TYPES)
            or kind in ("1", "yes", "true", "是")
            and (sum(line["gross"] for line in group["lines"]) <= 0)
        ):
            return "credit_note"
        stated = group["head"]["total"] or 0
        if sum(line["gross"] for line in group["lines"]) < 0 or stated < 0:
            self.warn_once(group["row"], "number", "credit_by_sign", value=group["name"])
            return "credit_note"
        return self.kind

    def _owner(self, number, row):
        name_or_email = self.read(number, row, "owner", empty="")
        if name_or_email and name_or_email.lower() not in self.people:
            self.warn(number, "owner", "owner_unknown", value=name_or_email)
        return self.people.get(name_or_email.lower())

    def _customer(self, number, row):
        """The row's customer, if it is one of the importer's."""
        found = self._any_customer(number, row)
        if isinstance(found, int) and self.is_of_others(found):
            column = "customer_code" if self.cell(row, "customer_code") else "customer_name"
            value = self.cell(row, column)
            return self.fault(number, column, "customer_of_others", value=value)
        return found

    def _any_customer(self, number, row):
        """The id of an existing customer, or the key ("new", …) of one to be created; None with a
        fault."""
        code = self.read_identifier(number, row, "customer_code", "")
        name = self.read(number, row, "customer_name", empty="")
        if not code and not name:
            name = self.options["fallback"]
            if not name:
                column = "customer_code" if self.has("customer_code") else "customer_name"
                return self.fault(number, column, "customer_missing")
        if code in self.by_code:
            return self.by_code[code].id
        spelled = self.spellings.of(self, number, "customer_name", name)
        if self.spellings.taken(name):
            code = ""
        name = name if code else spelled
        if not code and len(self.by_name.get(name, ())) > 1:
            return self.fault(number, "customer_name", "key_unclear", value=name)
        if not code and name in self.by_name:
            return self.by_name[name][0].id
        if not self.options["create_customers"] and name != self.options["fallback"]:
            column = "customer_code" if code else "customer_name"
            return self.fault(number, column, "customer_unknown", value=code or name)
        return self._new_customer(number, code, name)

    def _new_customer(self, number, code, name):
        key = ("new", code or name)
        found = self.new_customers.get(key)
        if found is None:
            self.new_customers[key] = {
                "code": code or None,
                "name": name or code,
                "currency": self.options["currency"],
                "language": self.options["language"],
            }
        elif name and found["name"] != name:
            first = found["name"]
            self.warn(number, "customer_name", "customer_named_twice", value=name, first=first)
        return key
