"""How this installation is: the doctor's checks with the cure for each, versions and sizes, a
bundle for whoever helps."""

from flask import render_template, request
from flask_babel import gettext as _

from models.core.clock import now
from models.operations import doctor
from models.operations.backup import keys
from models.printed import queue
from views.refusals.faults import fault_sentence
from views.refusals.jobs import job_trouble
from views.refusals.troubles import place_trouble
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.days import moment
from views.web.downloads import send_data

bp = StaffBlueprint("status", __name__, url_prefix="/status", menu="status", help="11-keeping")


def words():
    """{code: (what is checked, the cure)} in the reader's language."""
    repair = _(
        "Stop Danju and run flask repair (or flask repair LOCATION). If that fails: flask "
        "restore LOCATION"
    )
    return {
        "database": (_("Database is intact"), repair),
        "schema": (_("The database is of this version"), _("flask upgrade")),
        "sound": (_("Audit log, documents, numbers and totals agree"), repair),
        "disk": (
            _("Enough disk space"),
            _("Free some space on the disk of the data folder, or move it to a larger one."),
        ),
        "private": (
            _("The data folder, the key files and the settings are private"),
            _("chmod 700 the data folder, chmod 600 the named files"),
        ),
        "address": (
            _("HTTPS is in use"),
            _(
                "Set up a TLS proxy and BASE_URL, e.g. https://portal.example.com; see "
                "deploy/README.md"
            ),
        ),
        "encrypted": (
            _("Connections to other machines are encrypted"),
            _(
                "Use smtp+tls://, smtps://, imaps://, https://, syslog+tls:// and "
                "?sslmode=verify-full, and take the host out of WITHOUT_TLS"
            ),
        ),
        "account": (
            _("The account on the database server has no further rights"),
            _("Give Danju an account that owns its database alone; see deploy/README.md"),
        ),
        "certificate": (
            _("Browsers trust the certificate of this portal"),
            _("Renew the certificate at the proxy; one by Let’s Encrypt renews itself"),
        ),
        "mail": (
            _("Email delivery works"),
            _(
                "Set SMTP_URL, e.g. smtps://user:password@smtp.example.com:465; resend failed "
                "emails on the “Today” page."
            ),
        ),
        "clock": (
            _("The clock of this machine is right"),
            _("Set the clock; the audit log contains an event from the future."),
        ),
        "scheduler": (
            _("Scheduler is running"),
            _("Start Danju with flask serve. Without it, reminders, emails and backups don't run."),
        ),
        "jobs": (
            _("Every job succeeds"),
            _("Find the job in the log; most jobs retry automatically."),
        ),
        "backups": (_("Backups are made and verified"), _("See the “Backups” page.")),
        "second": (
            _("Off-site backups exist"),
            _("Add a second location: another disk, S3, SFTP or WebDAV."),
        ),
        "sheet": (_("The recovery sheet is printed"), _("Print it on the “Backups” page.")),
        "archive": (
            _("Archive tests passed"),
            _("See the report of the last run on the “Archive” page."),
        ),
        "networks": (
            _("Administrators come from the networks for staff"),
            _(
                "STAFF_NETWORKS must name the network that you come from, as Danju sees it; behind "
                "a proxy set TRUSTED_PROXY."
            ),
        ),
        "scanner": (
            _("The virus scanner looks at files"),
            _(
                "Start clamd, and let the user that runs Danju reach it at CLAMD. Delete files in "
                "which something was found."
            ),
        ),
        "holidays": (
            _("Public holidays are entered"),
            _(
                "Enter them on the “Working calendar” page once they are announced. Until then, "
                "time limits count them as working days."
            ),
        ),
    }


def status_sentence(code, facts):
    """What was found, as a sentence; else the error message."""
    found = facts.get("found", "")
    if code == "backups" and "worries" in facts:
        return " ".join(_worry(*worry) for worry in facts["worries"])
    if "failed" in facts:
        return "; ".join(job_trouble(row) for row in facts["failed"])
    if "faults" in facts:
        return "; ".join(map(fault_sentence, facts["faults"]))
    if code == "clock" and "at" in facts:
        return _("The audit log contains an event of %(at)s.", at=moment(facts["at"]))
    if code == "networks" and "addresses" in facts:
        return _("They last came from %(addresses)s.", addresses=", ".join(facts["addresses"]))
    if code == "scanner" and "away" in facts:
        return _("It does not answer, so files cannot be checked: %(error)s", error=found)
    if code == "scanner" and "infected" in facts:
        return _("Found in kept files, which nobody can open any more: %(files)s", files=found)
    if code == "scanner" and "waiting" in facts:
        return _("Files taken without a check, which wait for it: %(n)s", n=facts["waiting"])
    if code == "disk" and "closed" in facts:
        return _(
            "Danju can't write to %(folders)s: they belong to another user. Run chown -R on the "
            "data folder for the user that runs Danju.",
            folders=found,
        )
    if code == "address" and "host" in facts:
        return _(
            "Danju listens on %(host)s, but BASE_URL is not set: whoever reaches it comes without "
            "encryption.",
            host=facts["host"],
        )
    if code == "disk" and "free" in facts:
        return _("%(n)s MB free", n=facts["free"])
    if code == "certificate" and "days" in facts:
        return _("It ends in %(n)s days.", n=facts["days"])
    if code == "holidays" and "year" in facts:
        return _("Not known for %(year)s.", year=facts["year"])
    if code == "archive" and found.isdigit():
        return _("Findings of the last archive tests: %(n)s", n=found)
    if code == "mail" and found.isdigit():
        return _("Emails not delivered: %(n)s", n=found)
    return {
        ("database", "integrity_check"): _("The database file is damaged."),
        ("mail", "SMTP_URL"): _("No email server configured."),
        ("schema", "data_too_old"): _("The data was written by a version before 0.9.0."),
        ("schema", "data_newer"): _("The data was written by a later version of Danju."),
        ("scheduler", "scheduler"): _("Not running."),
        ("second", "0"): _("No verified backup outside this machine."),
        ("sheet", keys.NAME): _("Not printed yet."),
    }.get((code, found), found)


def _worry(place, what, trouble, proven_at):
    if what == "none":
        return _("Backups are not set up yet.")
    if what == "trouble":
        return _(
            "Backup to %(place)s failed: %(trouble)s", place=place, trouble=place_trouble(trouble)
        )
    return _(
        "No verified backup in %(place)s since %(day)s.",
        place=place,
        day=moment(proven_at),
    )


def report(thorough):
    """[{number, title, good, found, cure}]"""
    said = words()
    return [
        {
            "number": n,
            "title": said[code][0],
            "cure": said[code][1],
            "good": good,
            "found": status_sentence(code, facts),
        }
        for n, code, good, facts in doctor.examine(thorough)
    ]


@bp.get("/")
@can("back_up")
def index():
    return render_template(
        "staff/status/index.html",
        rows=report(thorough=False),
        figures=doctor.figures(),
        proof=doctor.last_proof(),
        address=request.remote_addr,
        printing=queue(),
    )


@bp.get("/bundle.zip")
@can("back_up")
def bundle():
    return send_data(
        doctor.bundle(),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"danju-{now():%Y%m%d-%H%M}.zip",
    )
