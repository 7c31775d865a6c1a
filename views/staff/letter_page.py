"""The letter that brings a document to the customer: to whom, what it says, and how it looks."""

from functools import cached_property

from flask import current_app, make_response, render_template, request
from flask_babel import force_locale

from models.core.errors import refuse
from models.customers import Contact
from views.refusals import sentence, status
from views.staff.document_page import DocumentPage
from views.web.fields import form_ids, form_text
from views.web.scope import person, sees

LANGUAGES = ("zh", "en")


class LetterPage:
    """One look at a document, its receivers and the words, before it leaves."""

    def __init__(self, document):
        self.document, self.about = document, DocumentPage(document, person())
        self.issuing = document.number is None
        self.number = document.number or document.number_to_come()
        self.typed = request.method == "POST"

    @cached_property
    def contacts(self):
        return self.about.contacts if self.about.may_address else []

    @cached_property
    def ticked(self):
        return form_ids("contacts") if self.typed else self.about.ticked

    @cached_property
    def chosen(self):
        return [contact for contact in self.contacts if contact.id in self.ticked]

    @cached_property
    def words(self):
        """(subject, text) as they were typed, or as the first receiver reads them."""
        if self.typed:
            return request.form.get("subject", ""), request.form.get("message", "")
        first = (self.chosen or self.contacts)[:1]
        language = first[0].language if first else self.document.language
        return wordings(self.document)[language]

    @cached_property
    def letters(self):
        """[(contact, subject, text)] of the chosen receivers."""
        written = letter(self.document)[1] if self.typed else {}
        return (
            self.document.preview_sending(person(), self.chosen, **written) if self.chosen else []
        )

    @property
    def sender(self):
        return self.document.owner if self.document.owner and self.document.owner.active else None

    @property
    def source(self):
        """The number of the approved source that it equals, so that nobody is asked."""
        flow = self.about.flow or (self.about.request and self.about.request.flow)
        return self.document.source.number if flow and flow.for_equal_drafts else ""


def wordings(document, **other):
    """{language: (subject, text)} as they are unless somebody changes them."""
    facts, found = {**document.mail_facts(), **other}, {}
    for language in LANGUAGES:
        with force_locale(language):
            subject = render_template("mail/document_sent.subject.txt", **facts)
            text = render_template("mail/_document_text.txt", **facts)
        found[language] = subject.strip(), text.strip()
    return found


def letter(document, shown_number=""):
    """(contacts, what send() is given besides) as the form names them. A subject or text that was
    left as it came, with the number that was shown, is not given, so that each receiver gets it in
    their own language."""
    ids = form_ids("contacts")
    group = Contact.customer.in_(document.customer.group)
    contacts = list(sees().contacts().where(Contact.id.in_(ids or [0]), group))
    len(contacts) == len(ids) or refuse("stranger_contact")
    shown = {"number": shown_number} if shown_number else {}
    ours = {part for pair in wordings(document, **shown).values() for part in pair}
    typed = {
        "subject": form_text("subject", 200, lines=False),
        "message": "\n".join(form_text("message", 2000).splitlines()),
    }
    written = {name: "" if text in ours else text for name, text in typed.items()}
    return contacts, {**written, "base_url": current_app.config["BASE_URL"]}


def letter_page(document, error=None):
    """The page; after a refusal with the reason and what was typed."""
    page = render_template(
        "staff/documents/sending.html",
        document=document,
        page=LetterPage(document),
        problem=sentence(error) if error else "",
    )
    return make_response(page, status(error) if error else 200)
