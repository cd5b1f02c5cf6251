# Divides.
# stage: function; problem: ratio
def ratio(a, b):
    return a / b
