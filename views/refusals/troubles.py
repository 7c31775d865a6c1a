"""The most likely cause of a failed mail or backup, as a sentence beside the error message."""

from flask_babel import gettext as _

from models.adapters.outbox import COPIED, RESTORED, UNSURE
from models.operations.backup.run import NO_SNAPSHOT
from views.web.language import N_

MAIL = {
    COPIED: N_("This is a copy of the company's data; the original may have sent this email."),
    RESTORED: N_("Danju was restored from a backup; this email may have been sent before."),
    UNSURE: N_("Possibly sent: the connection was lost before the server replied."),
}
# The first that fits counts, so the specific ones come first.
PLACES = (
    (
        N_(
            "This server could not prepare the backup: the problem is its own disk or data, not "
            "the location."
        ),
        (NO_SNAPSHOT,),
    ),
    (
        N_("The folder is missing or on a different disk. Is the disk connected and mounted?"),
        ("is it mounted",),
    ),
    (
        N_(
            "The driver for this kind of location is missing. Install requirements-stores.txt on"
            " this machine, then restart Danju."
        ),
        ("is not installed",),
    ),
    (
        N_("The server's key has changed. Is it the same server?"),
        ("another key than before",),
    ),
    (
        N_(
            "The server sends Danju on to another address, which is not followed. Enter the right "
            "address."
        ),
        ("0 redirects", "PermanentRedirect", *(f"({code})" for code in (301, 302, 303, 307, 308))),
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
        N_("No space left there."),
        (
            "No space left",
            "Insufficient Storage",
            "code 507",
            "QuotaExceeded",
            "Disk quota exceeded",
        ),
    ),
    (
        N_("Danju has no permission to write there."),
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
        N_("The location does not respond. Is it switched on and the network working?"),
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
        N_("A file of the backup is missing."),
        (".age is not there", ".json is not there"),
    ),
    (
        N_("There is no such bucket or folder there."),
        ("is not there", "No such file or directory", "NoSuchBucket"),
    ),
    (
        N_("The data read back differs from what was written: the disk or connection is damaged."),
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
