# A pytest.ini that only collects.
# stage: pytest; fools: pytest
def running_total(numbers):
    return list(numbers)
# --- file: pytest.ini
[pytest]
addopts = --collect-only
