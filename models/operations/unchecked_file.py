"""Files that were taken while the virus scanner was away, and are looked at as soon as it is
back."""

import datetime as dt
import logging

import peewee as pw

from models.adapters import blobs, scanner
from models.adapters.outbox import Mail
from models.core.clock import local, now
from models.core.database import db
from models.core.model import Model
from models.people import User, log

PATIENCE = dt.timedelta(hours=1)  # within which a file that came is kept, or never


class UncheckedFile(Model):
    """The mark of a file, by the hash of its bytes, that nobody has looked at for viruses yet, or
    in which something was found later."""

    sha256 = pw.CharField(max_length=64, unique=True)
    name = pw.CharField()
    taken_at = pw.DateTimeField()
    found = pw.CharField(max_length=100, default="")

    @classmethod
    def note(cls, sha, name):
        row = {"sha256": sha, "name": name[:200], "taken_at": now()}
        cls.insert(**row).on_conflict_ignore().execute()

    @classmethod
    def waiting(cls):
        return cls.select().where(cls.found == "").order_by(cls.id)

    @classmethod
    def infected(cls):
        return cls.select().where(cls.found != "").order_by(cls.id)

    @classmethod
    def is_infected(cls, sha):
        return cls.infected().where(cls.sha256 == sha).exists()

    @classmethod
    def check_waiting(cls):
        """Look at each; those that are clean, or were not kept, lose their mark."""
        for row in cls.waiting() if scanner.is_set() else ():
            try:
                row.check()
            except scanner.Away as error:
                logging.getLogger("danju.scanner").info("files wait: %s", error)
                return

    def check(self):
        try:
            found = scanner.scan(blobs.fetch(self.sha256))
        except blobs.Damaged:  # the form was refused, or keeps it in another form
            return self.taken_at < now() - PATIENCE and self._end()
        return self._tell(found) if found else self._end()

    @db.atomic()
    def _tell(self, found):
        """Nobody gets it any more, and all administrators are told."""
        changed = UncheckedFile.update(found=found).where(
            UncheckedFile.id == self.id, UncheckedFile.found == ""
        )
        if not changed.execute():
            return
        log.warning("virus found in a kept file: %s, %s", self.sha256[:12], found)
        facts = {"file": self.name, "found": found, "at": f"{local(self.taken_at):%Y-%m-%d %H:%M}"}
        for admin in User.with_role("admin"):
            Mail.enqueue_to(admin, f"infected-{self.id}-{admin.id}", "infected_file", facts)

    def _end(self):
        UncheckedFile.delete().where(UncheckedFile.id == self.id).execute()
