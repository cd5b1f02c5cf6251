"""Which plan a customer is on, and when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from .period import Period
from .plan import Plan


class NotSubscribed(LookupError):
    """The customer had no plan on that day."""


@dataclass(frozen=True)
class PlanChange:
    """A move to another plan. `effective` is the first day on it."""

    effective: date
    plan: Plan


@dataclass
class Subscription:
    """A customer's plans over time. `ended`, if there is one, is the first day without a plan."""

    customer: str
    first_plan: Plan
    started: date
    ended: date | None = None
    changes: list[PlanChange] = field(default_factory=list)

    def change_plan(self, effective: date, plan: Plan) -> None:
        """Moves the customer to another plan; a change on the same day replaces the earlier one."""
        if effective <= self.started:
            raise ValueError("a plan can only change after the subscription has started")
        self.changes = [change for change in self.changes if change.effective != effective]
        self.changes.append(PlanChange(effective, plan))
        self.changes.sort(key=lambda change: change.effective)

    def is_active(self, day: date) -> bool:
        return self.started <= day and (self.ended is None or day < self.ended)

    def plan_on(self, day: date) -> Plan:
        if not self.is_active(day):
            raise NotSubscribed(f"{self.customer} has no plan on {day}")
        current = self.first_plan
        for change in self.changes:
            if change.effective >= day:
                break
            current = change.plan
        return current

    def segments(self, period: Period) -> Iterator[tuple[Plan, Period]]:
        """The plans in force during a period, in order, each with its days."""
        billed = period.overlap(Period(self.started, self.ended or date.max))
        if billed is None:
            return
        for piece in billed.cut(change.effective for change in self.changes):
            yield self.plan_on(piece.start), piece
