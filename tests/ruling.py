"""What the rules that a test holds the engine against are made of."""

LIVE = "open", "waiting"


class No(Exception):
    """The rules forbid it."""


def no(why):
    raise No(why)


class Thing:
    def __init__(self, **given):
        self.__dict__.update(given)
