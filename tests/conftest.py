"""Where nothing may be skipped, a test that misses a program fails instead."""

import os

import pytest

PROGRAMS = ("LibreOffice", "Chromium", "soffice", "chromium", "pdftoppm")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and os.environ.get("BIAOGAN_SKIP_NOTHING"):
        reason = str(report.longrepr[-1] if isinstance(report.longrepr, tuple) else "")
        if any(program in reason for program in PROGRAMS):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped, but must run here: {reason}"
    return report
