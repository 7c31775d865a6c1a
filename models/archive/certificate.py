"""The certificate of a destruction: the list as carried out, with all four names."""

from models.archive.erased_content import copies_left
from models.company import Company
from models.core.clock import local


def facts(row):
    """The content of the certificate, as data."""
    company = Company.current()
    when = lambda moment: f"{local(moment):%Y-%m-%d %H:%M}" if moment else ""  # noqa: E731
    return {
        "kind": "certificate",
        "number": row.number,
        "language": company.language,
        "seller": {**company.as_seller(language=company.language), "footer": ""},
        "opinion": row.opinion,
        "proposer": row.proposer.name,
        "proposed_at": when(row.proposed_at),
        "approver": row.approver.name,
        "approved_at": when(row.decided_at),
        "decision": row.decision,
        "destroyed_at": when(row.destroyed_at),
        "erased_at": when(row.erased_at),
        "items": [
            {
                "name": i.name,
                "class": i.kind,
                "years": f"{i.first_year}"
                if i.first_year == i.last_year
                else f"{i.first_year}–{i.last_year}",
                "code": i.code,
                "files": i.files,
                "term": i.term,
                "kept": i.kept,
                "at": when(i.at),
                "sha": i.sha,
            }
            for i in row.items.order_by(type(row).items.rel_model.id)
        ],
        "witnesses": [
            {"name": w.user.name, "checked_at": when(w.checked_at), "signed_at": when(w.signed_at)}
            for w in row.witnesses
        ],
        "copies": [
            {"name": name, "place": place, "made": when(made), "expires": str(expires or "–")}
            for name, place, made, expires in copies_left(row)
        ],
    }
