"""Subscription billing: plans, plan changes, metered usage, coupons and tax."""

from .coupon import Coupon
from .entitlements import allows, seats_left
from .invoice import Invoice, Line, build_invoice
from .money import round_cents, share
from .period import Period
from .plan import Plan
from .subscription import NotSubscribed, PlanChange, Subscription
from .usage import UsageRecord, units_in

__all__ = [
    "Coupon",
    "Invoice",
    "Line",
    "NotSubscribed",
    "Period",
    "Plan",
    "PlanChange",
    "Subscription",
    "UsageRecord",
    "allows",
    "build_invoice",
    "round_cents",
    "seats_left",
    "share",
    "units_in",
]
