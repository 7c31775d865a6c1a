"""Charts as SVG, drawn on the server: without script, with the theme's colours, in three widths."""

from decimal import Decimal

from flask_babel import get_locale
from markupsafe import Markup, escape

from models.core.money import digits

WIDE, MIDDLE, NARROW = (860, 260), (560, 240), (350, 230)


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
        self.left, self.right, self.top, self.bottom = 46, 8, 12, 26
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

    def bars(self, values, tips, css="c1", hollow=()):
        column_width = min(self.slot * 0.62, 46)
        for i, value in enumerate(values):
            if value is None:
                continue
            top, bottom = sorted((self.y(value), self.y(0)))
            shape = f"{css} hollow" if i in hollow else "c3" if value < 0 else css
            self.add(
                f'<rect class="{shape}" x="{self.x(i) - column_width / 2:.1f}" y="{top:.1f}" '
                f'width="{column_width:.1f}" height="{max(bottom - top, 0.8):.1f}" rx="2">'
                f"<title>{escape(tips[i])}</title></rect>"
            )

    def line(self, values, tips, css="l2"):
        points = [(self.x(i), self.y(v), tips[i]) for i, v in enumerate(values) if v is not None]
        self.add(
            f'<polyline class="line {css}" '
            f'points="{" ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)}"/>'
        )
        for x, y, tip in points if len(points) < 60 else ():
            self.add(
                f'<circle class="dot {css}" cx="{x:.1f}" cy="{y:.1f}" '
                f'r="3"><title>{escape(tip)}</title></circle>'
            )

    def svg(self, title):
        return (
            (
                f'<svg viewBox="0 0 {self.width} {self.height}" role="img" '
                f'aria-label="{escape(title)}"><title>{escape(title)}</title>'
            )
            + "".join(self.parts)
            + "</svg>"
        )


def responsive(title, draw, legend=()):
    """The chart in three widths, of which CSS shows the one that fits, with heading and legend."""
    legend_items = "".join(
        (
            '<li><svg class="key" viewBox="0 0 18 10" '
            f'aria-hidden="true">{_key(css)}</svg>{escape(label)}</li>'
        )
        for css, label in legend
    )
    return Markup(
        f'<div class="chart"><h2>{escape(title)}</h2><div '
        f'class="chart-wide">{draw(WIDE)}</div><div '
        f'class="chart-middle">{draw(MIDDLE)}</div><div '
        f'class="chart-narrow">{draw(NARROW)}</div>'
        f"{f'<ul class=legend>{legend_items}</ul>' if legend_items else ''}</div>"
    )


def _key(css):
    return (
        f'<line class="line {css}" x1="0" x2="18" y1="5" y2="5"/>'
        if css.startswith("l")
        else f'<rect class="{css}" width="18" height="10" rx="2"/>'
    )


def months(title, labels, now, before=None, currency=None, names=("", ""), hollow=()):
    """One series over months as columns, and another as a dashed line; hollow columns are
    forecasts."""
    before = before or []

    def draw(size):
        plot = Plot(
            size,
            [m[2:].replace("-", "/") for m in labels],
            [v for v in [*now, *before] if v is not None],
            currency,
        )

        def tips(name, values):
            return [
                f"{m} {name}: {compact(v, currency)}" if v is not None else ""
                for m, v in zip(labels, values, strict=True)
            ]

        plot.bars(now, tips(names[0], now), hollow=hollow)
        if before:
            plot.line(before, tips(names[1], before))
        return plot.svg(title)

    legend = [("c1", names[0])] * bool(names[0]) + [("l2", names[1])] * bool(before and names[1])
    return responsive(title, draw, legend)


def columns(title, labels, values, percent=False):
    """Plain columns, such as the seasons of a year; None leaves a gap."""

    def draw(size):
        plot = Plot(size, labels, [v for v in values if v is not None], percent=percent)
        plot.bars(
            values,
            [
                "" if v is None else f"{label}: {v // 100}%" if percent else f"{label}: {v}"
                for label, v in zip(labels, values, strict=True)
            ],
        )
        return plot.svg(title)

    return responsive(title, draw)


def cumulated(title, shares):
    """A line of cumulated shares in basis points, one per row."""

    def draw(size):
        plot = Plot(size, [str(i) for i in range(1, len(shares) + 1)], [10000], percent=True)
        plot.line(shares, [f"{i}: {s // 100}%" for i, s in enumerate(shares, 1)], css="l1")
        y = plot.y(8000)
        plot.add(
            f'<line class="mark" x1="{plot.left}" x2="{plot.width - plot.right}" '
            f'y1="{y:.1f}" y2="{y:.1f}"/>'
        )
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
