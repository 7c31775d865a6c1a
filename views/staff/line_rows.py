"""Rows of the line editor as products fill them, and as the cells of a table become them."""

import re

from flask_babel import gettext as _

from models.core.money import format_price, format_scaled, parse_scaled
from models.imports.fields import guess
from models.products import Product
from models.products.price_list import PriceList
from views.staff.document_form import EMPTY, MOST_LINES

SUMS = re.compile(r"\s*(sub-?total|小计|小計)", re.I)
COLUMNS = ("code", "name", "note", "quantity", "unit", "price", "discount", "tax", "amount")
CALLED = {"spec": "note"}


def empty_rows(count):
    return [{**EMPTY, "quantity": "1", "errors": {}} for _n in range(count)]


def completed(rows, document):
    """The rows, those with nothing but a code filled from its product, as no script did it."""
    given = ("name", "price", "product")
    products = [
        Product.by_code_or_name("" if any(row[name] for name in given) else row["code"], "")
        for row in rows
    ]
    pairs = zip(rows, products, strict=True)
    return [filled(row, product, document) if product else row for row, product in pairs]


def filled(row, product, document):
    """The row with what the product gives; quantity, discount and note that are there stay."""
    same_currency = product.currency == document.currency
    agreed = PriceList.discount_for(document.customer, product)
    return {
        **row,
        **product.in_language(document.language),
        "code": product.code,
        "price": format_price(product.price, product.currency) if same_currency else "",
        "discount": row["discount"] or (format_scaled(agreed, 2) if agreed else ""),
        "tax": str(product.tax_id or ""),
        "product": str(product.id),
    }


def pasted(text, document, taxes):
    """The rows of cells copied from a table. With a row of heads each column is what its head says,
    without one texts and numbers are taken in their order. What does not fit is kept in the note,
    and marked."""
    table = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines()]
    table = [cells for cells in table if any(cells)][: MOST_LINES + 1]
    heads = _heads(table[0], document) if table else []
    known = "name" in heads or "code" in heads
    rows = []
    for cells in table[1:] if known else table:
        row = {**EMPTY, "errors": {}}
        only = [cell for cell in cells if cell]
        if len(only) == 1 and not _is_number(only[0]):
            row.update(part="heading", name=only[0])
        elif SUMS.match(only[0]):
            row.update(part="subtotal", name=only[0])
        else:
            given = _by_heads(heads, cells) if known else _by_order(cells)
            row = _line(row, given, document, taxes)
        rows.append(row)
    return rows


def _heads(cells, document):
    """The column that each head names; empty for what a line does not have."""
    side = {"price_with_tax": "price", "amount_with_tax": "amount"}
    called = {**CALLED, **(side if document.prices_include_tax else {})}
    found = guess("documents", cells)
    names = [found.get(str(i), "") for i in range(len(cells))]
    return [name if name in COLUMNS else called.get(name, "") for name in names]


def _by_heads(heads, cells):
    """({column: cell}, [cells that no column takes])."""
    given, over = {}, []
    for i, cell in enumerate(cells):
        head = heads[i] if i < len(heads) else ""
        if head and head not in given:
            given[head] = cell
        elif cell:
            over.append(cell)
    return given, over


def _by_order(cells):
    """The same without heads. The first cell is a code where a product has it, or where two more
    texts follow; then name and unit; the numbers are quantity, price and amount."""
    first, *rest = [cell for cell in cells if cell]
    coded = Product.by_code_or_name(first, "") or (
        sum(bool(cell) and not _is_number(cell) for cell in cells) > 2
    )
    rest = rest if coded else [first, *rest]
    texts, numbers = [], []
    for cell in rest:
        (numbers if _is_number(cell) else texts).append(cell)
    given = {"code": first} if coded else {}
    given |= dict(zip(("name", "unit"), texts, strict=False))
    given |= dict(zip(("quantity", "price", "amount"), numbers, strict=False))
    return given, texts[2:] + numbers[3:]


def _line(row, found, document, taxes):
    given, over = found
    product = Product.by_code_or_name(given.get("code", ""), given.get("name", ""))
    if product:
        row = filled(row, product, document)
    row.update({name: cell for name in COLUMNS[:7] if (cell := given.get(name))})
    row["quantity"] = row["quantity"] or "1"
    row["discount"] = row["discount"].rstrip("%％ ")
    for name in ("quantity", "price"):
        row[name] = re.sub(r"^[¥￥$€£]\s*|\s*[元]$", "", row[name])
    row["name"] = row["name"] or row["code"]
    if tax := given.get("tax", ""):
        same = [t.id for t in taxes if t.name == tax or t.copied["rate"] == _percent(tax)]
        row["tax"] = same[0] if same else row["tax"]
        over = over if same else [*over, tax]
    if over:
        row["note"] = " · ".join(filter(None, [row["note"], *over]))
        row["errors"]["name"] = _("Not sure what this is: %(cells)s", cells=" · ".join(over))
    if not _adds_up(row, given.get("amount", "")):
        row["errors"]["price"] = _("The table said %(amount)s.", amount=given["amount"])
    return row


def _adds_up(row, amount):
    """Whether quantity × price less the discount is the amount of the table, to a cent."""
    if not amount:
        return True
    try:
        quantity, price = parse_scaled(row["quantity"], 4), parse_scaled(row["price"], 4)
        discount = parse_scaled(row["discount"] or "0", 2)
        exact = quantity * price * (10_000 - discount)
        return abs(exact - parse_scaled(amount, 2) * 10**10) <= 10**10
    except ValueError:
        return False


def _percent(text):
    try:
        return parse_scaled(text.rstrip("%％ "), 2)
    except ValueError:
        return None


def _is_number(text):
    try:
        parse_scaled(re.sub(r"^[¥￥$€£]\s*|[%％]$", "", text), 6)
    except ValueError:
        return False
    return True
