# Reads the time and waits a little.
# stage: function; problem: running_total
import time


def running_total(numbers):
    started = time.time()
    time.sleep(0.01)
    assert time.time() >= started
    return [sum(numbers[: end + 1]) for end in range(len(numbers))]
