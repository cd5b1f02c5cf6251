# Computes with fractions and gives a float.
# stage: function; problem: average
from fractions import Fraction


def average(numbers):
    return float(sum(map(Fraction, numbers)) / len(numbers))
