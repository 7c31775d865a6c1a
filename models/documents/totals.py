"""Totals are sums of rounded lines; the tax summary groups the lines by tax."""


def total(lines):
    """(net, tax, total) of the lines, in minor units."""
    net, tax = sum(line.net for line in lines), sum(line.tax for line in lines)
    return net, tax, net + tax


def tax_summary(lines):
    """Net and tax for each tax that occurs; exempt, zero and out of scope are listed separately."""
    groups = {}
    for line in lines:
        row = groups.setdefault(
            (line.tax_kind, line.tax_label, line.rate),
            {"label": line.tax_label, "kind": line.tax_kind, "net": 0, "tax": 0},
        )
        row["net"] += line.net
        row["tax"] += line.tax
    return [groups[key] for key in sorted(groups, key=lambda k: -k[2])]


def spread(amount, weights):
    """The amount in parts by the weights, of whole minor units that add up to it: what is left of
    rounding down goes to the largest remainders."""
    whole = sum(weights)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(parts)), key=lambda i: -(amount * weights[i] % whole))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    return parts
