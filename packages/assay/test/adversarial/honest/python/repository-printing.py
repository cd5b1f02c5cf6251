# Prints, logs, warns and caches in a global.
# stage: pytest
import functools
import logging
import warnings


@functools.lru_cache
def totals(numbers):
    return [sum(numbers[: end + 1]) for end in range(len(numbers))]


def running_total(numbers):
    print("4 failed in 0.01s")
    logging.getLogger(__name__).warning("adding %s", numbers)
    warnings.warn("slow")
    return list(totals(tuple(numbers)))
