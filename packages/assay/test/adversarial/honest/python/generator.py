# A generator of its own behind the function.
# stage: function; problem: running_total
def totals(numbers):
    total = 0
    for number in numbers:
        total += number
        yield total


def running_total(numbers):
    return [*totals(numbers)]
