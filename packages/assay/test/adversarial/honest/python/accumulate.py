# The standard library's generator, made a list.
# stage: function; problem: running_total
import itertools


def running_total(numbers):
    return list(itertools.accumulate(numbers))
