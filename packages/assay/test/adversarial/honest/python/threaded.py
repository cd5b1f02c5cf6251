# Computes in a thread.
# stage: function; problem: running_total
import threading


def running_total(numbers):
    totals = []

    def work():
        for number in numbers:
            totals.append(number + (totals[-1] if totals else 0))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return totals
