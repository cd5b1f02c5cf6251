"""Invoices for one period of a subscription."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .coupon import Coupon
from .money import round_cents, share
from .period import Period
from .subscription import Subscription
from .usage import UsageRecord, units_in


@dataclass(frozen=True)
class Line:
    description: str
    amount: Decimal


@dataclass(frozen=True)
class Invoice:
    customer: str
    period: Period
    lines: tuple[Line, ...]
    discount: Decimal
    tax: Decimal

    @property
    def subtotal(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    @property
    def total(self) -> Decimal:
        return self.subtotal - self.discount + self.tax


def build_invoice(
    subscription: Subscription,
    period: Period,
    usage: Iterable[UsageRecord],
    coupon: Coupon | None = None,
    tax_rate: Decimal = Decimal("0"),
) -> Invoice:
    """Bills a period: every plan for its days, usage beyond what the last plan includes, a coupon, then tax."""
    segments = list(subscription.segments(period))
    lines = [
        Line(f"{plan.name}, {piece.days} days", prorated(plan.monthly_price, piece, period))
        for plan, piece in segments
    ]
    if segments:
        last_plan, _ = segments[-1]
        units = units_in(usage, period)
        overage = last_plan.overage(units)
        if overage > 0:
            lines.append(Line(f"{units - last_plan.included_units} units beyond {last_plan.included_units}", overage))
    subtotal = sum((line.amount for line in lines), Decimal("0.00"))
    discount = coupon.discount(subtotal) if coupon and coupon.applies_to(period) else Decimal("0.00")
    tax = round_cents((subtotal - discount) * tax_rate)
    return Invoice(subscription.customer, period, tuple(lines), discount, tax)


def prorated(price: Decimal, piece: Period, period: Period) -> Decimal:
    """The part of a period's price that falls on a piece of it."""
    if piece.days == period.days:
        return round_cents(price)
    first, _ = share(price, [piece.days, period.days - piece.days])
    return first
