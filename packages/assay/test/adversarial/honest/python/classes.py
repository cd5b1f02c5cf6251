# A class does the work, and an instance of it is the function.
# stage: function; problem: running_total
class RunningTotal:
    def __call__(self, numbers):
        totals = []
        for number in numbers:
            totals.append(number + (totals[-1] if totals else 0))
        return totals


running_total = RunningTotal()
