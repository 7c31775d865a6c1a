"""Charts as SVG, drawn on the server: without script, with the theme's colours, in three widths."""

from decimal import Decimal

from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup, escape

from models.core.money import digits, format_money
from views.web.labels import month_name

WIDE, MIDDLE, NARROW = (860, 260), (560, 240), (350, 230)
MOST_POINTS = 400  # of a line, which is not drawn finer


def compact(value, currency=None):
    """A short label for an axis: 1.2万, 3亿 or 12k, 3.4M."""
    number = Decimal(value).scaleb(-digits(currency)) if currency else Decimal(value)
    is_chinese = str(get_locale() or "zh").startswith("zh")
    for size, unit in (
        ((10**8, "亿"), (10**4, "万")) if is_chinese else ((10**9, "B"), (10**6, "M"), (10**3, "k"))
    ):
        if abs(number) >= size:
            return f"{_short(number / size)}{unit}"
    return _short(number)


def exact(value, currency=None):
    """A value as its tip says it: 1,858 CNY, or a plain number."""
    return f"{format_money(value, currency)} {currency}" if currency else str(value)


def _month(month, year=False):
    """Of "2026-11": Nov, or November 2026."""
    name = month_name(month, short=not year)
    return _("%(month)s %(year)s", month=name, year=month[:4]) if year else name


def _short(number):
    text = (
        f"{number:.1f}"
        if abs(number) < 100 and number != number.to_integral_value()
        else f"{number:.0f}"
    )
    return text.removesuffix(".0")


def _steps(low, high):
    """Round values for three to five lines from low to high, zero among them."""
    low, high = min(low, 0), max(high, 0)
    rough_step = max(high - low, 1) / 4
    size = 10 ** (len(str(int(rough_step))) - 1)
    step = max(next(size * m for m in (1, 2, 5, 10) if size * m >= rough_step), 1)
    first = -(-int(-low) // step) * -step if low < 0 else 0
    return list(range(first, int(high) + step, step))


class Plot:
    """A frame with a value axis, and the positions of columns and values in it."""

    def __init__(self, size, labels, values, currency=None, percent=False):
        self.width, self.height = size
        self.left, self.right, self.top, self.bottom = 46, 8, 26 if currency else 12, 26
        self.labels, self.steps = labels, _steps(min(values, default=0), max(values, default=0))
        self.currency, self.percent, self.parts = currency, percent, []
        self.slot = (self.width - self.left - self.right) / max(len(labels), 1)
        self._frame()

    def x(self, i):
        return self.left + self.slot * (i + 0.5)

    def y(self, value):
        low, high = self.steps[0], self.steps[-1]
        return self.top + (high - value) * (self.height - self.top - self.bottom) / max(
            high - low, 1
        )

    def _frame(self):
        if self.currency:
            self.add(f'<text x="{self.left - 6}" y="12" text-anchor="end">{self.currency}</text>')
        for step in self.steps:
            y = self.y(step)
            self.add(
                f'<line class="{"axis" if step == 0 else "grid"}" x1="{self.left}" '
                f'x2="{self.width - self.right}" y1="{y:.1f}" y2="{y:.1f}"/>'
            )
            text = f"{step // 100}%" if self.percent else compact(step, self.currency)
            self.add(
                f'<text x="{self.left - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>'
            )
        every = -(-len(self.labels) * 44 // (self.width - self.left))
        last = len(self.labels) - 1
        for i, label in enumerate(self.labels):
            if (last - i) % max(every, 1) == 0:
                fits = self.x(i) + 18 < self.width
                self.add(
                    f'<text x="{self.x(i) if fits else self.width - 1:.1f}" y="{self.height - 8}" '
                    f'text-anchor="{"middle" if fits else "end"}">{escape(label)}</text>'
                )

    def add(self, part):
        self.parts.append(part)

    def bars(self, values, css="c1", hollow=(), place=0, of=1):
        """A bar for each value; with several series this is number `place` `of` so many."""
        width = min(self.slot * (0.62 if of == 1 else 0.36), 46)
        for i, value in enumerate(values):
            if value is None:
                continue
            top, bottom = sorted((self.y(value), self.y(0)))
            shape = f"{css} hollow" if i in hollow else "c3" if value < 0 else css
            x = self.x(i) + (place - of / 2) * (width + (of - 1))
            self.add(
                f'<rect class="{shape}" x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" '
                f'height="{max(bottom - top, 0.8):.1f}" rx="2"/>'
            )

    def line(self, values, css="l2"):
        points = [(self.x(i), self.y(v)) for i, v in enumerate(values) if v is not None]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.add(f'<polyline class="line {css}" points="{joined}"/>')
        for x, y in points if len(points) < 60 else ():
            self.add(f'<circle class="dot {css}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')

    def tips(self, heads, lines):
        """What is said of each column on hover and on focus: a heading and its lines."""
        for i, head in enumerate(heads):
            rows = [head, *lines[i]]
            width = max(map(_text_width, rows)) + 20
            left = min(max(self.x(i) - width / 2, 1), self.width - width - 1)
            text = "".join(
                f'<tspan x="{left + 10:.1f}" dy="{17 if n else 0}">{escape(row)}</tspan>'
                for n, row in enumerate(rows)
            )
            said = escape(f"{head}: {'; '.join(lines[i])}")
            self.add(
                f'<g class="point" role="listitem" tabindex="0" aria-label="{said}">'
                f'<rect class="hit" x="{self.x(i) - self.slot / 2:.1f}" y="0" '
                f'width="{self.slot:.1f}" height="{self.height - self.bottom}"/>'
                f'<g class="tip" aria-hidden="true"><rect x="{left:.1f}" y="1" width="{width:.1f}" '
                f'height="{17 * len(rows) + 10}" rx="4"/><text y="19">{text}</text></g></g>'
            )

    def svg(self, title):
        return (
            f'<svg viewBox="0 0 {self.width} {self.height}" role="list" '
            f'aria-label="{escape(title)}">{"".join(self.parts)}</svg>'
        )


def _text_width(text):
    """Of a tip's line, about; Chinese letters are square."""
    return sum(12.5 if ord(letter) > 0x2E80 else 6.9 for letter in text)


def responsive(title, draw, legend=()):
    """The chart in three widths, of which CSS shows the one that fits, with heading and legend."""
    return Markup(
        f'<div class="chart"><h2>{escape(title)}</h2><div '
        f'class="chart-wide">{draw(WIDE)}</div><div '
        f'class="chart-middle">{draw(MIDDLE)}</div><div '
        f'class="chart-narrow">{draw(NARROW)}</div>'
        f"{_legend(legend)}</div>"
    )


def _legend(rows):
    items = "".join(
        '<li><svg class="key" viewBox="0 0 18 10" aria-hidden="true">'
        f"{_key(css)}</svg>{escape(label)}</li>"
        for css, label in rows
    )
    return f'<ul class="legend">{items}</ul>' if items else ""


def _key(css):
    return (
        f'<line class="line {css}" x1="0" x2="18" y1="5" y2="5"/>'
        if css.startswith("l")
        else f'<rect class="{css}" width="18" height="10" rx="2"/>'
    )


def months(title, labels, now, before=None, currency=None, names=("", ""), hollow=()):
    """One series over months as columns, and another as a dashed line; hollow columns are
    forecasts."""
    before = before or [None] * len(now)
    said = [
        [
            f"{name} {exact(value, currency)}".strip()
            for name, value in zip(names, pair, strict=True)
            if value is not None
        ]
        for pair in zip(now, before, strict=True)
    ]

    def draw(size):
        values = [v for v in [*now, *before] if v is not None]
        plot = Plot(size, [_month(m) for m in labels], values, currency)
        plot.bars(now, hollow=hollow)
        if any(v is not None for v in before):
            plot.line(before)
        plot.tips([_month(m, year=True) for m in labels], said)
        return plot.svg(title)

    has_line = any(v is not None for v in before)
    legend = [("c1", names[0])] * bool(names[0]) + [("l2", names[1])] * (
        has_line and bool(names[1])
    )
    return responsive(title, draw, legend)


def pairs(title, labels, values, currency, names):
    """Two bars for each month, in one small size."""
    plot = Plot((300, 150), [_month(m) for m in labels], [v for p in values for v in p], currency)
    for place, css in enumerate(("c1", "c2")):
        plot.bars([pair[place] for pair in values], css, place=place, of=2)
    said = [
        [f"{name} {exact(v, currency)}" for name, v in zip(names, pair, strict=True)]
        for pair in values
    ]
    plot.tips([_month(m, year=True) for m in labels], said)
    legend = _legend(zip(("c1", "c2"), names, strict=True))
    return Markup(f'<div class="chart">{plot.svg(title)}{legend}</div>')


def columns(title, labels, values, percent=False):
    """Plain columns, such as the seasons of a year; None leaves a gap."""

    def draw(size):
        plot = Plot(size, labels, [v for v in values if v is not None], percent=percent)
        plot.bars(values)
        said = [[] if v is None else [f"{v // 100}\u00a0%" if percent else str(v)] for v in values]
        plot.tips(labels, said)
        return plot.svg(title)

    return responsive(title, draw)


def cumulated(title, shares):
    """A line of cumulated shares in basis points, one per row; of many rows every so manyth."""
    step = -(-len(shares) // MOST_POINTS)
    places = range((len(shares) - 1) % step, len(shares), step)
    shares = [shares[i] for i in places]

    def draw(size):
        labels = [str(i + 1) for i in places]
        plot = Plot(size, labels, [10000], percent=True)
        plot.line(shares, css="l1")
        y = plot.y(8000)
        plot.add(
            f'<line class="mark" x1="{plot.left}" x2="{plot.width - plot.right}" '
            f'y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        if len(shares) < 60:
            plot.tips(labels, [[f"{share // 100}\u00a0%"] for share in shares])
        return plot.svg(title)

    return responsive(title, draw)


def bar(value, most):
    """A bar for a table's cell, red below zero."""
    width = 0 if most <= 0 else max(min(abs(value) * 100 / most, 100), 0.5 if value else 0)
    return Markup(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" '
        'aria-hidden="true"><rect class="track" width="100" height="8"/>'
        f'<rect class="{"c3" if value < 0 else "c1"}" width="{width:.1f}" height="8"/></svg>'
    )


def spark(values):
    """A small line of a row's values."""
    if len(values) < 2 or not any(values):
        return Markup("")
    low, high = min(0, *values), max(0, *values)
    points = " ".join(
        f"{i * 100 / (len(values) - 1):.1f},{22 - (v - low) * 20 / max(high - low, 1):.1f}"
        for i, v in enumerate(values)
    )
    return Markup(
        '<svg class="spark" viewBox="-2 0 104 24" preserveAspectRatio="none" '
        f'aria-hidden="true"><polyline class="line" points="{points}"/></svg>'
    )
