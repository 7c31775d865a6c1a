"""Two people witness a destruction (监销): they check the list before, and sign after."""

import peewee as pw

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


class Witnessed:
    """Mixed into the list: who may witness, which lists wait for them, and the certificate that is
    made after the second signature. DestructionWitness is declared after the list, so it is reached
    through the relation `witnesses`."""

    @classmethod
    def _witnessed_by(cls, person):
        table = cls.witnesses.rel_model
        mine = table.select(table.list).where(table.user == person.id)
        return ((cls.state == "approved") & cls.id.in_(mine.where(table.checked_at.is_null()))) | (
            (cls.state == "destroyed")
            & cls.erased_at.is_null(False)
            & cls.id.in_(mine.where(table.signed_at.is_null()))
        )

    @classmethod
    def _continued_by(cls, person):
        """Approved lists whose witnesses this person is to name, or that they are to carry out."""
        table = cls.witnesses.rel_model
        counted = table.select(table.list).group_by(table.list)
        named = counted.having(pw.fn.COUNT(table.id) == 2)
        checked = counted.having(pw.fn.COUNT(table.checked_at) == 2)
        return (cls.state == "approved") & (
            (cls.id.not_in(named) & person.may("appraise"))
            | (cls.id.in_(checked) & person.may("destroy"))
        )

    @property
    def next_step(self):
        """What a list waits for that nobody is asked to approve."""
        if self.state != "approved":
            return "sign" if self.state == "destroyed" else self.state
        checks = [w.checked_at for w in self.witnesses]
        return "name" if len(checks) < 2 else "destroy" if all(checks) else "check"

    @property
    def signed(self):
        """Destroyed and signed by both; the certificate is still to be made."""
        table = self.witnesses.model
        signatures = self.witnesses.where(table.signed_at.is_null(False))
        return self.state == "destroyed" and signatures.count() == 2

    @db.atomic()
    def name_witnesses(self, by, one, two):
        """Name two people who neither proposed nor approved it, before either of them has checked,
        or when one of those named is lost; the check of one who is named again counts."""
        table = self.witnesses.model
        by.must("appraise")
        self.state == "approved" or refuse("state_changed", now=self.state)
        began = self.witnesses.where(table.checked_at.is_null(False)).exists()
        if began and not self.lost_witnesses():
            refuse("witness_began")
        one and two and one != two or refuse("witnesses_two")
        for person in (one, two):
            self._check_may_be_witness(person)
        before = {w.user_id for w in self.witnesses}
        named = [one.id, two.id]
        table.delete().where(table.list == self.id, table.user.not_in(named)).execute()
        new = [person for person in (one, two) if person.id not in before]
        for person in new:
            table.create(list=self, user=person)
        event = self.record("witnesses_named", by, to=[one.name, two.name])
        for person in new:
            self._notify(person, "check", f"witness-{self.id}-{person.id}-{event.id}")

    def _check_may_be_witness(self, person):
        person.may("witness") or refuse("witness_may_not", name=person.name)
        if person.id in self.taken_part():
            refuse("witness_took_part", name=person.name)

    def standing_witnesses(self):
        """Those who have signed, or still may."""
        return [w for w in self.witnesses if w.signed_at or w.user.may("witness")]

    def lost_witnesses(self):
        """Those who can no longer witness and whom nobody has replaced."""
        standing = self.standing_witnesses()
        return [w for w in self.witnesses if w not in standing] if len(standing) < 2 else []

    @property
    def can_be_completed(self):
        """Whether one is left who compared list and archive before the destruction: of two others
        neither could say what was destroyed."""
        return any(w.checked_at for w in self.standing_witnesses())

    @db.atomic()
    def replace_witness(self, by, person):
        """After the destruction name one more in place of a witness who can no longer sign; what
        that one checked stays on the certificate."""
        by.must("appraise")
        self.state == "destroyed" or refuse("state_changed", now=self.state)
        lost = self.lost_witnesses() or refuse("witnesses_here")
        self.can_be_completed or refuse("witnesses_gone")
        person.id in {w.user_id for w in self.witnesses} and refuse("witnesses_two")
        self._check_may_be_witness(person)
        self.witnesses.model.create(list=self, user=person)
        event = self.record(
            "witness_replaced", by, to=[person.name], behalf=", ".join(w.user.name for w in lost)
        )
        if self.erased_at:
            self._notify(person, "sign", f"witness-{self.id}-{person.id}-{event.id}")

    def possible_witnesses(self):
        taken_part = self.taken_part()
        return [
            u
            for u in User.select().where(User.active).order_by(User.name)
            if u.may("witness") and u.id not in taken_part
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

    @db.atomic()
    def sign(self, by):
        """Sign after destruction; after the second signature a worker makes the certificate."""
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
        if self.signed:
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
            Mail.enqueue_to(
                person,
                key,
                "witness",
                {
                    "number": self.number,
                    "step": step,
                    "path": f"/archive/destructions/{self.id}",
                },
            )
