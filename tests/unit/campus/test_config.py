"""Settings: typed, documented, and strict in production."""

from __future__ import annotations

from pathlib import Path

import pytest

from campus.config import ConfigError, load


def test_defaults_need_nothing() -> None:
    settings = load({})
    assert settings.is_sqlite
    assert settings.resolved_public_url == "http://127.0.0.1:8000"


def test_postgresql_is_reached_by_psycopg() -> None:
    settings = load({"TRUONGTHI_DATABASE_URL": "postgresql://u@h/n"})
    assert settings.resolved_database_url == "postgresql+psycopg://u@h/n"
    assert not settings.is_sqlite


@pytest.mark.parametrize(
    ("environment", "part"),
    [
        ({"TRUONGTHI_SECRT_KEY": "x"}, "TRUONGTHI_SECRT_KEY is not a setting"),
        ({"TRUONGTHI_PORT": "eighty"}, "whole number"),
        ({"TRUONGTHI_PRODUCTION": "perhaps"}, "true or false"),
        ({"TRUONGTHI_PRODUCTION": "1"}, "TRUONGTHI_SECRET_KEY must be set"),
        ({"TRUONGTHI_PRODUCTION": "1", "TRUONGTHI_SECRET_KEY": "short"}, "at least 32"),
        ({"TRUONGTHI_CONFIG": "/nowhere/at/all.toml"}, "cannot be read"),
    ],
)
def test_a_wrong_setting_is_named(environment: dict[str, str], part: str) -> None:
    with pytest.raises(ConfigError, match=part):
        load(environment)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('port = 9000\npublic_url = "https://thi.example/"\n')
    settings = load({"TRUONGTHI_CONFIG": str(file), "TRUONGTHI_PORT": "9001", "TRUONGTHI_LANG": "en"})
    assert settings.port == 9001
    assert settings.resolved_public_url == "https://thi.example"


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("prt = 9000\n")
    with pytest.raises(ConfigError, match="prt"):
        load({"TRUONGTHI_CONFIG": str(file)})
