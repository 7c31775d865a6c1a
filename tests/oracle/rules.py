"""Who sees what, in plain Python written from docs/security.md's chapter of that name: it reads the
rows of the tables as they are, and knows nothing of the models."""

from collections import namedtuple
from json import loads

from models.core.database import db

SEE_ALL = {"finance", "archivist", "admin"}
GIVEN_OUT = {"issued", "archived", "voided"}
TABLES = (
    "users customer contact document payment refund write_off statement reminder dispute hold "
    "promise dispute_entry filing external_file e_invoice legal_hold task approval_request "
    "comment feedback follow_up finding act training import delegation"
).split()

Row = dict
Who = namedtuple("Who", "side id")  # side: "staff" or "contact"


class Facts:
    """All rows by table and id, and what the oracle says of them."""

    def __init__(self):
        self.rows = {name: _rows(name) for name in TABLES}
        self.asked = set()  # (who was asked, about which document)
        for task in self.rows["task"].values():
            request = self.rows["approval_request"][task["request_id"]]
            self.asked.add((task["user_id"], request["document_id"]))

    def row(self, table, ident):
        return self.rows[table][ident]

    # Of staff: a role whose course was not passed in time sees, and has no right

    def roles(self, user):
        return set(loads(user["roles"]) if isinstance(user["roles"], str) else user["roles"])

    def rights(self, user):
        if not user["active"]:
            return set()
        resting = user["resting"] or []
        return self.roles(user) - set(loads(resting) if isinstance(resting, str) else resting)

    def sees_all(self, user):
        return bool(self.roles(user) & SEE_ALL)

    def colleague(self, user, other):
        """Whether a manager of the other's team, or the other."""
        if user["id"] == other:
            return True
        team = other and self.row("users", other)["team_id"]
        return "manager" in self.roles(user) and team is not None and team == user["team_id"]

    def customer(self, user, customer):
        if self.sees_all(user):
            return True
        owner = self.row("customer", customer["id"])["owner_id"]
        if owner is None:
            return "manager" in self.roles(user)
        return self.colleague(user, owner)

    def of_customer(self, user, row):
        if row["customer_id"] is None:
            return self.sees_all(user)
        return self.customer(user, self.row("customer", row["customer_id"]))

    def document(self, user, document):
        if document["state"] == "discarded":
            return False
        return self.of_customer(user, document) or (user["id"], document["id"]) in self.asked

    def owned(self, user, row):
        """Of one's customers, or one's own."""
        return self.of_customer(user, row) or row["owner_id"] == user["id"]

    def entry(self, user, entry):
        return self.owned(user, self.row("dispute", entry["dispute_id"]))

    def external_file(self, user, file):
        return self.of_customer(user, self.row("filing", file["filing_id"]))

    def einvoice(self, user, invoice):
        return self.external_file(user, self.row("external_file", invoice["file_id"]))

    def request(self, user, request):
        """Of documents; destruction lists are witnesses' and who is asked."""
        if request["document_id"] is None:
            return bool(self.rights(user) & {"admin", "manager", "finance", "archivist"})
        return self.document(user, self.row("document", request["document_id"]))

    def comment(self, user, comment):
        request = self.row("approval_request", comment["request_id"])
        return bool(comment["file"]) and self.request(user, request)

    def legal_hold(self, user, hold):
        if not self.rights(user) & {"admin", "manager", "finance", "archivist"}:
            return False
        if self.sees_all(user):
            return True
        if hold["document_id"]:
            return self.of_customer(user, self.row("document", hold["document_id"]))
        return hold["customer_id"] is not None and self.of_customer(user, hold)

    def finding(self, user, finding):
        return self.sees_all(user) or self.colleague(user, finding["owner_id"])

    def act(self, user, act):
        return self.sees_all(user) or self.colleague(user, act["made_by_id"])

    def training(self, user, training):
        person = self.row("users", training["user_id"])
        rights = self.rights(user)
        if not rights & {"admin", "manager"}:
            return person["id"] == user["id"]
        return person["active"] and ("admin" in rights or self.colleague(user, person["id"]))

    def import_(self, user, row):
        if self.rights(user) & {"admin", "finance"}:
            return True
        return "importer" in self.rights(user) and row["by_id"] == user["id"]

    def delegation(self, user, row):
        return "admin" in self.rights(user) or user["id"] in (row["user_id"], row["to_id"])

    STAFF = {
        "customers": ("customer", customer),
        "contacts": ("contact", of_customer),
        "documents": ("document", document),
        "payments": ("payment", of_customer),
        "refunds": ("refund", of_customer),
        "write_offs": ("write_off", of_customer),
        "statements": ("statement", of_customer),
        "reminders": ("reminder", of_customer),
        "holds": ("hold", of_customer),
        "promises": ("promise", of_customer),
        "disputes": ("dispute", owned),
        "dispute_entries": ("dispute_entry", entry),
        "filings": ("filing", of_customer),
        "external_files": ("external_file", external_file),
        "einvoices": ("e_invoice", einvoice),
        "legal_holds": ("legal_hold", legal_hold),
        "tasks": ("task", lambda self, user, task: task["user_id"] == user["id"]),
        "requests": ("approval_request", request),
        "comments": ("comment", comment),
        "feedback_seen": ("feedback", of_customer),
        "follow_ups": ("follow_up", owned),
        "findings": ("finding", finding),
        "acts": ("act", act),
        "trainings": ("training", training),
        "imports": ("import", import_),
        "delegations_seen": ("delegation", delegation),
    }

    # Of a customer's contacts

    def own_document(self, contact, document):
        return (
            document["state"] in GIVEN_OUT
            and document["customer_id"] == contact["customer_id"]
            and (contact["sees_company"] or document["contact_id"] == contact["id"])
        )

    def own_payment(self, contact, payment):
        """Those that its contacts reported go with the contact."""
        by = payment["reported_by_id"]
        if not contact["sees_company"]:
            return by == contact["id"]
        if by is None:
            return payment["customer_id"] == contact["customer_id"]
        return self.row("contact", by)["customer_id"] == contact["customer_id"]

    def own_statement(self, contact, statement):
        return (
            statement["customer_id"] == contact["customer_id"]
            and contact["sees_company"]
            and statement["sent_at"] is not None
            and (statement["state"] != "replaced" or statement["confirmed_at"] is not None)
        )

    def own_reminder(self, contact, reminder):
        return reminder["customer_id"] == contact["customer_id"] and contact["sees_company"]

    def own_dispute(self, contact, dispute):
        """Of the customer, and raised by one of its people of today, or by nobody of theirs."""
        by = dispute["contact_id"]
        document = dispute["document_id"] and self.row("document", dispute["document_id"])
        if by is None:
            ours = dispute["customer_id"] == contact["customer_id"]
        else:
            ours = self.row("contact", by)["customer_id"] == contact["customer_id"]
        if not ours or document and document["customer_id"] != contact["customer_id"]:
            return False
        if contact["sees_company"] or by == contact["id"]:
            return True
        return bool(document) and self.own_document(contact, document)

    def own_entry(self, contact, entry):
        return not entry["internal"] and self.own_dispute(
            contact, self.row("dispute", entry["dispute_id"])
        )

    CONTACT = {
        "documents": ("document", own_document),
        "payments": ("payment", own_payment),
        "statements": ("statement", own_statement),
        "reminders": ("reminder", own_reminder),
        "disputes": ("dispute", own_dispute),
        "dispute_entries": ("dispute_entry", own_entry),
    }

    def seen(self, who, name):
        """The ids that this person sees of what the name says, and those that there are."""
        rules = self.STAFF if who.side == "staff" else self.CONTACT
        table, rule = rules[name]
        person = self.row("users" if who.side == "staff" else "contact", who.id)
        every = self.rows[table]
        return {ident for ident, row in every.items() if rule(self, person, row)}, set(every)

    def let_in(self, who):
        """Whether this person may be signed in at all."""
        if who.side == "staff":
            return bool(self.row("users", who.id)["active"])
        contact = self.row("contact", who.id)
        return bool(contact["active"] and self.row("customer", contact["customer_id"])["active"])


def _rows(table):
    cursor = db.execute_sql(f'SELECT * FROM "{table}"')
    names = [column[0] for column in cursor.description]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["id"]: row for row in found}
