"""The one file that imports late: drivers that not every firm needs, and libraries that take half
a second to load and that most processes never use.

`requirements-stores.txt` installs the drivers (PostgreSQL, S3, SFTP, WebDAV); one is loaded when an
address that needs it is set."""

import importlib

from models.core.errors import refuse


def load(module):
    """The module, by its dotted name. Refused when its driver is not installed."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        refuse("driver_missing", name=error.name.split(".")[0])


def call(module, function, *args):
    """Load the module and call its function; a worker process runs this, so that the portal itself
    never loads the module."""
    return getattr(load(module), function)(*args)
