# A view of a dictionary, which has a length and items and is no list.
# stage: function; problem: tripled
def tripled(numbers):
    return {number: number * 3 for number in numbers}.values()
