from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from cluster_app import keys


def test_read_or_make_makes_a_long_key_once(tmp_path):
    made = keys.read_or_make("secret_key", tmp_path)

    assert len(made) >= 50
    assert keys.read_or_make("secret_key", tmp_path) == made
    assert keys.read_or_make("audit_key", tmp_path) != made


def test_read_or_make_keeps_the_file_to_its_owner_and_leaves_no_draft(tmp_path):
    keys.read_or_make("secret_key", tmp_path / "var")

    (file,) = (tmp_path / "var").iterdir()
    assert file.name == "secret_key"
    assert file.stat().st_mode & 0o777 == 0o600


def test_read_or_make_takes_what_somebody_wrote_by_hand(tmp_path):
    (tmp_path / "demo_password").write_text("chosen by hand\n")

    assert keys.read_or_make("demo_password", tmp_path) == "chosen by hand"


def test_read_or_make_at_the_same_time_gives_everybody_the_same_key(tmp_path):
    starters = 8
    start = Barrier(starters)

    def make_late():
        start.wait()  # all of them have seen that there is no file
        return keys.new_key()

    with ThreadPoolExecutor(starters) as pool:
        made = [pool.submit(keys.read_or_make, "secret_key", tmp_path, make_late) for _starter in range(starters)]

    assert {future.result() for future in made} == {(tmp_path / "secret_key").read_text().strip()}


def test_read_or_make_with_an_empty_file_says_so_instead_of_replacing_it(tmp_path):
    (tmp_path / "audit_key").touch()

    with pytest.raises(ValueError, match="audit_key is empty: restore it"):
        keys.read_or_make("audit_key", tmp_path)
