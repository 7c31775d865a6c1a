"""Two people witness a destruction (监销): they check the list before, and sign after."""

import logging

from models.adapters import blobs
from models.adapters.outbox import Mail
from models.adapters.printing.pool import PdfFailed
from models.approvals import ApprovalRequest
from models.archive import certificate
from models.archive.destruction_decision import OPEN
from models.archive.filing import Filing
from models.core.clock import now, today
from models.core.database import db
from models.core.errors import Forbidden, refuse
from models.people import User
from models.printed import laid_out

log = logging.getLogger("danju.archive")


class Witnessed:
    """Mixed into the list: who may witness, which lists wait for them, and the certificate that is
    made after the second signature. DestructionWitness is declared after the list, so it is reached
    through the relation `witnesses`."""

    @classmethod
    def to_witness(cls, person):
        """Lists that wait for the check or signature of this person as a witness."""
        return cls.select().where(cls._witnessed_by(person)).order_by(cls.id)

    @classmethod
    def _witnessed_by(cls, person):
        table = cls.witnesses.rel_model
        mine = table.select(table.list).where(table.user == person.id)
        return ((cls.state == "approved") & cls.id.in_(mine.where(table.checked_at.is_null()))) | (
            (cls.state == "destroyed")
            & cls.erased_at.is_null(False)
            & cls.id.in_(mine.where(table.signed_at.is_null()))
        )

    @db.atomic()
    def name_witnesses(self, by, one, two):
        """Name two people who neither proposed nor approved it, before either of them has
        checked."""
        table = self.witnesses.model
        by.must("appraise")
        self.state == "approved" or refuse("state_changed", now=self.state)
        if self.witnesses.where(table.checked_at.is_null(False)).exists() and all(
            w.user.may("witness") for w in self.witnesses
        ):
            refuse("witness_began")
        one and two and one != two or refuse("witnesses_two")
        for person in (one, two):
            person.may("witness") or refuse("witness_may_not", name=person.name)
            if person.id in self.taken_part():
                refuse("witness_took_part", name=person.name)
        before = {w.user_id for w in self.witnesses}
        table.delete().where(table.list == self.id).execute()
        for person in (one, two):
            table.create(list=self, user=person)
        event = self.record("witnesses_named", by, to=[one.name, two.name])
        for person in (one, two):
            if person.id not in before:
                self._notify(person, "check", f"witness-{self.id}-{person.id}-{event.id}")

    def possible_witnesses(self):
        return [
            u
            for u in User.select().where(User.active).order_by(User.name)
            if u.may("witness") and u.id not in self.taken_part()
        ]

    def missing(self):
        """[(code, facts)] of the people whom the company lacks to complete the list."""
        people = [
            u
            for u in User.select().where(
                User.active, User.id.not_in([i for i in self.taken_part() if i])
            )
        ]
        witnesses, found = [u for u in people if u.may("witness")], []
        available = len(witnesses)
        if self.state == "proposed" and (request := ApprovalRequest.current(self)):
            asked = request.open_tasks()
            found = [] if any(t.user.active for t in asked) else [("lacks_approver", {})]
            available -= (
                1 if asked and {t.user_id for t in asked} <= {u.id for u in witnesses} else 0
            )
        return found + (
            [("lacks_witnesses", {"needed": 2, "found": max(available, 0)})]
            if available < 2 and self.state in OPEN
            else []
        )

    def witness(self, by):
        table = self.witnesses.model
        row = self.witnesses.where(table.user == by.id).first()
        if row is None:
            raise Forbidden("witness")
        by.must("witness")
        return row

    @db.atomic()
    def check(self, by):
        """Record that the witness has compared list and archive before destruction (清点核对)."""
        table = self.witnesses.model
        row = self.witness(by)
        self.state == "approved" or refuse("state_changed", now=self.state)
        table.update(checked_at=now()).where(
            table.id == row.id, table.checked_at.is_null()
        ).execute() or refuse("witness_done")
        self.record("witness_checked", by)

    @db.atomic()
    def note_erased(self):
        """Record that the bytes are erased, and mail the witnesses, who can now sign."""
        table = self.witnesses.model
        if (
            type(self)
            .update(erased_at=now())
            .where(type(self).id == self.id, type(self).erased_at.is_null())
            .execute()
        ):
            for w in self.witnesses.where(table.signed_at.is_null()):
                self._notify(w.user, "sign", f"witness-{self.id}-{w.user_id}-sign")

    def sign(self, by):
        """Sign after destruction; the second signature makes the certificate. A worker makes it if
        that fails."""
        self._sign(by)
        try:
            self.certify()
        except PdfFailed:
            log.exception("no certificate of %s yet", self.number)

    @db.atomic()
    def _sign(self, by):
        table = self.witnesses.model
        row = self.witness(by)
        self.state == "destroyed" or refuse("state_changed", now=self.state)
        self.erased_at or refuse("not_erased_yet")
        table.update(signed_at=now()).where(
            table.id == row.id, table.signed_at.is_null()
        ).execute() or refuse("witness_done")
        self.record("witness_signed", by)

    def certify(self):
        """Make and file the certificate, once both witnesses have signed. Raises PdfFailed."""
        table = self.witnesses.model
        if (
            self.state == "destroyed"
            and self.witnesses.where(table.signed_at.is_null(False)).count() == 2
        ):
            self._store_certificate(laid_out(certificate.facts(self)))

    @classmethod
    def certify_waiting(cls):
        """Make the certificates that are missing though both witnesses have signed. Raises
        PdfFailed at the end if some could not be laid out."""
        failed = []
        for row in list(cls.select().where(cls.state == "destroyed").order_by(cls.id)):
            try:
                row.certify()
            except PdfFailed as error:  # the other certificates are still made
                failed.append(f"{row.number}: {error}")
        if failed:
            raise PdfFailed("; ".join(failed))

    @db.atomic()
    def _store_certificate(self, data):
        if type(self).get_by_id(self.id).state != "destroyed":
            return  # another process was faster
        sha = blobs.keep(data)
        filing = Filing.enter(
            None, "destruction_register", today(), sha, number=self.number, title="销毁清册"
        )
        self.move("destroyed", to="certified", certificate=sha, filing=filing)
        self.record("certified", None, sha=sha, code=filing.code)

    def _notify(self, person, step, key):
        """Queue a mail that asks a witness to check or sign."""
        if person.active:
            Mail.enqueue(
                key,
                to=person.email,
                template="witness",
                language=person.language,
                context={
                    "name": person.name,
                    "number": self.number,
                    "step": step,
                    "path": f"/archive/destructions/{self.id}",
                },
            )
