"""Which database the tests of interface and services use, and the end of the cluster they used."""

import os

import pytest

from tests.support.databases import ENGINES, remove_cluster


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=ENGINES,
        default="sqlite",
        help="engine behind every test that does not choose one itself",
    )


def pytest_configure(config: pytest.Config) -> None:
    os.environ["TEST_DATABASE"] = config.getoption("database")


def pytest_sessionfinish() -> None:
    remove_cluster()
