"""The errors of stores, and what all of them share."""

MARK = "danju-place.txt"  # the file that shows that a folder is one for backups
TIMEOUT = 30  # seconds


class Unreachable(Exception):
    """The place cannot be used now; the message says why."""


class Missing(Unreachable):
    """There is no such object, bucket or folder."""

    def __init__(self, key):
        super().__init__(f"{key or 'it'} is not there")
