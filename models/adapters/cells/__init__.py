"""Values of cells: texts, numbers, days and discounts as people write them."""

from models.adapters.cells.currencies import currency
from models.adapters.cells.days import day, day_order, is_serial, possible_orders
from models.adapters.cells.numbers import (
    integer,
    is_none,
    number,
    plain,
    rounded,
    scaled,
    signs,
    split,
    unit,
)
from models.adapters.cells.texts import (
    ends_like_a_number,
    flag,
    has_round_digits,
    identifier,
    mail,
    text,
)

__all__ = [
    "currency",
    "day",
    "day_order",
    "ends_like_a_number",
    "flag",
    "has_round_digits",
    "identifier",
    "integer",
    "is_none",
    "is_serial",
    "mail",
    "number",
    "plain",
    "rounded",
    "scaled",
    "possible_orders",
    "signs",
    "split",
    "text",
    "unit",
]
