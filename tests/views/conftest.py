from tests.support.destruction import old  # noqa: F401  a fixture
