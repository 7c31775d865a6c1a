"""Remarks about an approval request between its approvers and the submitter, with an optional
file."""

import filetype
import peewee as pw

from models.adapters import blobs
from models.approvals.request import ApprovalRequest
from models.approvals.task import Task
from models.core import filenames
from models.core.clock import now
from models.core.database import db
from models.core.errors import Forbidden, refuse
from models.core.journal import Journaled
from models.core.model import Model

MOST_BYTES = 10 * 2**20
KINDS = {"pdf", "png", "jpg", "gif", "webp", "xlsx", "docx", "zip", "tif"}


class Comment(Journaled, Model):
    """One remark; it is no decision."""

    request = pw.ForeignKeyField(ApprovalRequest, backref="comments")
    author = pw.CharField()
    at = pw.DateTimeField()
    text = pw.CharField(max_length=2000, default="")
    file = pw.CharField(max_length=64, null=True)
    filename = pw.CharField(default="")

    @classmethod
    @db.atomic()
    def write(cls, by, request, text, data=b"", filename=""):
        """Write a remark. Allowed for approvers, the submitter and the owner; the type of a file is
        taken from its content and must be one of KINDS."""
        asked = request.tasks.where(Task.user == by.id).exists()
        if not asked and by.id not in (request.submitter_id, request.subject.owner_id):
            raise Forbidden("comment")
        if request.subject.state == "destroyed":
            refuse("is_destroyed")
        text = text.strip()[:2000]
        text or data or refuse("text_needed")
        if data:
            len(data) <= MOST_BYTES or refuse("attachment_too_large", most=MOST_BYTES // 2**20)
            found = filetype.guess(data)
            found and found.extension in KINDS or refuse("attachment_kind")
            filename = filenames.of_kind(filename, found.extension)
        row = cls.create(
            request=request,
            author=by.name,
            at=now(),
            text=text,
            file=blobs.keep(data) if data else None,
            filename=filename if data else "",
        )
        row.record("written", by, request=request.id)
        return row
