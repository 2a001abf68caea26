import pytest

from itsm.kernel.actor import Actor


@pytest.fixture
def root(person):
    return person("root", is_superuser=True, is_staff=True, email="root@example.org")


@pytest.fixture
def admin(root):
    """Acts as the administrator."""
    return Actor.person(root)


@pytest.fixture
def browser(browser_of, root):
    return browser_of(root)
