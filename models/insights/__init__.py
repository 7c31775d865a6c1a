"""Figures on sales: one question a file, all read through a Lens (whose eyes, which currency, which
days)."""

from models.documents.sales import SalesDay, SalesItem  # noqa: F401
from models.insights.lens import Lens  # noqa: F401
from models.insights.targets import Target  # noqa: F401
