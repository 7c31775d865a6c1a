"""Remarks about an approval request between its approvers and the submitter, with an optional
file."""

import peewee as pw

from models.adapters import blobs, received
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


def attachment(data):
    """The file as Received, None for none. Its kind is judged by its content. Refused for other
    kinds than ours."""
    file = received.examined(data)
    if file:
        len(file.data) <= MOST_BYTES or refuse("attachment_too_large", most=MOST_BYTES // 2**20)
        file.extension in KINDS or refuse("attachment_kind")
    return file


class Comment(Journaled, Model):
    """One remark; it is no decision."""

    request = pw.ForeignKeyField(ApprovalRequest, backref="comments")
    author = pw.CharField()
    at = pw.DateTimeField()
    text = pw.CharField(max_length=2000, default="")
    file = pw.CharField(max_length=64, null=True)
    filename = pw.CharField(default="")

    @classmethod
    def write(cls, by, request, text, data=b"", filename=""):
        """Write a remark, with the bytes of a file or what is Received. Allowed for approvers, the
        submitter and the owner."""
        return cls._add(by, request, text, attachment(data), filename)

    @classmethod
    @db.atomic()
    def _add(cls, by, request, text, file, filename):
        asked = request.tasks.where(Task.user == by.id).exists()
        if not asked and by.id not in (request.submitter_id, request.subject.owner_id):
            raise Forbidden("comment")
        if request.subject.state == "destroyed":
            refuse("is_destroyed")
        text = text.strip()[:2000]
        text or file or refuse("text_needed")
        row = cls.create(
            request=request,
            author=by.name,
            at=now(),
            text=text,
            file=blobs.keep(file.data) if file else None,
            filename=filenames.of_kind(filename, file.extension) if file else "",
        )
        row.record("written", by, request=request.id)
        return row
