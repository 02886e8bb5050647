"""What all tests share. Where nothing may be skipped, a test that misses a program fails."""

import os

import pytest
from hypothesis import HealthCheck, settings
from made_once import make_once

# No test is timed: how long an example takes says more of the machine than of what is tested.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

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


PLAYING_SECONDS = 1_200
"""The whole example's ten nights are minutes where a machine does much else."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What asks for the whole example is slow."""
    for item in items:
        if "whole_example" in item.fixturenames:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.timeout(PLAYING_SECONDS))


@pytest.fixture(scope="session")
def whole_example(tmp_path_factory):
    """The whole example after its nights: a `WholeExample`, to be read and not changed."""
    from whole_example import play_whole_example  # loads Great Expectations

    return make_once(tmp_path_factory, "whole_example", play_whole_example)
