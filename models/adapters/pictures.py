"""The firm's logo and seal as they look on paper."""

from models.adapters import sandbox


def for_print(data):
    """The picture as PNG bytes that every PDF shows as it looks. Refused for what is
    no PNG or JPEG, damaged, or has too many pixels."""
    return sandbox.call("models.adapters.sandbox.readers.pictures.for_print", data)


def small(data):
    """The picture as it stands in the field of a form, as PNG bytes."""
    return sandbox.call("models.adapters.sandbox.readers.pictures.small", data)
