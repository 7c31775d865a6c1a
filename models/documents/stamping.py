"""A document's PDF as it is given out today. The stored bytes never change, so what is known only
later is laid over a copy: that the document is void, and the number of its tax invoice (数电票)."""

from models.adapters import blobs
from models.adapters.printing import pdf

VOID = {"zh": "作废", "en": "VOID"}
TAX_INVOICE = {"zh": "数电票号码：{number}", "en": "Tax invoice (e-fapiao) no. {number}"}


class Stamping:
    tax_invoice_number = None  # a method that the archive, an upper floor, sets

    def stamped_pdf(self):
        """The PDF for staff, customers, mails and zips; the archive keeps the stored one."""
        return self._stamp(self.pdf_bytes())

    @classmethod
    def stamped_attachment(cls, mail):
        """The PDF of a mail, stamped when it is one of a document."""
        data = blobs.fetch(mail.attachment)
        document = mail.document and cls.get_or_none(cls.id == mail.document)
        return document._stamp(data) if document else data

    def shown_content(self, has_tax_invoice=True):
        """The frozen or present content for the page, with the number of the tax invoice, which is
        looked for unless the caller knows that there is none."""
        content = self.snapshot or self.freeze(base_url=type(self).base_url)
        number = self.tax_invoice_number() if has_tax_invoice else ""
        return {**content, "tax_invoice_number": number}

    def _stamp(self, data):
        across = f"{VOID[self.language]} {self.voided_on}" if self.state == "voided" else ""
        number = self.tax_invoice_number()
        note = TAX_INVOICE[self.language].format(number=number) if number else ""
        return pdf.stamped(data, across, note) if across or note else data
