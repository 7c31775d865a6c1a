"""Erase the bytes that decided lists condemned, and the copies of them in year packages."""

import logging

from models.adapters import blobs, search
from models.archive.destruction import DestructionList
from models.archive.erasing import _scrub, needed
from models.archive.year_package import YearPackage

log = logging.getLogger("danju.archive")


def forget_copies(years, by):
    """Year packages that hold copies are no longer served; their files go with the next erasing."""
    for package in YearPackage.select().where(
        YearPackage.year.in_(list(years)), YearPackage.state == "done"
    ):
        package.expire(by)


def erase_waiting():
    """Erase what decided lists condemned, unless something that stays needs the same bytes."""
    for row in list(
        DestructionList.select().where(
            DestructionList.state == "destroyed", DestructionList.erased_at.is_null()
        )
    ):
        for sha in row.doomed:
            if not needed(sha):
                blobs.erase(sha)
        for package in YearPackage.select().where(YearPackage.state == "erased"):
            package.path.unlink(missing_ok=True)
        search.sweep()
        _scrub()
        row.note_erased()
        log.info("%s: %s files erased", row.number, len(row.doomed))


DestructionList.when_destroyed.append(forget_copies)
