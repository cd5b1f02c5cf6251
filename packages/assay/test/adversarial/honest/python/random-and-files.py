# Uses randomness and a temporary file on the way.
# stage: function; problem: running_total
import json
import random
import tempfile


def running_total(numbers):
    random.random()
    with tempfile.TemporaryFile("w+") as file:
        json.dump(numbers, file)
        file.seek(0)
        numbers = json.load(file)
    return [sum(numbers[: end + 1]) for end in range(len(numbers))]
