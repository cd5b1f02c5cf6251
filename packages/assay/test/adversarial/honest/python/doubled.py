# A lookup that ends an iteration inside, and never outside.
# stage: function; problem: doubled
def doubled(number):
    return next(iter([number + number]))
