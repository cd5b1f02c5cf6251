"""Discounts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .money import round_cents
from .period import Period


@dataclass(frozen=True)
class Coupon:
    """Takes a percentage and then a fixed amount off. `expires` is the last day it can be used."""

    code: str
    percent: int = 0
    amount: Decimal = Decimal("0")
    expires: date | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100:
            raise ValueError(f"the coupon {self.code} takes {self.percent} % off")

    def applies_to(self, period: Period) -> bool:
        """A coupon counts for the whole period if it can be used on its first day."""
        return self.expires is None or period.start <= self.expires

    def discount(self, subtotal: Decimal) -> Decimal:
        """What is taken off; never more than there is."""
        return min(round_cents(subtotal * self.percent / 100) + self.amount, subtotal)
