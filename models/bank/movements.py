"""Which rows of a table are movements, and of which account: the others are sums, remarks and the
lines above a further account."""

import re

from models.bank import values
from models.core.money import SYMBOLS

ORDERS = ("dmy", "mdy", "ymd")
MONEY = ("amount", "credit", "debit")
FOOTER = re.compile(
    r"合计|总计|小计|总收入|总支出|总交易单数|共\d+笔|total|summe|saldo|disclaimer|^[#*-]", re.I
)
# A dated row that repeats what others say: a sum, or the balance at a day.
SUM = re.compile(
    r"(?:本[日页月年期]|当[日月]|累计|收入|支出|借方|贷方)?(?:合计|总计|小计|累计)|承前页|过次页|上页结转"
    r"|(?:期初|期末|上期|上[月年日]|本[期月日]|昨日)(?:余额|结转|结余)|余额结转"
    r"|(?:opening|closing|beginning|ending|start|end) ?(?:ledger )?balance"
    r"|balance (?:brought|carried) forward|(?:sub|grand )?totals?"
    r"|(?:anfangs|end|schluss)(?:saldo|bestand)|alter saldo|neuer saldo|summe",
    re.I,
)
ACCOUNT = re.compile(
    r"(?:账\s*号|帐\s*号|卡\s*号|account(?: number)?|iban|kontonummer|konto)\s*(?:\[[^]]*\])?"
    r"[:：;,\s\"=]*([A-Z]{0,2}[0-9][0-9A-Z* -]{5,40}[0-9A-Z])(?![0-9A-Z])",
    re.I,
)
OWN_CURRENCY = re.compile(r"(?:币\s*种|货币|currency|währung)[:：;,\s\"]*([^\s,;:：\"]{2,6})", re.I)


class Movements:
    """`rows` are (row number, cells), those with a day. One without is a sum or a remark below the
    table, or it is told if it has an amount; so is a sum that has a day."""

    def __init__(self, table):
        self.table, self.rows = table, []
        self.sections = [(0, table.own_account(), "")]
        odd, sums, ended = [], [], False
        for number, cells in table.body:
            day = table.cell(cells, "date")
            is_day = any(map(str.isdigit, day)) and values.readable(day, *ORDERS)
            if not is_day and self._begins_section(number, cells):
                continue
            if not is_day and not any(table.cell(cells, name) for name in MONEY):
                ended = ended or _is_footer(cells)
            elif any(map(str.isdigit, day)) and (is_day or not ended):
                (sums if self._is_sum(cells) else self.rows).append((number, cells))
            elif _is_footer(cells):
                ended = True
            elif not ended and cells != table.heads:
                odd.append((number, cells))
        for code, rows in (("bank_no_day", odd), ("bank_sum_rows", sums)):
            if rows:
                numbers = ", ".join(str(number) for number, _ in rows[:10])
                table.notes.append([code, {"rows": numbers}])

    def section_of(self, number):
        """(account, currency or "") that the last line above the row names."""
        return next(found for row, *found in reversed(self.sections) if row <= number)

    def _begins_section(self, number, cells):
        account, currency = account_in([cells]), currency_in([cells])
        if account:
            self.sections.append((number, account, currency))
        elif currency:
            self.sections.append((number, self.sections[-1][1], currency))
        return bool(account or currency)

    def _is_sum(self, cells):
        """A firm may be called Total, but none 本月合计."""
        names = ("payer", "party", "payee")
        return any(
            SUM.fullmatch(values.bare(cell).strip(":： "))
            for column, cell in enumerate(cells)
            if cell and not (cell.isascii() and self.table.columns.get(column) in names)
        )


def _is_footer(cells):
    return any(FOOTER.search(cell) for cell in cells if cell)


def account_in(rows):
    """Our account that one of the rows names, or ""."""
    found = (ACCOUNT.search(" ".join(filter(None, cells))) for cells in rows)
    return re.sub(r"[ -]", "", next((m[1] for m in found if m), ""))


def currency_in(rows):
    found = (OWN_CURRENCY.search(" ".join(filter(None, cells))) for cells in rows)
    code = next((values.currency(m[1]) for m in found if m), "")
    return code if code in SYMBOLS else ""
