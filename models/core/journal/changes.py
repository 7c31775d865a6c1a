"""What an event tells of a change: which fields, with their values before and after."""

import peewee as pw

from models.core.fields import MoneyField, PriceField, QuantityField, RateField, canonical
from models.core.money import format_money, format_price, format_scaled


def changed_fields(old, new, untold=()):
    """{"changed": the names that differ, "was": …, "now": their values}; empty without a
    difference. The values of the names in `untold` are left out."""
    names = [n for n in sorted(old.keys() | new.keys()) if not same(old.get(n), new.get(n))]
    told = [name for name in names if name not in untold]
    return (
        {}
        if not names
        else {
            "changed": names,
            "was": {name: old.get(name) for name in told},
            "now": {name: new.get(name) for name in told},
        }
    )


def same(one, other):
    return canonical(one) == canonical(other)


def column_changes(row, before, fields):
    """changed_fields() of a row whose columns held `before`, as people read the values: nobody
    should have to know that 1300 means 13 %. `fields` is {name in the journal: field}."""
    old, new = {}, {}
    for name, field in fields.items():
        was, now = before.get(field.name), row.__data__.get(field.name)
        if name in ("id", "version") or same(was, now):
            continue
        if isinstance(was or now, dict):
            unset = row.unset.get(name, {})
            old |= {f"{name}.{key}": value for key, value in {**unset, **(was or {})}.items()}
            new |= {f"{name}.{key}": value for key, value in {**unset, **(now or {})}.items()}
        else:
            old[name] = _readable(field, was, before.get("currency"))
            new[name] = _readable(field, now, row.__data__.get("currency"))
    return changed_fields(old, new, row.untold)


def _readable(field, value, currency):
    if value is None:
        return None
    if isinstance(field, pw.ForeignKeyField):
        row = field.rel_model.get_or_none(field.rel_model._meta.primary_key == value)
        return f"{getattr(row, 'number', None) or getattr(row, 'name', '')} #{value}".strip()
    if isinstance(field, MoneyField) and currency:
        return f"{format_money(value, currency)} {currency}"
    if isinstance(field, PriceField) and currency:
        return f"{format_price(value, currency)} {currency}"
    if isinstance(field, QuantityField):
        return format_scaled(value, 4)
    if isinstance(field, RateField):
        return f"{format_scaled(value, 2)}%"
    return value
