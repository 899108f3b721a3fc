"""The library as its users find it: every public name is there, explained, and asks for numpy and scipy only."""

import inspect
import re
import subprocess
import sys

import pytest

from item_bank import psychometrics as irt

EVERYTHING = """
import sys
from item_bank import psychometrics as irt
early = {"scipy.optimize", "scipy.stats"} & set(sys.modules)
assert not early, f"imported before anything was asked for: {early}"
for name in irt.__all__:
    getattr(irt, name)
strangers = {"flask", "sqlalchemy", "gevent", "matplotlib", "pandas"} & set(sys.modules)
assert not strangers, strangers
"""


@pytest.mark.parametrize("name", irt.__all__)
def test_a_public_name_is_explained(name):
    thing = getattr(irt, name)
    assert inspect.getdoc(thing), name
    assert not (inspect.isclass(thing) and thing.__doc__.startswith(f"{name}(")), "a dataclass's own signature"


@pytest.mark.parametrize("name", [name for name in irt.__all__ if inspect.isfunction(getattr(irt, name))])
def test_a_public_function_names_its_source(name):
    function = getattr(irt, name)
    told = (inspect.getdoc(function) or "") + (inspect.getmodule(function).__doc__ or "")
    assert re.search(r"Sources?:", told), f"{name} does not say where its arithmetic comes from"


def test_no_module_has_the_name_of_what_it_exports():
    """Importing a module puts it into the package: it would hide the function of its name."""
    homes = {home.split(".")[0] for home in irt._HOME.values()}
    assert homes.isdisjoint(irt.__all__)


def test_the_list_for_readers_and_checkers_is_the_list_for_the_machine():
    source = inspect.getsource(irt)
    for name in irt.__all__:
        assert f"import {name} as {name}" in source, name
    assert set(dir(irt)) == set(irt.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'calibrat'"):
        _ = irt.calibrat


def test_all_of_it_imports_with_numpy_and_scipy_alone_and_only_when_used():
    done = subprocess.run([sys.executable, "-c", EVERYTHING], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
