"""Filters of a list that a person saves under a name."""

import peewee as pw

from models.core.database import db
from models.core.errors import refuse
from models.core.model import Model
from models.core.prepared import prepared
from models.people import User

MOST = 30


class SavedFilter(Model):
    """A page's query string under a name; only its owner sees it."""

    user = pw.ForeignKeyField(User, backref="saved_filters")
    page = pw.CharField(max_length=40)
    name = pw.CharField(max_length=60)
    query = pw.CharField(max_length=1000)

    class Meta:
        indexes = ((("user", "page", "name"), True),)

    @staticmethod
    @prepared
    def on(user, page):
        """Those of a page, by name."""
        mine = SavedFilter.select().where(SavedFilter.user == user, SavedFilter.page == page)
        return mine.order_by(SavedFilter.name)

    @classmethod
    @db.atomic()
    def keep(cls, by, page, name, query):
        """Save the filter; the same name again replaces it."""
        name or refuse("name_needed")
        same = (cls.user == by.id) & (cls.page == page)
        cls.select().where(same).count() < MOST or cls.select().where(
            same, cls.name == name
        ).exists() or refuse("filters_full", most=MOST)
        cls.insert(user=by.id, page=page, name=name, query=query).on_conflict(
            conflict_target=[cls.user, cls.page, cls.name], update={cls.query: query}
        ).execute()

    @db.atomic()
    def forget(self):
        SavedFilter.delete().where(SavedFilter.id == self.id).execute()
