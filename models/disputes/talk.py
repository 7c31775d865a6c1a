"""The thread of a dispute, and who gets a mail about a new entry."""

from models.adapters import gathering
from models.adapters.outbox import Mail
from models.approvals.comment import attachment
from models.company import Company
from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.customers import CustomerAct
from models.disputes.entry import DisputeEntry
from models.documents import Document


class Talk:
    def say(self, by, text, internal=False, data=b"", filename=""):
        """Write into the thread, or with `internal` a note that only staff see; `data` is the bytes
        of a file or what is Received. The other side gets a mail."""
        return self._say(by, text, internal, attachment(data), filename)

    @db.atomic()
    def _say(self, by, text, internal, file, filename):
        self.check_member(by)
        CustomerAct.count(by, "message", file)
        entry = DisputeEntry.write(by, self, text, internal, file, filename)
        if by.roles and not entry.internal:
            self._note_first_answer(by)
        if not entry.internal:
            self._mail_other_side(f"entry-{entry.id}", by, entry.text or entry.filename)
        return entry

    def thread(self, reader):
        """The entries this reader may see, oldest first."""
        rows = self.entries.order_by(DisputeEntry.id)
        return list(rows if reader.roles else rows.where(~DisputeEntry.internal))

    @db.atomic()
    def hand_over(self, by, owner):
        """Make a colleague the owner of the dispute."""
        self.check_member(by)
        owner and owner.active or refuse("no_such_person")
        if owner.id == self.owner_id:
            return
        self.owner = owner
        self.save()
        self.record("handed_over", by, to=owner.name)
        if owner.id != by.id:
            self._mail_staff(f"owner-{owner.id}-{self.events.count()}", self.text)

    def mail_raised(self, by):
        """Mail to the owner, unless they raised it themselves."""
        if self.owner and (not by.roles or self.owner_id != by.id):
            self._mail_staff("raised", self.text, gathered=not by.roles)

    def _note_first_answer(self, by):
        same = (type(self).id == self.id) & type(self).first_answer_at.is_null()
        if type(self).update(first_answer_at=now()).where(same).execute():
            self.record("first_answered", by)

    def _mail_other_side(self, key, by, text):
        if by.roles:
            self._mail_contact(key, text)
        else:
            self._mail_staff(key, text, gathered=True)

    def recipient(self):
        """The contact who gets the mails: who raised it, else the contact of the document."""
        person = self.contact or (self.document.contact if self.document else None)
        return person if person and person.active and person.email else None

    def _mail_contact(self, key, text):
        if person := self.recipient():
            self._enqueue(key, person, text, f"/portal/disputes/{self.id}", contact=person)

    def _mail_staff(self, key, text, gathered=False):
        """`gathered`: a customer did it, who may do more within the minutes."""
        if not (self.owner and self.owner.active):
            return
        path = f"/disputes/{self.id}"
        if gathered:
            gathering.tell(self.owner, "dispute", self._facts(text, path))
        else:
            self._enqueue(key, self.owner, text, path)

    def _enqueue(self, key, person, text, path, **more):
        key = f"dispute-{self.id}-{key}"
        Mail.enqueue_to(person, key, "dispute", self._facts(text, path), **more)

    def _facts(self, text, path):
        return {
            "firm": Company.current().name,
            "text": text,
            "about": self.number,
            "paper": self.document.number if self.document else "",
            "customer": self.customer.name,
            "link": f"{Document.base_url or ''}{path}",
        }
