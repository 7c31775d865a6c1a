"""Which chapter of the manual explains a page."""

from flask import current_app, request, url_for

OVERVIEW = "01-overview"
# The chapter beside a section of the handbook, which each blueprint names; some have a closer one.
CHAPTERS = {
    OVERVIEW: "1",
    "02-customers": "3",
    "03-making": "4",
    "04-review": "5",
    "05-issue": "6",
    "06-delivery": "7",
    "07-payment": "9",
    "08-reminders": "11",
    "09-correction": "2",
    "10-filing": "15",
    "11-keeping": "16",
    "12-destruction": "16",
    "13-care": "19",
    "14-accounts": "21",
    "15-training": "20",
}
CLOSER = {
    "access": "22",
    "acts": "18",
    "announcements": "17",
    "backups": "17",
    "bank_files": "banks",
    "bank_lines": "banks",
    "calendar": "approvals",
    "conversions": "2",
    "dispute_figures": "12",
    "disputes": "12",
    "documents": "2",
    "filters": "13",
    "flows": "approvals",
    "handbook": "20",
    "import_mappings": "14",
    "import_rows": "14",
    "imports": "14",
    "insight_papers": "18",
    "insights": "18",
    "journal": "22",
    "lines": "4",
    "number_book": "6",
    "packages": "15",
    "receivables": "10",
    "search": "13",
    "settings": "1",
    "statement_runs": "10",
    "statements": "10",
    "status": "17",
    "tax_rates": "1",
}


def help_address():
    """The chapter for the page, with the section of the handbook that its blueprint names."""
    blueprint = current_app.blueprints.get(request.blueprint)
    rule = getattr(blueprint, "help", OVERVIEW)
    chapter = CLOSER.get(request.blueprint, CHAPTERS[rule])
    if request.endpoint in ("documents.edit", "documents.new"):
        chapter = "4"
    return url_for("manual.show", key=chapter, rule=rule)
