"""Which account at the sign-in provider is whose."""

import peewee as pw

from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.model import Model


class ProviderAccount(Model):
    """A colleague's account at the provider, bound at the first sign-in by its subject: a mail
    address may be given to somebody else there, a subject never is."""

    user = pw.DeferredForeignKey("User")
    issuer = pw.CharField()
    subject = pw.CharField()
    bound_at = pw.DateTimeField()

    class Meta:
        indexes = ((("user", "issuer"), True), (("issuer", "subject"), True))

    @classmethod
    def of(cls, person):
        return cls.select().where(cls.user == person.id)

    @classmethod
    def bind(cls, person, issuer, subject):
        """Whether this is the person's account; if none was bound so far it is from now on. The
        unique indexes decide between two first sign-ins at once."""
        mine = cls.of(person).where(cls.issuer == issuer, cls.subject == subject)
        if mine.exists():  # nothing is written then: the disk may be full
            return True
        try:
            with db.atomic():
                cls.create(user=person.id, issuer=issuer, subject=subject, bound_at=now())
        except pw.IntegrityError:
            return mine.exists()
        person.record("provider_bound", person)
        return True


class SignsInByProvider:
    """A member of staff may have an account at the provider."""

    @property
    def provider_account(self):
        return ProviderAccount.of(self).order_by(ProviderAccount.id.desc()).first()

    @db.atomic()
    def release_provider_account(self, by):
        """Let the next account with this mail address be bound, as the person got another one; who
        came by the old one is signed out."""
        by.must("manage_people")
        self != by or refuse("not_yourself")
        gone = ProviderAccount.delete().where(ProviderAccount.user == self.id).execute()
        gone or refuse("no_provider_account", name=self.name)
        self.end_sessions()
        self.record("provider_released", by)
