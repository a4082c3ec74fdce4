"""Models as they are read, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tallystick.adapters.linking import ModelError, read_model
from tallystick.adapters.linking.model import READY, fit

GOOD = '[[field]]\nname = "town"\nsort = "place"\n[blocking]\nrules = [["town:3"]]\n'


@pytest.mark.parametrize("name", READY)
def test_ready_models_load_and_fit_a_table_of_their_columns(name: str) -> None:
    model = read_model(name)
    columns = [field.columns[0] for field in model.fields]
    fitted = fit(model, [("t", columns)])
    assert fitted.model.fields == model.fields and fitted.model.rules == model.rules


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no field"),
        ("surprise = 1\n" + GOOD, "surprise is not known here"),
        (GOOD.replace("place", "plaice"), "field town: there is no sort 'plaice'"),
        (GOOD.replace("town:3", "city:3"), "line 1: no field is called city"),
        (GOOD.replace("town:3", "town:x"), "town:x: after `:` stands how many letters"),
        (GOOD.replace('[["town:3"]]', "[]"), "records would never be compared"),
        (GOOD.replace('name = "town"', 'name = "my town"'), "rename it"),
        (GOOD + "[[", "not TOML"),
    ],
)
def test_a_wrong_model_is_refused_with_the_place_and_the_fix(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(ModelError) as told:
        read_model(path)
    assert "own.toml" in str(told.value) and says in str(told.value)


def test_a_field_that_a_table_lacks_is_left_out_with_its_blocking() -> None:
    fitted = fit(read_model("person"), [("t", ["First_Name", "surname", "dob"])])
    assert [field.name for field in fitted.model.fields] == ["given", "surname", "born"]
    assert fitted.columns["given"] == ("First_Name",)
    assert all("postcode" not in part for rule in fitted.model.rules for part in rule)


def test_a_table_with_nothing_to_compare_is_refused_with_what_was_looked_for() -> None:
    with pytest.raises(ModelError, match=r"too few columns .*given_name, first_name"):
        fit(read_model("person"), [("t.csv", ["a", "b"])])
    with pytest.raises(ModelError, match="no column zip for postcode; there are a"):
        fit(read_model("person"), [("t.csv", ["a"])], {"postcode": "zip"})
    with pytest.raises(ModelError, match="has no field zip"):
        fit(read_model("person"), [("t.csv", ["a"])], {"zip": "a"})
