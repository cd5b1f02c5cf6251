# Needs a module of its own beside it.
# stage: pytest
from adding import sums


def running_total(numbers):
    return list(sums(numbers))
# --- file: adding.py
def sums(numbers):
    total = 0
    for number in numbers:
        total += number
        yield total
