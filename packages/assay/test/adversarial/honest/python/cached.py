# Keeps earlier answers in a global.
# stage: function; problem: running_total
CACHE = {}


def running_total(numbers):
    key = tuple(numbers)
    if key not in CACHE:
        CACHE[key] = [sum(key[: end + 1]) for end in range(len(key))]
    return list(CACHE[key])
