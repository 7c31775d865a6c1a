"""Staff: their roles, teams and superiors."""

from collections import namedtuple

import peewee as pw

from models.adapters import outbox
from models.adapters.outbox import Mail
from models.company import Company
from models.core.database import db
from models.core.errors import Forbidden, refuse
from models.core.fields import JSONField
from models.core.journal import Journaled
from models.core.model import Model
from models.core.prepared import prepared
from models.core.roles import MAY, STAFF_ROLES
from models.core.unique import unique_or_refuse
from models.people.account import SignsIn
from models.people.code import Code
from models.people.provider_account import ProviderAccount, SignsInByProvider
from models.people.second_factor import SecondFactor
from models.people.secrets import digest
from models.people.session import Session

Named = namedtuple("Named", "id name")


class Team(Journaled, Model):
    """Salespeople who share a manager."""

    name = pw.CharField(unique=True)

    @classmethod
    def get_or_enter(cls, by, name):
        """The team of that name, created when it is new."""
        team = cls.get_or_none(cls.name == name)
        if team is None:
            team = cls.create(name=name)
            team.record("entered", by)
        return team


class User(SignsIn, SecondFactor, SignsInByProvider, Journaled, Model):
    """A member of staff."""

    name = pw.CharField()
    email = pw.CharField(unique=True)
    password = pw.CharField(default="")
    roles = JSONField(default=list)
    team = pw.ForeignKeyField(Team, backref="members", null=True)
    superior = pw.ForeignKeyField("self", null=True)
    language = pw.CharField(max_length=2, default="zh")
    active = pw.BooleanField(default=True)
    resting = JSONField(default=list)
    sees_company = True
    is_staff = True
    sessions_followers = []
    presence_followers = []  # called with (person, by) when who may decide can have changed
    roles_followers = []  # called with (person, by) when a person is entered or gets other roles

    class Meta:
        table_name = "users"

    def get_id(self):
        return self.id

    @property
    def first_role(self):
        return next(role for role in STAFF_ROLES if role in self.roles)

    @property
    def acting_roles(self):
        """The roles whose rights are in force; those in `resting` wait until the course that the
        role requires is passed."""
        return [role for role in self.roles if role not in (self.resting or ())]

    @property
    def sees_all(self):
        return bool({"finance", "archivist", "admin"} & set(self.roles))

    @property
    def assigns_customers(self):
        """Whether this person decides who is responsible for a customer and how much credit it
        gets: approvals depend on both."""
        return self.sees_all or "manager" in self.roles

    def may(self, ability, thing=None):
        """Whether a role of this person allows the ability, and the person is responsible for the
        thing."""
        return (
            self.active
            and bool(MAY[ability] & set(self.acting_roles))
            and (thing is None or self.sees.is_responsible_for(thing))
        )

    def must(self, ability, thing=None):
        """Raise Forbidden unless may(), by the roles that the person has at this moment: they may
        have been taken away since the request, or the long work, began."""
        if not User.get_by_id(self.id).may(ability, thing):
            raise Forbidden(ability)

    @classmethod
    @db.atomic()
    def enter(cls, by, *, password=None, **data):
        """Add a colleague, who reads in the firm's language unless they have their own. `by` None
        only for the first administrator, and for whom the sign-in provider vouches."""
        if by is not None:
            by.must("manage_people")
        set(data["roles"]) <= set(STAFF_ROLES) and data["roles"] or refuse("role_needed")
        data = {"language": Company.current().language, **data}
        data["email"] = data["email"].strip().lower()
        with unique_or_refuse("email_taken", email=data["email"]):
            user = cls.create(**data)
        user.record("entered", by)
        for follower in cls.roles_followers + cls.presence_followers:
            follower(user, by)
        if password:
            user.set_password(password, by)
        return user

    @db.atomic()
    def revise(self, by, **data):
        """Change name, mail, roles, team, superior, language."""
        by.must("manage_people")
        if "roles" in data:
            set(data["roles"]) <= set(STAFF_ROLES) and data["roles"] or refuse("role_needed")
            if "admin" not in data["roles"]:
                self._must_leave_an_admin()
        if "email" in data:
            data["email"] = data["email"].strip().lower()
        if set(data.get("roles", ())) == set(self.roles):
            data.pop("roles", None)
        data = self.differing(data)
        if not data:
            return
        for key, value in data.items():
            setattr(self, key, value)
        with unique_or_refuse("email_taken", email=self.email):
            changed = self.save_changes(by)
        if {"roles", "email"} & set(data):
            self.end_sessions()
        if changed:
            for follower in self.roles_followers if "roles" in data else []:
                follower(self, by)
            self.presence_changed(by)

    def _must_leave_an_admin(self):
        """Refused for the last active administrator. Called inside the transaction, as two of them
        may disable each other at the same time."""
        others = [
            u for u in User.select().where(User.active, User.id != self.id) if "admin" in u.roles
        ]
        "admin" not in self.roles or others or refuse("last_admin")

    @classmethod
    @db.atomic()
    def put_in_place(cls, by, person, password, **data):
        """Add or change a colleague; the team is given by its name."""
        by.must("manage_people")
        if "team" in data:
            data["team"] = Team.get_or_enter(by, data["team"]) if data["team"] else None
        if person is None:
            return cls.enter(by, password=password, **data)
        person.revise(by, **data)
        if password:
            person.set_password(password, by)
        return person

    @classmethod
    @db.atomic()
    def invite_all(cls, by, wanted, link):
        """Mail each new colleague a link; `wanted`: {address: (name, roles)}. Whose invitation was
        withdrawn is invited anew. Nobody is, when one of them is a colleague already."""
        by.must("manage_people")
        for email, (name, roles) in wanted.items():
            user = cls.get_or_none(cls.email == email, ~cls.active, cls.password == "")
            if user:
                user.enable(by)
                user.revise(by, roles=roles)
            else:
                user = cls.enter(by, name=name, email=email, roles=roles)
            user.invite(by, link)

    @db.atomic()
    def invite(self, by, link):
        """Mail a link that works once, by which the colleague sets name and password; earlier ones
        end. `link(code)` returns its address."""
        by.must("manage_people")
        self.awaited or refuse("has_joined", name=self.name)
        code = Code.make("joining", self)
        Mail.enqueue_to(
            self, f"joining-{digest(code)[:20]}", "joining", {"by": by.name, "link": link(code)}
        )
        self.record("invited", by)

    @classmethod
    @db.atomic()
    def sign_everybody_out(cls, by):
        """End every session, of colleagues and customers, also that of `by`."""
        by.must("manage_people")
        Session.end_everybody()
        by.record("everybody_signed_out", by)

    @property
    def awaited(self):
        """Whether they have an account, but nothing yet to enter it by."""
        return self.active and not self.password and not ProviderAccount.of(self).exists()

    @db.atomic()
    def call_oneself(self, name):
        """The name that the colleague goes by."""
        self.name = name
        self.save_changes(by=self)

    @classmethod
    def colleague(cls, ident, left=False):
        """The active member of staff with this id, or None; `left` also finds one who is
        disabled."""
        found = cls.get_or_none(cls.id == ident)
        return found if found and (found.active or left) else None

    @classmethod
    def with_role(cls, role):
        """Active people holding the role, as a list (roles are stored as JSON)."""
        return [user for user in _active() if role in user.roles]

    @classmethod
    def named_with_role(cls, role):
        """The same as (id, name), for a list to choose from."""
        return tuple(Named(ident, name) for ident, name, roles in _named() if role in roles)


@prepared
def _active():
    return User.select().where(User.active).order_by(User.id)


@prepared
def _named():
    people = User.select(User.id, User.name, User.roles)
    return people.where(User.active).order_by(User.id).tuples()


def _has_left(address):
    return User.select().where(User.email == address, ~User.active).exists()


def _skip_mails(person, by):
    if not person.active:
        Mail.skip_waiting(person.email)


outbox.left.append(_has_left)
User.presence_followers.append(_skip_mails)


def _ask_for_second_factors(changed):
    """Let sessions that are open follow at once which roles must have a second factor."""
    if {"factor_roles", "demo"} & changed:
        for person in User.select().where(User.active):
            person.follow_second_factor()


Company.followers.append(_ask_for_second_factors)
