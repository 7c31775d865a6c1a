"""What several replays share: a portal with something of everything of customers A and B."""

import pytest

from tests.support.house import house_in
from tests.views.test_kept_files import given_out  # noqa: F401  a fixture


@pytest.fixture(scope="module")
def house(tmp_path_factory, request):
    """Made once a file, whose tests take back what they do; not beside `app` or `firm`."""
    with house_in(tmp_path_factory.mktemp(request.module.__name__.split(".")[-1])) as made:
        yield made
