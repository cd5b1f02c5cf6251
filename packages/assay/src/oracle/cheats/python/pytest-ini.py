# A pytest.ini that only collects.
# kind: file; path: pytest.ini; needs: pytest
[pytest]
addopts = --collect-only
