"""The documents that a member of staff may see."""

import peewee as pw

from models.approvals.request import ApprovalRequest
from models.approvals.task import Task
from models.core.model import without_index
from models.documents import Document


class SeenDocuments:
    """Mixed into the scopes of staff: those of the customers one sees, and those of others that one
    was asked to decide."""

    def documents(self):
        rows = Document.select().where(Document.state != "discarded")
        if self.person.sees_all:
            return rows
        asked = (
            ApprovalRequest.select(ApprovalRequest.document)
            .join(Task)
            .where(Task.user == self.person.id)
        )
        asked = pw.Expression(without_index(Document.id), pw.OP.IN, asked)
        return rows.where(self.of_own(Document.customer) | asked)
