"""Drivers that not every firm needs: PostgreSQL, S3, SFTP, WebDAV. The one place that imports late.

`requirements-stores.txt` installs them; a module is loaded when an address that needs it is set."""

import importlib

from models.core.errors import refuse


def load(module):
    """The module, by its dotted name. Refused when its driver is not installed."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        refuse("driver_missing", name=error.name.split(".")[0])
