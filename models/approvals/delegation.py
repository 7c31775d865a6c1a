"""Delegation (代理): who stands in for whom, on which days, for which documents and up to which
amount."""

import peewee as pw

from models.company import Company
from models.core.clock import now, today
from models.core.database import db
from models.core.errors import Forbidden, Refused, refuse
from models.core.fields import JSONField, MoneyField
from models.core.journal import Journaled
from models.core.model import Model
from models.people import User


class Delegation(Journaled, Model):
    """Between two days, tasks of `user` go to `to`; the journal shows both names."""

    user = pw.ForeignKeyField(User, backref="delegations")
    to = pw.ForeignKeyField(User, backref="stands_in_for")
    first_day = pw.DateField()
    last_day = pw.DateField()
    kinds = JSONField(default=list)
    most = MoneyField(null=True)
    currency = pw.CharField(max_length=3, default="CNY")
    ended = pw.BooleanField(default=False)

    @property
    def name(self):
        return f"{self.user.name} → {self.to.name}"

    @property
    def lasts(self):
        """Whether it has neither reached its last day nor been ended early."""
        return not self.ended and self.last_day >= today()

    @classmethod
    @db.atomic()
    def arrange(cls, by, user, to, first_day, last_day, kinds=(), most=None, currency=None):
        """Let `to` stand in for `user`; open tasks are handed over on the first day. By the person
        or an administrator."""
        if by.id != user.id:
            by.must("manage_people")
        user.id != to.id or refuse("not_yourself")
        to.active or refuse("no_such_person")
        first_day <= last_day or refuse("days_backward")
        last_day >= today() or refuse("day_in_past")
        if cls.live_on(first_day, last_day).where(cls.user == user.id).exists():
            refuse("delegated_already")
        row = cls.create(
            user=user,
            to=to,
            first_day=first_day,
            last_day=last_day,
            kinds=list(kinds),
            most=most,
            currency=currency or Company.current().currency,
        )
        row.record("arranged", by, to=[to.name], until=last_day)
        row.take_over()
        return row

    def may_be_ended_by(self, person):
        """By the one who is absent, or an administrator."""
        return person.id == self.user_id or person.may("manage_people")

    @db.atomic()
    def end(self, by):
        """End the delegation early; tasks that were handed over stay with the stand-in."""
        if not self.may_be_ended_by(User.get_by_id(by.id)):
            raise Forbidden("manage_people")
        updated = (
            Delegation.update(ended=True)
            .where(Delegation.id == self.id, ~Delegation.ended)
            .execute()
        )
        updated or refuse("state_changed", now="ended")
        self.record("ended", by)

    @classmethod
    def live_on(cls, first, last=None):
        return cls.select().where(
            ~cls.ended, cls.first_day <= (last or first), cls.last_day >= first
        )

    def covers(self, request):
        """Whether the subject of this request is within the delegated kinds and amount."""
        subject = request.subject
        return (not self.kinds or subject.kind in self.kinds) and (
            self.most is None
            or (
                subject.total is not None
                and subject.currency == self.currency
                and abs(subject.total) <= self.most
            )
        )

    @classmethod
    def stand_in(cls, user, request):
        """Who decides today in place of the user, or None. Follows delegations of the stand-in too,
        never in a circle, and never to the submitter or owner."""
        seen, person = {user.id}, user
        while True:
            row = next(
                (d for d in cls.live_on(today()).where(cls.user == person.id) if d.covers(request)),
                None,
            )
            if row is None or row.to_id in seen or not row.to.active:
                break
            seen.add(row.to_id)
            person = row.to
        own = (request.submitter_id, request.subject.owner_id)
        return person if person.id != user.id and person.id not in own else None

    def take_over(self):
        """Hand over the tasks that are open already, if today is within the delegation."""
        if not (self.first_day <= today() <= self.last_day) or self.ended:
            return
        Task = self.user.all_tasks.model
        for task in self.user.all_tasks.where(
            Task.state == "open", Task.on_behalf.is_null()
        ).order_by(Task.id):
            if self.covers(task.request) and (substitute := self.stand_in(task.user, task.request)):
                try:
                    with db.atomic():
                        task.move("open", to="handed_over", decided_at=now())
                        task._check_can_be_asked(substitute)
                        new = Task.open_for(
                            task.request,
                            task.user,
                            kind=task.kind,
                            parent=task.parent,
                            came_from=task.came_from,
                        )
                        Task.update(parent=new).where(
                            Task.parent == task.id, Task.kind == "before"
                        ).execute()
                        task.request.record(
                            "delegated",
                            None,
                            step=task.step,
                            task=task.id,
                            into=new.id,
                            to=[new.user.name],
                            behalf=task.user.name,
                        )
                except Refused:
                    continue


def start_due():
    """Hand over the open tasks of everyone whose absence has begun; safe to run again."""
    for row in Delegation.live_on(today()).order_by(Delegation.id):
        with db.atomic():
            row.take_over()
