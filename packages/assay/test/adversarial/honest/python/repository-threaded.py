# Computes in a pool of threads and leaves it running.
# stage: pytest
from concurrent.futures import ThreadPoolExecutor

POOL = ThreadPoolExecutor(2)


def running_total(numbers):
    return list(POOL.map(lambda end: sum(numbers[: end + 1]), range(len(numbers))))
