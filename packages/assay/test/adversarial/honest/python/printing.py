# Prints what it does to stdout and stderr, and the word `failed` too.
# stage: function; problem: running_total
import sys


def running_total(numbers):
    print("failed? no: adding", numbers)
    print("warning", file=sys.stderr)
    return [sum(numbers[: end + 1]) for end in range(len(numbers))]
