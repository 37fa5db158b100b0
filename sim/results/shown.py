"""Results as a notebook shows them: what their ``repr`` says, and one small table; every text is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

import numpy as np

from sim.figures.share_charts import HasShares
from sim.labels.shares import WEIGHT_NAMES, band_text, percent, state_words


def shown_html(text: str, head: Sequence[str] = (), rows: Iterable[Sequence[str]] = ()) -> str:
    """Return a result as HTML.

    Parameters
    ----------
    text : its ``repr``: the first line becomes the heading
    head : names of the columns of the table; none, no table
    rows : cells; the first of a row is its label, the others are numbers
    """
    title, *lines = text.splitlines()
    parts = [f"<p><strong>{html.escape(title)}</strong></p>"]
    if head:
        cells = "".join(f"<th>{html.escape(name)}</th>" for name in head)
        body = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
        parts.append(f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>")
    parts += [f"<p>{html.escape(line.strip())}</p>" for line in lines]
    return "\n".join(parts)


def _cells(row: Sequence[str]) -> str:
    first, *others = row
    numbers = "".join(f'<td style="text-align:right">{html.escape(cell)}</td>' for cell in others)
    return f'<th style="text-align:left">{html.escape(first)}</th>{numbers}'


def shares_html(text: str, shares: HasShares) -> str:
    """Return a run as HTML: where memberships begin and end, by every weight, in per cent with 90 % bands."""
    first, last = shares.steps[0], shares.steps[-1]
    known = [
        weight for weight in WEIGHT_NAMES if not np.isnan(shares.share(weight, shares.states[0]).mean[-1])
    ]
    head = ("", *(f"{WEIGHT_NAMES[weight]}, {quarter} (%)" for weight in known for quarter in (first, last)))
    rows = []
    for state, words in state_words(shares.states, shares.titles).items():
        cells = []
        for weight in known:
            band = shares.share(weight, state)
            cells += [
                percent(float(band.mean[0])),
                f"{percent(float(band.mean[-1]))} ({band_text(band[-1])})",
            ]
        rows.append((words, *cells))
    return shown_html(text, head, rows)
