"""What a person confirms before a document is issued, since an issued one never changes."""

from models.adapters.printing import fonts
from models.company import Company
from models.products import TaxRate

DOUBTS = ("rate_ended", "not_printable", "merged")


class Doubts:
    def doubts(self, content, company=None):
        """{code: the names or signs that are in doubt} of the content that would be frozen."""
        own = fonts.characters((company or Company.current()).font_letters)
        found = {
            "rate_ended": self.ended_rates(),
            "not_printable": list(fonts.not_printable(_texts(content), own)),
            "merged": [self.customer.main.name] if self.customer.main_id else [],
        }
        return {code: names for code, names in found.items() if names}

    def ended_rates(self):
        """The names of its lines' tax rates that are not in force today."""
        lines = [line for line in self.ordered_lines() if line.tax_rate_id]
        valid = {(rate.kind, rate.rate) for rate in TaxRate.valid()} if lines else ()
        return sorted({x.tax_label for x in lines if (x.tax_kind, x.rate) not in valid})


def _texts(value):
    """Every text in the content, each on a line."""
    values = [value]
    for value in values:  # and those that are added meanwhile
        if isinstance(value, (dict, list)):
            values += value.values() if isinstance(value, dict) else value
    return "\n".join(value for value in values if isinstance(value, str))
