"""Tax ids whose check digits we can recompute: China's 统一社会信用代码 (GB 32100) and those of the
EU. Other countries' are taken as they come."""

from stdnum.cn import uscc
from stdnum.eu import vat

from models.company import Company


def checked(tax_id):
    """Whether its check digits are right."""
    return uscc.is_valid(tax_id) or vat.is_valid(tax_id)


def doubtful(tax_id):
    """Whether it looks mistyped: in China any that is not checked, elsewhere one that begins like
    an id of the EU and is none."""
    if not tax_id or checked(tax_id):
        return False
    return Company.current().in_china or tax_id[:2].lower() in vat.MEMBER_STATES
