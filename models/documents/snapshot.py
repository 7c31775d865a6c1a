"""The content of a document: its hash for the approval, and its frozen copy."""

import hashlib

from models.company import Company
from models.core.fields import canonical
from models.core.money import format_price, format_scaled
from models.documents import grouping, totals, words
from models.payment_details import epc_of

APPROVED_FIELDS = (
    "kind customer_id contact_id currency language date terms_days due_on valid_until "
    "delivery_on reference "
    "note prices_include_tax discount net tax total source_id"
).split()
LINE_FIELDS = (
    "position code name note unit quantity price discount tax_label tax_kind rate net tax gross"
).split()
PRINTED_FIELDS = "code name note unit tax_label tax_kind net tax gross".split()


class Snapshot:
    def approvable_content(self):
        """The content that an approver approves, as data; the internal note is not part of it."""
        return {
            **{name: getattr(self, name) for name in APPROVED_FIELDS},
            **({"chosen_date": self.chosen_date} if self.chosen_date else {}),
            "lines": [
                {name: line.__data__[name] for name in LINE_FIELDS} | grouping.texts(line)
                for line in self.ordered_lines()
            ],
        }

    def content_hash(self):
        """SHA-256 of the content that an approver approves."""
        return hashlib.sha256(canonical(self.approvable_content()).encode()).hexdigest()

    def freeze(self, number=None, base_url=None, company=None, addresses=None):
        """The document as data, from which alone its PDF is made; of a draft, as it would be
        printed today. `company` and `addresses`: of its customer, where they were read already."""
        bears = self.issued_on or self.day_to_print()
        due = self.due_on if self.issued_on else self.due_day(bears)
        lines, customer = self.ordered_lines(), self.customer
        addresses = customer.address_texts() if addresses is None else addresses
        day = lambda value: value.isoformat() if value else None  # noqa: E731
        company, sums = company or Company.current(), grouping.sums(lines)
        to_pay = self.kind == "invoice" and not self.imported and (number or self.number)
        pay = epc_of(company, self.currency, self.total, to_pay, self.language) if to_pay else None
        return {
            "kind": self.kind,
            "number": number or self.number,
            "language": self.language,
            "currency": self.currency,
            "issued_on": day(self.issued_on),
            "date": day(bears),
            "due_on": day(due),
            "valid_until": day(self.valid_until),
            "delivery_on": day(self.delivery_on),
            "reference": self.reference,
            "prices_include_tax": self.prices_include_tax,
            "terms_days": self.terms_days,
            "note": self.note,
            "source_numbers": [self.source.number] if self.source and self.source.number else [],
            "corrects": self.source.number if self.kind == "credit_note" and self.source else None,
            "salesperson": self.owner.name if self.owner else "",
            "imported": self.imported,
            "seller": company.as_seller(self.currency, self.language, self.kind),
            **self._told_from_tax_invoices(company),
            **({"pay": pay} if pay else {}),
            "customer": {
                "name": customer.name,
                "tax_id": customer.tax_id,
                "address": addresses.get("billing", ""),
                "delivery_address": addresses.get("delivery", ""),
                "phone": customer.phone,
                "email": customer.email,
                "code": customer.code or "",
                "bank_name": customer.bank_name,
                "bank_account": customer.bank_account,
                "contact": self.contact.name if self.contact else "",
            },
            "lines": [
                {
                    "position": i,
                    **{name: line.__data__[name] for name in PRINTED_FIELDS},
                    "quantity": format_scaled(line.quantity, 4),
                    "price": format_price(line.price, self.currency),
                    "discount": format_scaled(line.discount, 2) if line.discount else "",
                    **grouping.texts(line),
                    **({"group": group} if (group := sums.get(i)) else {}),
                }
                for i, line in enumerate(lines, 1)
            ],
            "discount": format_scaled(self.discount, 2) if self.discount else "",
            "tax_summary": totals.tax_summary(lines),
            "net": self.net,
            "tax": self.tax,
            "total": self.total,
            "words": words.in_words(self.total, self.currency, self.language),
            "portal_url": f"{base_url}/portal/documents/{self.id}" if base_url else None,
        }

    def _told_from_tax_invoices(self, company):
        """In China an invoice is taken for a tax invoice: the paper of a firm there says that it is
        none, and in Chinese, where 发票 alone means one, it has the firm's own title."""
        if self.kind not in ("invoice", "credit_note"):
            return {}
        chinese, in_china = self.language == "zh", company.language == "zh"
        return {
            **({"title": company.setting(f"title_{self.kind}_zh")} if chinese else {}),
            **({"not_tax_invoice": in_china} if chinese or in_china else {}),
        }
