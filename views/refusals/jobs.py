"""What runs in the background, by the names of jobs/scheduler.py and jobs/worker.py, and how it
failed, in the reader's language."""

from flask_babel import gettext as _

from models.archive.filing_by_rule import NotFiled
from views.refusals.faults import fault_sentence
from views.refusals.troubles import place_trouble
from views.web.labels import headed
from views.web.language import N_

JOBS = {
    "absences begin": N_("Start of absences"),
    "anchor the journal": N_("Log seal"),
    "archive inspections": N_("Archive tests"),
    "backup": N_("Backup"),
    "contact plans": N_("Contact plans"),
    "daily check": N_("Daily check of the data"),
    "daily checks": N_("Daily checks"),
    "deliver mail": N_("Email delivery"),
    "destruction certificates": N_("Destruction certificates"),
    "empty drafts": N_("Removal of empty drafts"),
    "erase destroyed files": N_("Deletion of destroyed files"),
    "file by rule": N_("Archiving by rule"),
    "follow-ups due": N_("Follow-ups due"),
    "four tests of the archive": N_("Yearly archive tests"),
    "greetings due": N_("Sending of greetings"),
    "greetings laid out": N_("Preparation of greetings"),
    "imports": N_("Import"),
    "inspection report": N_("Monthly report of the checks"),
    "keep imports": N_("Archiving of imports"),
    "changed accounts": N_("Changed bank accounts"),
    "late approvals": N_("Late approvals"),
    "late disputes": N_("Late disputes"),
    "payment reminders": N_("Payment reminders"),
    "pictures of documents": N_("Document previews"),
    "printing": N_("PDF creation"),
    "read archived files": N_("Search in archived files"),
    "read bounces": N_("Bounced emails"),
    "security events": N_("Security events for your log server"),
    "share year packages": N_("Sharing of annual archives"),
    "statements": N_("Statements"),
    "surveys": N_("Surveys after deliveries"),
    "surveys on complaints": N_("Surveys after disputes"),
    "sweep staged rows": N_("Removal of unfinished imports"),
    "the month on one page": N_("Monthly overview"),
    "training": N_("Training"),
    "unchecked files": N_("Virus check of files taken without it"),
    "weekly anchor mail": N_("Weekly email of the log seal"),
    "weekly digest": N_("Weekly overview"),
    "year packages": N_("Annual archives"),
}


def job_trouble(row):
    """Which job failed, and why, as far as it is known."""
    job = row.name.removeprefix("job ")
    kind, _sign, words = row.trouble.partition(": ")
    if kind == "Faults":
        words = listed_faults(words)
    elif kind == NotFiled.__name__:
        words = _("Not archived: %(numbers)s", numbers=words)
    else:
        words = place_trouble(row.trouble)
    return headed(_(JOBS[job]) if job in JOBS else job, words)


def listed_faults(text):
    """The faults that the daily check noted, as sentences."""
    return "; ".join(fault_sentence(fault) for fault in text.split("; "))
