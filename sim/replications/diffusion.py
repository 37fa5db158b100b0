"""Bass's diffusion of new products, in closed form."""

from __future__ import annotations

import math

from sim.replications import citations as cite
from sim.replications.replication import Replication, compare, load

NAME = "Diffusion"


def adopted(t: float, p: float, q: float) -> float:
    """Return the share that has adopted after t years: ``dF/dt = (p + q F)(1 - F)``, ``F(0) = 0``.

    Parameters
    ----------
    t
        Years since the start.
    p, q
        Coefficients of innovation and of imitation, per year, above 0.
    """
    decay = math.exp(-(p + q) * t)
    return (1.0 - decay) / (1.0 + q / p * decay)


def peak(p: float, q: float) -> tuple[float, float, float]:
    """Return the year of most adoptions, the share that has adopted by then, and the adoptions a year."""
    return math.log(q / p) / (p + q), 0.5 - p / (2.0 * q), (p + q) ** 2 / (4.0 * q)


def adoption_curves() -> Replication:
    """Replicate shares that have adopted, for every product and year of the table."""
    products = load("diffusion")["products"]
    expected = [share for product in products for share in product["F"].values()]
    found = [
        adopted(float(year), product["p"], product["q"]) for product in products for year in product["F"]
    ]
    quantity = f"share adopted after 1 to 20 years, {len(products)} products"
    return compare(NAME, cite.BASS, quantity, expected, found, 1e-8)


def peaks() -> Replication:
    """Replicate year, share and rate at the peak of adoption."""
    products = load("diffusion")["products"]
    expected = [product[key] for product in products for key in ("t_peak", "F_at_peak", "f_at_peak")]
    found = [value for product in products for value in peak(product["p"], product["q"])]
    return compare(NAME, cite.BASS, "year, share and adoptions a year at the peak", expected, found, 1e-6)


def published_peaks() -> Replication:
    """Replicate the years of peak sales printed in the paper."""
    known = load("diffusion")
    products = [product for product in known["products"] if "published_t_peak" in product]
    expected = [product["published_t_peak"] for product in products]
    found = [peak(product["p"], product["q"])[0] for product in products]
    return compare(
        NAME,
        cite.BASS,
        f"year of peak sales: {', '.join(product['name'] for product in products)}",
        expected,
        found,
        known["published_t_peak_tolerance"],
        "coefficients and years of the paper as commonly quoted, not read in the original",
    )


CASES = (adoption_curves, peaks, published_peaks)
