"""All mail: queued in the transaction of its cause, sent by a job, with a state for each
recipient."""

import contextlib
import datetime as dt
import logging
import smtplib
import socket
import ssl
from email.message import EmailMessage
from email.utils import formataddr, make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

import peewee as pw

from models.adapters import blobs
from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField
from models.core.model import Model

log = logging.getLogger("danju.mail")
TIMEOUT = 30  # seconds
UNREACHABLE = (
    smtplib.SMTPServerDisconnected,
    smtplib.SMTPConnectError,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
)
WAITS = (1, 5, 15, 60, 240, 720)  # minutes before each further try
UNSURE, RESTORED = "perhaps it was sent", "restored from a backup; perhaps it was sent"
SIGN_IN_TEMPLATES = ("sign_in", "password", "invitation")
_settings = {"url": "", "sender": "", "write": None, "domain": "danju.local", "paused": None}
_settings |= {
    "letterhead": lambda mail: ("", ""),
    "attachment": lambda mail: blobs.fetch(mail.attachment),
}


def use(url, sender, write, domain, paused=lambda: False, **more):
    """Where mail goes (smtp://user:pass@host:port, smtps://…), who sends, write(mail) -> subject,
    text, html, and paused(): whether all mail waits except that for signing in. More:
    letterhead(mail) -> the sender's name and the address for answers; attachment(mail) -> bytes."""
    _settings.update(url=url, sender=sender, write=write, domain=domain, paused=paused, **more)


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
    ):
        """Queue a mail; the same key queues nothing twice. With a filename and no attachment it
        waits until `attach` brings the file."""
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
            filename=filename,
            queued_at=now(),
            next_at=now(),
        ).on_conflict_ignore().execute()

    @classmethod
    def waiting(cls):
        """Mails to send now; also those queued while the clock was far ahead."""
        latest = now() + dt.timedelta(minutes=2 * WAITS[-1])
        return (
            cls.select()
            .where(
                cls.state == "queued",
                (cls.next_at <= now()) | (cls.next_at > latest),
                (cls.filename == "") | cls.attachment.is_null(False),
            )
            .order_by(cls.id)
        )

    @classmethod
    def attach(cls, keys, sha):
        """Give the mails whose key begins so the file that they wait for."""
        cls.update(attachment=sha).where(
            cls.key.startswith(keys), cls.filename != "", cls.attachment.is_null()
        ).execute()

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
    def bouncing(cls, addresses):
        """Those of the addresses whose last mail bounced."""
        last = (
            cls.select(pw.fn.MAX(cls.id))
            .where(cls.recipient.in_(addresses), cls.state.in_(("sent", "bounced")))
            .group_by(cls.recipient)
        )
        return {m.recipient for m in cls.select().where(cls.id.in_(last), cls.state == "bounced")}

    def claim(self):
        """True for the one worker that gets to send this mail."""
        return (
            Mail.update(state="sending", tries=Mail.tries + 1, next_at=now())
            .where(Mail.id == self.id, Mail.state == "queued")
            .execute()
            == 1
        )

    def deliver(self):
        """Send by SMTP; after an error queue again, after the last try mark as failed. False when
        the server itself does not answer, so that the other mails need not wait for it too."""
        try:
            _transmit(self.compose())
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()), (550, b"no recipient"))
            self._mark_failed(f"{code} {text.decode(errors='replace')}", final=code >= 500)
        except smtplib.SMTPDataError as error:
            self._mark_failed(
                f"{error.smtp_code} {error.smtp_error.decode(errors='replace')}",
                final=error.smtp_code >= 500,
            )
        except Unsure as error:
            self._mark_failed(f"{UNSURE}: {error}", final=bool(self.reminder))
            return False
        except (OSError, smtplib.SMTPException, blobs.Damaged) as error:
            self._mark_failed(f"{type(error).__name__}: {error}", final=False)
            return not (type(error) is OSError or isinstance(error, UNREACHABLE))
        except Exception as error:  # one mail that cannot be rendered must not stop the others
            log.exception("mail %s cannot be written", self.id)
            self._mark_failed(f"{type(error).__name__}: {error}", final=True)
        else:
            Mail.update(state="sent", sent_at=now(), error="", context=self._without_codes()).where(
                Mail.id == self.id
            ).execute()
        return True

    def compose(self):
        """The complete message, in the recipient's language."""
        subject, text, html = _settings["write"](self)
        message = EmailMessage()
        message["Subject"] = " ".join(subject.split())
        name, answers = _settings["letterhead"](self)
        address = parseaddr(_settings["sender"])[1]
        message["From"] = formataddr((name, address)) if name else _settings["sender"]
        message["To"] = self.recipient
        if answers:
            message["Reply-To"] = answers
        message["Message-ID"] = self.message_id
        message["Date"] = dt.datetime.now(dt.timezone.utc)
        message["Auto-Submitted"] = "auto-generated"
        if self.context.get("opt_out"):  # RFC 8058: mail programs show a button that posts there
            message["List-Unsubscribe"] = f"<{self.context['opt_out']}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
        if self.attachment:
            message.add_attachment(
                _settings["attachment"](self),
                maintype="application",
                subtype="pdf",
                filename=self.filename,
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


def preview(to, template, language, context, **_):
    """(subject, text, html) of a mail, without queuing it."""
    return _settings["write"](
        Mail(recipient=to, template=template, language=language, context=context)
    )


class Unsure(Exception):
    """The complete message was transmitted, but the server did not answer: whether it accepted it
    is unknown."""


class _DetectsUnsure:
    """Raises Unsure when the connection breaks after the message was transmitted."""

    transmitted = False

    def getreply(self):
        try:
            code, text = super().getreply()
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            if self.transmitted:
                raise Unsure(f"{type(error).__name__}: {error}") from error
            raise
        self.transmitted = code == 354  # the server asked for the message, which follows
        return code, text


class _Smtp(_DetectsUnsure, smtplib.SMTP):
    """SMTP, with STARTTLS where it is set."""


class _SmtpOverTls(_DetectsUnsure, smtplib.SMTP_SSL):
    """SMTP over TLS from the first byte."""


def _transmit(message):
    url = urlsplit(_settings["url"])
    if url.scheme == "smtps":
        server = _SmtpOverTls(
            url.hostname, url.port or 465, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        server = _Smtp(url.hostname, url.port or 25, timeout=TIMEOUT)
    try:
        if url.scheme == "smtp+tls":
            server.starttls(context=ssl.create_default_context())
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
    finally:  # the answer to QUIT says nothing about the message
        with contextlib.suppress(Exception):
            server.quit()
        server.close()


def deliver_waiting():
    """Send all waiting mails. Those left in `sending` by a crash are queued again, except
    reminders: whether the customer has them is unknown, so a person must release them."""
    if not _settings["url"]:
        return
    for mail in Mail.select().where(
        Mail.state == "sending", Mail.next_at < now() - dt.timedelta(minutes=10)
    ):
        given_up = mail.reminder or mail.tries >= len(WAITS)
        Mail.update(
            state="failed" if given_up else "queued", error="interrupted while sending"
        ).where(Mail.id == mail.id, Mail.state == "sending").execute()
    waiting = (
        Mail.waiting().where(Mail.template.in_(SIGN_IN_TEMPLATES))
        if _settings["paused"]()
        else Mail.waiting()
    )
    for mail in waiting.limit(50):
        if mail.claim() and not mail.deliver():
            break
