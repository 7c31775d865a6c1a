"""How much a customer may send us: the only table of such limits, told in docs/security.md.

Counted for each contact, by the portal and by all links in mails together; all contacts of a
customer together may send OF_CUSTOMER times as much."""

import datetime as dt

import peewee as pw

from models.core.clock import now
from models.core.errors import refuse
from models.core.model import Model
from models.customers.contact import Contact
from models.customers.customer import Customer

HOUR, DAY, YEAR = 1, 24, 24 * 365
# {what a contact does: [(how often at most, within so many hours)]}
LIMITS = {
    "dispute": [(10, HOUR), (30, DAY)],
    "message": [(30, HOUR), (100, DAY)],  # on documents and in disputes
    "payment": [(10, HOUR), (30, DAY)],  # that they report
    "feedback": [(10, HOUR), (30, DAY)],
    "file": [(20, HOUR), (60, DAY), (2000, YEAR)],  # beside any of these
}
MOST_MB = 100  # of their files within a day
MOST_MB_OF_YEAR = 1000
OF_CUSTOMER = 3


class CustomerAct(Model):
    """What a contact sent us within the last day, of files within a year, kept only to be
    counted."""

    kind = pw.CharField(max_length=10)
    contact = pw.ForeignKeyField(Contact, on_delete="CASCADE")
    customer = pw.ForeignKeyField(Customer, on_delete="CASCADE")  # that its contact was of then
    at = pw.DateTimeField(index=True)
    size = pw.IntegerField(default=0)  # bytes

    @classmethod
    def count(cls, by, kind, file=None):
        """Count an act of the contact, and the file that comes with it as what is Received. Refused
        when there were too many. Called inside the transaction of the act; what colleagues do is
        not counted."""
        if by.roles:
            return
        cls._forget_old()
        for scope, times in ((cls.contact == by.id, 1), (cls._of_customer(by), OF_CUSTOMER)):
            _refuse_beyond(cls.select().where(scope), times, kind, file)
        cls._note(by, kind)
        if file:
            cls._note(by, "file", len(file.data))

    @classmethod
    def _forget_old(cls):
        day, year = (now() - dt.timedelta(hours=hours) for hours in (DAY, YEAR))
        cls.delete().where((cls.at < day) & (cls.kind != "file") | (cls.at < year)).execute()

    @classmethod
    def _of_customer(cls, by):
        return cls.customer.in_(Customer.group_of(by.customer_id))

    @classmethod
    def _note(cls, by, kind, size=0):
        cls.create(kind=kind, contact=by.id, customer=by.customer_id, at=now(), size=size)


def _refuse_beyond(rows, times, kind, file):
    for name in (kind, "file") if file else (kind,):
        for most, hours in LIMITS[name]:
            if _since(rows, hours).where(CustomerAct.kind == name).count() >= most * times:
                hours < YEAR or refuse("files_full")
                refuse("too_much_sent", most=most * times, hours=hours)
    if file:
        if _bytes(rows, DAY) + len(file.data) > MOST_MB * 2**20 * times:
            refuse("too_many_bytes", most=MOST_MB * times)
        if _bytes(rows, YEAR) + len(file.data) > MOST_MB_OF_YEAR * 2**20 * times:
            refuse("files_full")


def _bytes(rows, hours):
    return _since(rows, hours).select(pw.fn.SUM(CustomerAct.size)).scalar() or 0


def _since(rows, hours):
    return rows.where(CustomerAct.at > now() - dt.timedelta(hours=hours))
