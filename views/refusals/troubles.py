"""The most likely cause of a failed mail or backup, as a sentence beside the error message."""

from flask_babel import gettext as _

from models.adapters.outbox import COPIED, RESTORED, UNSURE
from models.operations.backup.run import NO_SNAPSHOT
from views.web.language import N_

MAIL = {
    COPIED: N_("This is a copy of the firm; perhaps the other one sent this mail."),
    RESTORED: N_("Danju was restored from a backup; perhaps this mail was sent before."),
    UNSURE: N_("Possibly sent: the connection was lost before the server replied."),
}
# The first that fits counts, so the specific ones come first.
PLACES = (
    (
        N_(
            "This server could not lay out the backup: its own disk or data stands "
            "in the way, not the place."
        ),
        (NO_SNAPSHOT,),
    ),
    (
        N_(
            "The folder is not there, or it is not the disk it was. Is the disk "
            "plugged in and mounted?"
        ),
        ("is it mounted",),
    ),
    (
        N_(
            "The driver for this kind of place is missing. On this machine, install "
            "requirements-stores.txt, then start Danju anew."
        ),
        ("is not installed",),
    ),
    (
        N_("The server shows another key than before. Is it the same server?"),
        ("another key than before",),
    ),
    (
        N_("The user name, password or key was not accepted."),
        (
            "Authentication",
            "code 401",
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "Unauthorized",
            "private key cannot be read",
        ),
    ),
    (
        N_("There is no room left there."),
        (
            "No space left",
            "Insufficient Storage",
            "code 507",
            "QuotaExceeded",
            "Disk quota exceeded",
        ),
    ),
    (
        N_("Danju may not write there."),
        (
            "Permission denied",
            "Read-only file system",
            "AccessDenied",
            "code 403",
            "(403)",
            "Forbidden",
            "PermissionError",
        ),
    ),
    (
        N_("The place does not answer. Is it switched on, and does the network work?"),
        (
            "Could not connect",
            "Connection refused",
            "No connection with",
            "Name or service not known",
            "name resolution",
            "timed out",
            "timeout",
            "No route to host",
            "Network is unreachable",
            "Connection reset",
            "EOFError",
            "Connection was closed",
        ),
    ),
    (
        N_("A file that belongs to the backup is missing there."),
        (".age is not there", ".json is not there"),
    ),
    (
        N_("There is no such bucket or folder there."),
        ("is not there", "No such file or directory", "NoSuchBucket"),
    ),
    (
        N_("What was read back is not what was written: the disk or the line is damaged."),
        ("is not what was written", "are not those that were written", "checksum"),
    ),
)


def mail_trouble(error):
    """Why a mail did not go: our own words in the reader's language; what the mail server said
    stays as it said it."""
    for ours, meaning in MAIL.items():
        if error.startswith(ours):
            return f"{_(meaning)} {error[len(ours) :].lstrip(': ')}".strip()
    return error


def place_trouble(error):
    """Why a backup did not get there: what it most likely means in the reader's language, then the
    words of the machine."""
    for meaning, signs in PLACES:
        if any(sign.lower() in error.lower() for sign in signs):
            return _("%(meaning)s (%(words)s)", meaning=_(meaning), words=error)
    return error
