"""Metered usage."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .period import Period


@dataclass(frozen=True)
class UsageRecord:
    """Units used on a day; a correction of an earlier record has negative units."""

    day: date
    units: int


def units_in(records: Iterable[UsageRecord], period: Period) -> int:
    """The units used in a period; corrections never bring it below zero."""
    return max(sum(record.units for record in records if period.contains(record.day)), 0)
