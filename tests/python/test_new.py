"""A study from the files of a folder."""

import shutil

import pytest

import commonground


@pytest.fixture
def town(shipped, tmp_path):
    folder = tmp_path / "mill-brook"
    shutil.copytree(shipped / "millbrook", folder)
    (folder / "study.toml").unlink()
    return folder


def test_a_study_is_written_and_can_be_read_as_it_is(town):
    (town / "notes.docx").write_text("to the mayor")
    written = commonground.new(town)
    assert written.path == town / "study.toml"
    assert 'name = "Mill Brook"' in written.path.read_text()
    assert written.missing == []
    assert written.guesses.set_index("layer").loc["homes", "file"] == "homes.csv"
    assert "no format" in written.left_out.set_index("file").loc["notes.docx", "why"]
    assert not (commonground.check(town)["severity"] == "error").any()


def test_a_study_that_is_there_is_left_as_it_is(town):
    (town / "study.toml").write_text("mine")
    with pytest.raises(commonground.CommongroundError, match="is there already"):
        commonground.new(town)
    assert (town / "study.toml").read_text() == "mine"
    commonground.new(town, name="Town", overwrite=True)
    assert 'name = "Town"' in (town / "study.toml").read_text()
