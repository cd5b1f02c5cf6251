"""Amounts of money, to the cent."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def round_cents(amount: Decimal) -> Decimal:
    """Rounds to cents, half a cent away from zero, as on a printed invoice."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def share(amount: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """Shares an amount in proportion to weights so that the parts add up to it exactly.

    Each part is rounded down; the cents left over go, one each, to the largest remainders, earlier parts first.
    """
    total_weight = sum(weights)
    if total_weight <= 0:
        raise ValueError("weights must add up to more than zero")
    cents = int(round_cents(amount) / CENT)
    parts = [cents * weight // total_weight for weight in weights]
    remainders = [cents * weight % total_weight for weight in weights]
    left_over = cents - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda i: remainders[i], reverse=True)
    for i in by_remainder[:left_over]:
        parts[i] += 1
    return [part * CENT for part in parts]
