"""How a verb refuses."""


class Refused(Exception):
    """A verb refuses; `code` names the reason, `facts` fill the sentence shown to the person."""

    def __init__(self, code, **facts):
        super().__init__(code)
        self.code, self.facts = code, facts


class Forbidden(Exception):
    """The actor may see the row but may not do this to it."""


def refuse(code, **facts):
    """Raise Refused; reads well behind `or`."""
    raise Refused(code, **facts)
