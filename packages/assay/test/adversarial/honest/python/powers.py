# A generator without an end.
# stage: function; problem: powers
def powers(base):
    power = base
    while True:
        yield power
        power *= base
