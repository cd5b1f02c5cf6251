"""What is for sale."""

from dataclasses import dataclass
from decimal import Decimal

from .money import round_cents


@dataclass(frozen=True)
class Plan:
    """A plan with a monthly price, included units and a price for every unit beyond them."""

    name: str
    monthly_price: Decimal
    included_units: int = 0
    unit_price: Decimal = Decimal("0")
    seats: int = 1
    features: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.monthly_price < 0 or self.unit_price < 0:
            raise ValueError(f"the plan {self.name!r} has a negative price")

    def overage(self, units: int) -> Decimal:
        """What `units` used in a month cost beyond the monthly price."""
        return round_cents(max(units - self.included_units, 0) * self.unit_price)
