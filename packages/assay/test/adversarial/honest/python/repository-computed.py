# A loop, where tests compute what they expect.
# stage: pytest; problem: computed
def running_total(numbers):
    total, totals = 0, []
    for number in numbers:
        total += number
        totals.append(total)
    return totals
