from tests.support.destruction import old  # noqa: F401  a fixture
from tests.support.single_sign_on import op, sso, visitor  # noqa: F401  fixtures
