"""How this installation is: the doctor's checks with the cure for each, versions and sizes, a bundle for whoever helps."""
import io

from flask import Blueprint, render_template, send_file
from flask_babel import gettext as _

from models import doctor
from models.base import now
from views.helpers import audience

bp = Blueprint("status", __name__, url_prefix="/status")


def words():
    """{code: (what is checked, the cure)} in the reader's language."""
    return {
        "database": (_("The database is whole"), _("Stop Danju, then flask repair, or flask repair PLACE; what it cannot mend: flask restore PLACE")),
        "schema": (_("The database is of this version"), _("flask upgrade")),
        "sound": (_("Journal, papers, numbers and sums agree"), _("flask repair; what it cannot mend: flask restore PLACE")),
        "disk": (_("The disk has room"), _("Free some space on the disk of the data folder, or move it to a larger one.")),
        "private": (_("Keys can be read by Danju alone"), _("chmod 600 the named files in the data folder")),
        "address": (_("People come by https"), _("Put a proxy with TLS in front and set BASE_URL=https://…, see deploy/README.md")),
        "mail": (_("Mail goes out"), _("Set SMTP_URL; send failed mails again on the page “Today”.")),
        "clock": (_("The clock of this machine is right"), _("Set the clock; the journal holds an event from the future.")),
        "scheduler": (_("The clockwork runs"), _("Start Danju by flask serve; reminders, mail and backups rest without it.")),
        "jobs": (_("Every job succeeds"), _("See the named job in the log; most try again by themselves.")),
        "backups": (_("Backups are made and proven"), _("See the page “Backups”.")),
        "second": (_("Backups also lie outside this machine"), _("Add a second place: another disk, S3, SFTP or WebDAV.")),
        "sheet": (_("The recovery sheet is printed"), _("Print it on the page “Backups”.")),
    }


def report(thorough):
    """[{number, title, good, found, cure}]"""
    said = words()
    return [{"number": n, "title": said[code][0], "cure": said[code][1], "good": good, "found": facts.get("found", "")}
            for n, code, good, facts in doctor.examine(thorough)]


@bp.get("/")
@audience("admin")
def index():
    return render_template("staff/status/index.html", rows=report(thorough=False), figures=doctor.figures())


@bp.get("/bundle.zip")
@audience("admin")
def bundle():
    return send_file(io.BytesIO(doctor.bundle()), mimetype="application/zip", as_attachment=True, download_name=f"danju-{now():%Y%m%d-%H%M}.zip")
