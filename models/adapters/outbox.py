"""All mail: queued in the transaction of its cause, sent by a job, with a state for each
recipient."""

import datetime as dt
import logging
import smtplib
import time
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr

import peewee as pw

from models.adapters import blobs, smtp
from models.core import filenames
from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField
from models.core.mail_address import NO_ADDRESS
from models.core.model import Model
from models.core.wake import ending, wake

log = logging.getLogger("danju.mail")
TURN = 60  # seconds; then those who wait for a code to sign in are looked for again
INTERRUPTED = dt.timedelta(minutes=20)  # longer than any answer of a mail server is waited for
WAITS = (1, 5, 15, 60, 240, 720)  # minutes before each further try
UNSURE, RESTORED = "perhaps it was sent", "restored from a backup; perhaps it was sent"
COPIED = "copied from another folder; perhaps it was sent"
SKIPPED = {"state": "skipped", "error": "switched off"}
SIGN_IN_TEMPLATES = ("sign_in", "password", "invitation", "joining")
left = []  # functions of an address: whether its member of staff has left the firm
_settings = {"url": "", "sender": "", "write": None, "domain": "danju.local", "paused": None}
_settings |= {
    "letterhead": lambda mail: ("", ""),
    "attachment": lambda mail: blobs.fetch(mail.attachment),
    "fresh": lambda mail: {},
}


def use(url, sender, write, domain, paused=lambda: False, **more):
    """Where mail goes (smtp://user:pass@host:port, smtps://…), who sends, write(mail, **more) ->
    subject, text, html, and paused(): whether all mail waits except that for signing in. More:
    letterhead(mail) -> the sender's name and the address for answers; attachment(mail) -> bytes;
    fresh(mail) -> what is put into the text while it is sent, and stored nowhere."""
    _settings.update(
        url=url,
        sender=smtp.ascii_address(sender),
        write=write,
        domain=smtp.ascii_domain(domain),
        paused=paused,
        **more,
    )


class Mail(Model):
    """One mail to one person: queued → sending → sent or failed."""

    key = pw.CharField(unique=True)
    message_id = pw.CharField(index=True)
    recipient = pw.CharField()
    template = pw.CharField(max_length=40)
    language = pw.CharField(max_length=2)
    context = JSONField(default=dict)
    document = pw.IntegerField(null=True, index=True)
    contact = pw.IntegerField(null=True, index=True)
    reminder = pw.IntegerField(null=True)
    attachment = pw.CharField(max_length=64, null=True)
    filename = pw.CharField(default="")
    state = pw.CharField(max_length=10, default="queued", index=True)
    tries = pw.IntegerField(default=0)
    error = pw.CharField(max_length=500, default="")
    queued_at = pw.DateTimeField()
    next_at = pw.DateTimeField()
    sent_at = pw.DateTimeField(null=True)

    @classmethod
    def enqueue(
        cls,
        key,
        to,
        template,
        language,
        context,
        document=None,
        contact=None,
        reminder=None,
        attachment=None,
        filename="",
        next_at=None,
    ):
        """Queue a mail; the same key queues nothing twice, and to colleagues who left it is kept
        unsent. With a filename and no attachment it
        waits until `attach` brings the file; with `next_at` until then."""
        cls.insert(
            key=key,
            message_id=make_msgid(domain=_settings["domain"]),
            recipient=to,
            template=template,
            language=language,
            context=context,
            document=document and document.id,
            contact=contact and contact.id,
            reminder=reminder and reminder.id,
            attachment=attachment,
            filename=filename and filenames.safe(filename),
            queued_at=now(),
            next_at=next_at or now(),
            **(SKIPPED if contact is None and any(gone(to) for gone in left) else {}),
        ).on_conflict_ignore().execute()
        wake("mail")

    @classmethod
    def enqueue_to(cls, person, key, template, context, **more):
        """Queue a mail that greets the person by name, in their language; `more` as enqueue()
        takes it."""
        context = {"name": person.name, **context}
        cls.enqueue(key, person.email, template, person.language, context, **more)

    @classmethod
    def ask_about_waiting(cls, why):
        """Let a person decide about every mail that waits: it may have been sent elsewhere."""
        cls.update(state="failed", error=why).where(cls.state.in_(("queued", "sending"))).execute()

    @classmethod
    def skip_waiting(cls, address):
        """Send nothing more to a colleague who left."""
        cls.update(**SKIPPED).where(
            cls.recipient == address, cls.contact.is_null(), cls.state == "queued"
        ).execute()

    @classmethod
    def waiting(cls):
        """Mails to send now, those for signing in first; also those queued while the clock was far
        ahead."""
        latest = now() + dt.timedelta(minutes=2 * WAITS[-1])
        return (
            cls.select()
            .where(
                cls.state == "queued",
                (cls.next_at <= now()) | (cls.next_at > latest),
                (cls.filename == "") | cls.attachment.is_null(False),
            )
            .order_by(cls.template.in_(SIGN_IN_TEMPLATES).desc(), cls.id)
        )

    @classmethod
    def attach(cls, keys, sha):
        """Give the mails whose key begins so the file that they wait for."""
        cls.update(attachment=sha).where(
            cls.key.startswith(keys), cls.filename != "", cls.attachment.is_null()
        ).execute()
        wake("mail")

    @classmethod
    def about(cls, document):
        return cls.select().where(cls.document == document.id).order_by(cls.id)

    @classmethod
    def to_contact(cls, contact):
        return cls.select().where(cls.contact == contact.id)

    @classmethod
    def failed(cls):
        """Mails that were not sent, and those of the last 14 days that bounced."""
        bounced = (cls.state == "bounced") & (cls.queued_at > now() - dt.timedelta(days=14))
        return cls.select().where((cls.state == "failed") | bounced).order_by(cls.id.desc())

    @classmethod
    def problem(cls):
        """Why mail stays here, for a monitor; empty when it does not. A server that cannot be
        reached is a job that fails."""
        if cls.select().where(cls.state == "failed").exists():
            return "some failed"
        waits = not _settings["url"] and cls.select().where(cls.state == "queued").exists()
        return "no server is set" if waits else ""

    @classmethod
    def bouncing(cls, addresses):
        """Those of the addresses whose last mail bounced."""
        last = (
            cls.select(pw.fn.MAX(cls.id))
            .where(cls.recipient.in_(addresses), cls.state.in_(("sent", "bounced")))
            .group_by(cls.recipient)
        )
        return {m.recipient for m in cls.select().where(cls.id.in_(last), cls.state == "bounced")}

    @property
    def must_not_come_twice(self):
        """Whether it brings a customer a paper: where it is unknown if it was sent, a person
        decides."""
        return bool(self.reminder or self.contact and self.filename)

    def claim(self):
        """True for the one worker that gets to send this mail."""
        return (
            Mail.update(state="sending", tries=Mail.tries + 1, next_at=now())
            .where(Mail.id == self.id, Mail.state == "queued")
            .execute()
            == 1
        )

    def deliver(self):
        """Send by SMTP; after an error queue again, after the last try mark as failed. Returns
        what is wrong when it is the server itself, so that the other mails need not wait for it
        too."""
        try:
            smtp.send(_settings["url"], self.compose())
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()), (550, b"no recipient"))
            self._mark_failed(f"{code} {text.decode(errors='replace')}", final=code >= 500)
        except smtplib.SMTPDataError as error:
            self._mark_failed(
                f"{error.smtp_code} {error.smtp_error.decode(errors='replace')}",
                final=error.smtp_code >= 500,
            )
        except smtp.Unsure as error:
            self._mark_failed(f"{UNSURE}: {error}", final=self.must_not_come_twice)
            return str(error)
        except smtp.NoServer as error:
            self._mark_failed(str(error), final=False)
            return str(error)
        except smtplib.SMTPNotSupportedError as error:  # it takes no 张 before the @
            self._mark_failed(f"{type(error).__name__}: {error}", final=True)
        except (OSError, smtplib.SMTPException, blobs.Damaged) as error:
            trouble = f"{type(error).__name__}: {error}"
            self._mark_failed(trouble, final=False)
            return trouble if isinstance(error, smtp.UNREACHABLE) else ""
        except Exception as error:  # one mail that cannot be rendered must not stop the others
            log.exception("mail %s cannot be written", self.id)
            self._mark_failed(f"{type(error).__name__}: {error}", final=True)
        else:
            Mail.update(state="sent", sent_at=now(), error="", context=self._without_codes()).where(
                Mail.id == self.id
            ).execute()
        return ""

    def compose(self):
        """The complete message, in the recipient's language."""
        subject, text, html = _settings["write"](self, **_settings["fresh"](self))
        message = EmailMessage()
        message["Subject"] = _in_line(subject)
        name, answers = _settings["letterhead"](self)
        own_name, address = parseaddr(_settings["sender"])
        message["From"] = _address(address, name or own_name)
        message["To"] = _address(self.recipient)
        if answers:
            message["Reply-To"] = _address(answers)
        message["Message-ID"] = self.message_id
        message["Date"] = dt.datetime.now(dt.timezone.utc)
        message["Auto-Submitted"] = "auto-generated"
        if self.context.get("opt_out"):  # RFC 8058: mail programs show a button that posts there
            message["List-Unsubscribe"] = _in_line(f"<{self.context['opt_out']}>")
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
        if self.attachment:
            message.add_attachment(
                _settings["attachment"](self),
                maintype="application",
                subtype="pdf",
                filename=filenames.safe(self.filename),  # queued by an earlier version
            )
        return message

    def _mark_failed(self, error, final):
        tries = self.tries + 1
        last = final or tries >= len(WAITS)
        log.warning("mail %s to be %s: %s", self.id, "given up" if last else "tried again", error)
        Mail.update(
            state="failed" if last else "queued",
            error=error[:500],
            next_at=now() + dt.timedelta(minutes=WAITS[min(tries, len(WAITS)) - 1]),
        ).where(Mail.id == self.id).execute()

    def _without_codes(self):
        return {
            k: v
            for k, v in self.context.items()
            if k not in ("opt_out", "survey") and (k != "link" or "code=" not in str(v))
        }

    @classmethod
    @db.atomic()
    def retry(cls, mail):
        """Queue a failed or bounced mail again."""
        cls.update(state="queued", tries=0, next_at=now()).where(
            cls.id == mail.id, cls.state.in_(("failed", "bounced"))
        ).execute()

    @db.atomic()
    def mark_bounced(self, reason):
        """It did not arrive, as a delivery report or a person says. Refused for one that was never
        sent, or has bounced already."""
        changed = (
            Mail.update(state="bounced", error=(reason or "bounced")[:500])
            .where(Mail.id == self.id, Mail.state.in_(("sent", "failed")))
            .execute()
        )
        changed or refuse("state_changed", now=Mail.get_by_id(self.id).state)


def _address(address, name=""):
    """The address for a header, built of its parts: given as one text, what stands behind a comma
    or bracket in a name that is not ASCII is read as a further address."""
    user, _at, domain = smtp.ascii_address(address.strip()).rpartition("@")
    if NO_ADDRESS.search(user + domain):  # kept by an earlier version
        raise ValueError(f"no address: {address}")
    return Address(_in_line(name), user, domain)


def _in_line(text):
    """The text for a header. One that looks encoded would be decoded when it is set, and Python
    before 3.11.10 writes a line break that comes of it as it is: a header more."""
    return filenames.HIDDEN.sub("", " ".join(text.split())).replace("=?", "= ?")


def preview(to, template, language, context, **_):
    """(subject, text, html) of a mail, without queuing it."""
    return _settings["write"](
        Mail(recipient=to, template=template, language=language, context=context)
    )


def deliver_waiting():
    """Send what waits, for a minute at most. Returns how many mails were tried, and what is wrong
    with the mail server, or ""."""
    if not _settings["url"]:
        return 0, ""
    _release_interrupted()
    waiting = (
        Mail.waiting().where(Mail.template.in_(SIGN_IN_TEMPLATES))
        if _settings["paused"]()
        else Mail.waiting()
    )
    tried, until = 0, time.monotonic() + TURN
    for mail in waiting.limit(50):
        if ending():
            break
        if time.monotonic() > until:
            wake("mail")  # for another turn
            break
        if not mail.claim():
            continue
        tried += 1
        if trouble := mail.deliver():
            return tried, trouble
    else:
        tried == 50 and wake("mail")
    return tried, ""


def _release_interrupted():
    """Mails left in `sending` by a crash are queued again, except papers to customers: whether they
    have them is unknown, so a person must release them."""
    for mail in Mail.select().where(
        Mail.state == "sending",
        (Mail.next_at < now() - INTERRUPTED) | (Mail.next_at > now() + INTERRUPTED),
    ):
        given_up = mail.must_not_come_twice or mail.tries >= len(WAITS)
        Mail.update(
            state="failed" if given_up else "queued",
            error=f"{UNSURE}: interrupted while sending",
        ).where(Mail.id == mail.id, Mail.state == "sending").execute()
