# Recursion instead of a loop.
# stage: function; problem: running_total
def running_total(numbers):
    if not numbers:
        return []
    before = running_total(numbers[:-1])
    return before + [(before[-1] if before else 0) + numbers[-1]]
