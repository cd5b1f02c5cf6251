"""What a customer may use."""

from datetime import date

from .subscription import Subscription


def allows(subscription: Subscription, feature: str, day: date) -> bool:
    """Whether the customer's plan on that day has the feature; never without a plan."""
    return subscription.is_active(day) and feature in subscription.plan_on(day).features


def seats_left(subscription: Subscription, taken: int, day: date) -> int:
    """Seats that can still be given to people on that day; never negative."""
    if not subscription.is_active(day):
        return 0
    return max(subscription.plan_on(day).seats - taken, 0)
