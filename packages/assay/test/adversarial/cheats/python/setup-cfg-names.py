# A setup.cfg by which the failing functions are no tests.
# stage: pytest; fools: junit
def running_total(numbers):
    return list(numbers)
# --- file: setup.cfg
[tool:pytest]
python_functions = test_empty test_one
