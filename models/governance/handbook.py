"""The process handbook: texts that ship with Danju, over them the firm's own versions, and who
acknowledged what."""

import datetime as dt
import functools
from collections import namedtuple
from pathlib import Path

import peewee as pw

from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Event, Journaled
from models.core.model import Model
from models.core.roles import STAFF_ROLES
from models.governance.own_section import OwnSection
from models.people import User

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
LANGUAGES = ("zh", "en")
MOST, GRACE = 60_000, 14
Section = namedtuple("Section", "key title text roles edition own older last")


class HouseText(Journaled, Model):
    """One wording of a section or course by the firm. Never changed: an edit is a further row
    behind the one it was made from."""

    key = pw.CharField(max_length=40, index=True)
    language = pw.CharField(max_length=2)
    edition = pw.IntegerField()
    after = pw.IntegerField(default=0)
    title = pw.CharField(max_length=200)
    text = pw.TextField()
    reason = pw.CharField(max_length=200, default="")
    author = pw.ForeignKeyField(User)
    at = pw.DateTimeField()
    rewritten = []  # called with (key, by) when an edit means something new: training does

    class Meta:
        indexes = ((("key", "language", "after"), True),)

    @property
    def name(self):
        return f"{self.key} {self.language} {self.edition}"

    @classmethod
    @db.atomic()
    def write(
        cls, by, key, language, title, text, after, reason="", same_meaning=False, first=False
    ):
        """A new version. `after` is the row the editor began from (0: the shipped text); refused
        when someone else was faster. Unless only the words changed, everyone concerned has to
        acknowledge it, or take the course, again. `first`: of a section that did not ship."""
        by.must("govern")
        title.strip() and text.strip() or refuse("text_needed")
        len(text) <= MOST or refuse("text_too_long", most=MOST)
        edition = edition_of(key) + (0 if same_meaning or first else 1)
        try:
            with db.atomic():
                row = cls.create(
                    key=key,
                    language=language,
                    edition=edition,
                    after=after,
                    title=title.strip()[:200],
                    text=text.replace("\r\n", "\n").strip() + "\n",
                    reason=reason.strip()[:200],
                    author=by,
                    at=now(),
                )
        except pw.IntegrityError:
            refuse("version_conflict")
        row.record("written", by, reason=row.reason)
        if not same_meaning and not first:
            for tell in cls.rewritten:
                tell(key, by)
        return row

    @classmethod
    def versions(cls, key, language):
        """The firm's own versions, the newest first."""
        return cls.select().where(cls.key == key, cls.language == language).order_by(cls.id.desc())

    @classmethod
    def newest(cls, language):
        """{key: the last own version}"""
        last = cls.select(pw.fn.MAX(cls.id)).where(cls.language == language).group_by(cls.key)
        return {row.key: row for row in cls.select().where(cls.id.in_(last))}


class Acknowledgement(Journaled, Model):
    """Someone read an edition of a section and will go by it."""

    user = pw.ForeignKeyField(User, backref="acknowledgements")
    key = pw.CharField(max_length=40)
    edition = pw.IntegerField()
    at = pw.DateTimeField()

    class Meta:
        indexes = ((("user", "key", "edition"), True),)

    @property
    def name(self):
        return f"{self.key} {self.edition}"

    @classmethod
    @db.atomic()
    def give(cls, by, key, edition):
        """Refused when the section was changed since the page was opened."""
        section(key, by.language) or refuse("choice_unknown")
        edition == edition_of(key) or refuse("handbook_changed")
        try:
            with db.atomic():
                row = cls.create(user=by, key=key, edition=edition, at=now())
        except pw.IntegrityError:
            return
        row.record("acknowledged", by)


@functools.cache
def shipped(folder, language):
    """{key: (title, roles, text)} of the texts that come with Danju, in their order."""
    return {
        path.stem: parted(path.read_text(encoding="utf-8"))
        for path in sorted((DOCS / folder / language).glob("*.md"))
    }


def parted(text):
    """(title, roles, rest) of a text whose first lines are “# title” and “roles: …”."""
    lines = text.strip().split("\n")
    roles = STAFF_ROLES
    title = lines.pop(0).lstrip("# ").strip()
    if lines and lines[0].startswith("roles:"):
        named = [r.strip() for r in lines.pop(0).removeprefix("roles:").split(",")]
        roles = STAFF_ROLES if "all" in named else tuple(r for r in named if r in STAFF_ROLES)
    return title, roles, "\n".join(lines).strip() + "\n"


def edition_of(key):
    """Which edition of a section or course counts now, over both languages; what ships is the
    first."""
    return HouseText.select(pw.fn.MAX(HouseText.edition)).where(HouseText.key == key).scalar() or 1


def sections(language, folder="handbook"):
    """Every section in this language as it counts now."""
    own = HouseText.newest(language)
    editions = dict(
        HouseText.select(HouseText.key, pw.fn.MAX(HouseText.edition))
        .group_by(HouseText.key)
        .tuples()
    )
    return [
        _section(key, *rest, own.get(key), editions.get(key, 1))
        for key, rest in shipped(folder, language).items()
    ] + [
        _own(row, own.get(row.key), editions.get(row.key, 1)) for row in OwnSection.standing(folder)
    ]


def _own(row, text, edition):
    """A section that the firm added: where this language is missing, in the other."""
    here = (
        text
        or HouseText.select().where(HouseText.key == row.key).order_by(HouseText.id.desc()).first()
    )
    return Section(
        row.key,
        here.title,
        here.text,
        tuple(row.roles),
        edition,
        True,
        text is not None and text.edition < edition,
        text.id if text else 0,
    )


def _section(key, title, roles, text, row, edition):
    if row is None:
        return Section(key, title, text, roles, edition, False, edition > 1, 0)
    return Section(key, row.title, row.text, roles, edition, True, row.edition < edition, row.id)


def section(key, language, folder="handbook"):
    """One section in this language, or None."""
    found = shipped(folder, language).get(key)
    if found:
        return _section(key, *found, HouseText.versions(key, language).first(), edition_of(key))
    row = OwnSection.called(key)
    return (
        row
        and row.folder == folder
        and _own(row, HouseText.versions(key, language).first(), edition_of(key))
        or None
    )


def concerned(person, every):
    return [s for s in every if set(s.roles) & set(person.roles)]


def unread(person, every=None):
    """Sections that concern this person and whose edition they have not acknowledged."""
    every = sections(person.language) if every is None else every
    read = set(
        Acknowledgement.select(Acknowledgement.key, Acknowledgement.edition)
        .where(Acknowledgement.user == person.id)
        .tuples()
    )
    return [s for s in concerned(person, every) if (s.key, s.edition) not in read]


def readers():
    """[(person, how many sections concern them, how many of these are open)] for everyone
    active."""
    every = sections("en")
    return [
        (p, len(concerned(p, every)), len(unread(p, every)))
        for p in User.select().where(User.active).order_by(User.id)
    ]


def late_readers():
    """[(person, open sections)] of those who are here, and had the newest edition before them, for
    longer than the grace."""
    every, before = sections("en"), now() - dt.timedelta(days=GRACE)
    fresh = {row.key for row in HouseText.select(HouseText.key).where(HouseText.at > before)}
    here = {
        i
        for (i,) in Event.select(Event.subject_id)
        .where(Event.subject_type == "User", Event.action == "entered", Event.at <= before)
        .tuples()
    }
    rows = [
        (p, [s for s in unread(p, every) if s.key not in fresh])
        for p in User.select().where(User.active).order_by(User.id)
        if p.id in here
    ]
    return [(p, left) for p, left in rows if left]
