"""What a place for backups may answer with."""

MARK = "danju-place.txt"


PATIENCE = 30


class Unreachable(Exception):
    """The place cannot be used now; the text says why."""


class Missing(Unreachable):
    """There is no such object, bucket or folder."""

    def __init__(self, key):
        super().__init__(f"{key or 'it'} is not there")
