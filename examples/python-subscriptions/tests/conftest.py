from datetime import date
from decimal import Decimal

import pytest
from subscriptions import Plan, Subscription


@pytest.fixture
def basic() -> Plan:
    return Plan("Basic", Decimal("30.00"), included_units=100, unit_price=Decimal("0.10"), seats=2)


@pytest.fixture
def team() -> Plan:
    return Plan(
        "Team",
        Decimal("90.00"),
        included_units=1000,
        unit_price=Decimal("0.05"),
        seats=10,
        features=frozenset({"sso", "audit-log"}),
    )


@pytest.fixture
def subscription(basic: Plan) -> Subscription:
    return Subscription("acme", basic, started=date(2026, 1, 10))
