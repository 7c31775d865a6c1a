"""Headings and subtotals: texts above and below the lines of a document. A group runs from a
heading, or from the line after a subtotal, to the next subtotal."""


def texts(line):
    """{name: text} of the heading and the subtotal that the line has."""
    return {name: text for name in ("heading", "subtotal") if (text := getattr(line, name))}


def sums(lines):
    """{number of the line, from 1: {"net", "gross"} of its group} for each line with a subtotal."""
    found, group = {}, []
    for number, line in enumerate(lines, 1):
        if line.heading:
            group = []
        group.append(line)
        if line.subtotal:
            found[number] = {
                name: sum(getattr(x, name) for x in group) for name in ("net", "gross")
            }
            group = []
    return found


def carried(lines, stays):
    """{line id: its texts} of the lines that stay. The heading of one that does not goes to the
    next of its group, its subtotal to the one before."""
    found, group, heading = {}, [], ""
    for line in lines:
        if line.heading:
            group, heading = [], line.heading
        if stays(line):
            found[line.id] = {"heading": heading} if heading else {}
            group, heading = [line.id], ""
        if line.subtotal:
            if group:
                found[group[0]]["subtotal"] = line.subtotal
            group, heading = [], ""
    return found
