"""The process handbook: texts that ship with Danju, the firm's own versions that replace them, and
who acknowledged which."""

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
from models.core.unique import unique_or_refuse
from models.governance.own_section import OwnSection
from models.people import User

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
LANGUAGES = ("zh", "en")
MOST, GRACE = 60_000, 14
Section = namedtuple("Section", "key title text roles edition own older last")


class HouseText(Journaled, Model):
    """The firm's text of a section or course. A row never changes: an edit adds a row that names
    the one it was made from."""

    key = pw.CharField(max_length=40, index=True)
    language = pw.CharField(max_length=2)
    edition = pw.IntegerField()
    after = pw.IntegerField(default=0)
    title = pw.CharField(max_length=200)
    text = pw.TextField()
    reason = pw.CharField(max_length=200, default="")
    author = pw.ForeignKeyField(User)
    at = pw.DateTimeField()
    rewrite_followers = []  # functions called with (key, by) when an edit changes the meaning

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
        when someone else was faster. Unless the meaning is the same, everyone concerned has to
        acknowledge it, or take the course, again. `first`: the first text of an own section."""
        by.must("govern")
        title.strip() and text.strip() or refuse("text_needed")
        len(text) <= MOST or refuse("text_too_long", most=MOST)
        edition = edition_of(key) + (0 if same_meaning or first else 1)
        with unique_or_refuse("version_conflict"):
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
        row.record("written", by, reason=row.reason)
        if not same_meaning and not first:
            for follower in cls.rewrite_followers:
                follower(key, by)
        return row

    @classmethod
    def versions(cls, key, language):
        """The firm's own versions, the newest first."""
        return cls.select().where(cls.key == key, cls.language == language).order_by(cls.id.desc())

    @classmethod
    def newest(cls, key=None):
        """{key: {language: the last own version}} of all, or of this one."""
        last, found = cls.select(pw.fn.MAX(cls.id)).group_by(cls.key, cls.language), {}
        last = last.where(cls.key == key) if key else last
        for row in cls.select().where(cls.id.in_(last)):
            found.setdefault(row.key, {})[row.language] = row
        return found


class Acknowledgement(Journaled, Model):
    """Someone confirms having read an edition of a section."""

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
    def given(cls, *conditions):
        """{(user id, key, edition)}"""
        return set(cls.select(cls.user, cls.key, cls.edition).where(*conditions).tuples())

    @classmethod
    @db.atomic()
    def give(cls, by, key, edition):
        """Acknowledge. Refused when the section was changed since the page was opened."""
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
        path.stem: parse_section(path.read_text(encoding="utf-8"))
        for path in sorted((DOCS / folder / language).glob("*.md"))
    }


def parse_section(text):
    """(title, roles, rest) of a text whose first lines are “# title” and “roles: …”."""
    lines = text.strip().split("\n")
    roles = STAFF_ROLES
    title = lines.pop(0).lstrip("# ").strip()
    if lines and lines[0].startswith("roles:"):
        role_names = [r.strip() for r in lines.pop(0).removeprefix("roles:").split(",")]
        named = tuple(r for r in role_names if r in STAFF_ROLES)
        roles = STAFF_ROLES if "all" in role_names else named
    return title, roles, "\n".join(lines).strip() + "\n"


def edition_of(key):
    """The present edition of a section or course, in both languages; what ships is the first."""
    return HouseText.select(pw.fn.MAX(HouseText.edition)).where(HouseText.key == key).scalar() or 1


def sections(language, folder="handbook"):
    """Every section in this language, in its present text."""
    texts = HouseText.newest()
    found = [
        _section(key, *rest, texts.get(key, {}).get(language), _edition(texts.get(key, {})))
        for key, rest in shipped(folder, language).items()
    ]
    own = OwnSection.standing(folder)
    return found + [_own(row, texts[row.key], language) for row in own]


def _edition(texts):
    """The present edition of a section of which these are the newest texts."""
    return max((text.edition for text in texts.values()), default=1)


def _own(row, texts, language):
    """A section that the firm added, in the other language where this one is missing."""
    text, edition = texts.get(language), _edition(texts)
    shown = text or next(iter(texts.values()))
    return Section(
        row.key,
        shown.title,
        shown.text,
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
    shipped_text = shipped(folder, language).get(key)
    texts = HouseText.newest(key).get(key, {})
    if shipped_text:
        return _section(key, *shipped_text, texts.get(language), _edition(texts))
    row = OwnSection.by_key(key)
    return _own(row, texts, language) if row and row.folder == folder else None


def sections_for(person, all_sections):
    return [s for s in all_sections if set(s.roles) & set(person.roles)]


def unread(person, all_sections=None):
    """Sections that concern this person and whose edition they have not acknowledged."""
    all_sections = sections(person.language) if all_sections is None else all_sections
    read = Acknowledgement.given(Acknowledgement.user == person.id)
    return _unread(person, all_sections, read)


def _unread(person, all_sections, read):
    concerned = sections_for(person, all_sections)
    return [s for s in concerned if (person.id, s.key, s.edition) not in read]


def readers(people):
    """[(person, how many sections concern them, how many of these are unread)] of these people."""
    all_sections = sections("en")
    read = Acknowledgement.given(Acknowledgement.user.in_(people.select(User.id)))
    return [
        (p, len(sections_for(p, all_sections)), len(_unread(p, all_sections, read)))
        for p in people.order_by(User.id)
    ]


def late_readers():
    """[(person, unread sections)] of those who have had an account and the newest edition for
    longer than the days of grace."""
    all_sections, cutoff = sections("en"), now() - dt.timedelta(days=GRACE)
    recent_texts = HouseText.select(HouseText.key).where(HouseText.at > cutoff)
    recently_changed = {row.key for row in recent_texts}
    known_since_cutoff = {
        i
        for (i,) in Event.select(Event.subject_id)
        .where(Event.subject_type == "User", Event.action == "entered", Event.at <= cutoff)
        .tuples()
    }
    rows = [
        (p, [s for s in unread(p, all_sections) if s.key not in recently_changed])
        for p in User.select().where(User.active).order_by(User.id)
        if p.id in known_since_cutoff
    ]
    return [(p, unread_sections) for p, unread_sections in rows if unread_sections]
