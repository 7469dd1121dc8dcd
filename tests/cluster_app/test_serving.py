import pytest
from django.core.exceptions import ImproperlyConfigured

from cluster_app import serving
from members.models import Cluster

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_keys(monkeypatch):
    for name in serving.OWN_KEYS:
        monkeypatch.setenv(name, "a key of one's own, from the environment")


@pytest.fixture
def real_cluster():
    return Cluster.objects.create(slug="real", name="Cụm Thi đua số 1", province="Lạng Sơn")


@pytest.fixture
def demo_cluster():
    return Cluster.objects.create(slug="demo", name="Cụm Thi đua mẫu", province="Lạng Sơn", is_illustrative=True)


@pytest.mark.usefixtures("own_keys", "real_cluster")
def test_check_before_serving_with_own_keys_and_real_data_passes():
    serving.check_before_serving()


@pytest.mark.usefixtures("own_keys")
@pytest.mark.parametrize("absent", serving.OWN_KEYS)
def test_check_before_serving_without_a_key_from_the_environment_refuses(absent, monkeypatch):
    monkeypatch.setenv(absent, "")

    with pytest.raises(ImproperlyConfigured, match=f"takes {absent} from the environment"):
        serving.check_before_serving()


@pytest.mark.usefixtures("own_keys", "real_cluster", "demo_cluster")
def test_check_before_serving_with_demo_data_refuses():
    with pytest.raises(ImproperlyConfigured, match="holds demo data"):
        serving.check_before_serving()


@pytest.mark.usefixtures("demo_cluster")
def test_check_before_serving_with_debug_on_insists_on_nothing(settings, monkeypatch):
    settings.DEBUG = True
    for name in serving.OWN_KEYS:
        monkeypatch.delenv(name)

    serving.check_before_serving()


def test_holds_data_in_an_empty_database_is_neither():
    assert (serving.holds_demo_data(), serving.holds_real_data()) == (False, False)


def test_holds_data_with_a_real_cluster_only(real_cluster):
    assert (serving.holds_demo_data(), serving.holds_real_data()) == (False, True)


def test_holds_data_with_a_cluster_added_to_the_demo_is_still_the_demo(real_cluster, demo_cluster):
    assert (serving.holds_demo_data(), serving.holds_real_data()) == (True, False)
