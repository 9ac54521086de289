"""Settings are refused by name, all at once, and never half taken."""

from pathlib import Path

import pytest

from veche.config import SECRET_LETTERS_MIN, Settings, load_settings, settings_reference
from veche.domain.errors import Misconfigured

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"
SECRET = "s" * SECRET_LETTERS_MIN


def _file(folder: Path, text: str) -> Path:
    file = folder / "veche.toml"
    file.write_text(text, "utf-8")
    return file


def _problems(
    file: Path | None = None,
    environment: dict[str, str] | None = None,
    command_line: dict[str, str] | None = None,
) -> dict[str, str]:
    with pytest.raises(Misconfigured) as refused:
        load_settings(file, environment, command_line)
    return dict(refused.value.problems)


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = _file(tmp_path, "[web]\nport = 1\nhost = '::1'\n[media]\nport = 1\n")
    settings = load_settings(
        file, {"VECHE_WEB_PORT": "2", "VECHE_MEDIA_PORT": "2"}, {"web.port": "3"}
    )
    assert (settings.web.port, settings.media.port, settings.web.host) == (3, 2, "::1")


def test_nothing_at_all_gives_the_defaults() -> None:
    assert load_settings() == Settings()


def test_all_problems_are_told_at_once_by_their_keys(tmp_path: Path) -> None:
    file = _file(tmp_path, "colour = 1\n[web]\nport = 'many'\n[media]\nprot = 1\n")
    problems = _problems(file, {"VECHE_MEDIA_ANNOUNCE": "1.2.3.4, here", "VECHE_WEB_PROT": "1"})
    assert set(problems) == {"colour", "web.port", "media.prot", "media.announce", "VECHE_WEB_PROT"}
    assert "did you mean media.port?" in problems["media.prot"]
    assert "did you mean VECHE_WEB_PORT?" in problems["VECHE_WEB_PROT"]
    assert "'many'" in problems["web.port"]
    assert "from VECHE_MEDIA_ANNOUNCE" in problems["media.announce"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("web.port", "-1"),
        ("web.port", "65536"),
        ("web.port", ""),
        ("media.port", "7882.5"),
        ("media.listen", "localhost"),
        ("web.base_url", "veche.example"),
        ("web.base_url", "ftp://veche.example"),
        ("web.base_url", "https://veche.example/path"),
        ("web.trusted_proxies", "10.0.0.1/33"),
        ("web.embedding", "ministry.example"),
        ("web.embedding", "https://ministry.example/path"),
        ("web.embedding", "https://a.example; script-src *"),
        ("web.embedding", "*,https://ministry.example"),
        ("web.tls_certificate", "a.pem"),
        ("languages", "ru,de"),
        ("languages", ""),
        ("mail.host", "mail.example"),
        ("mail.sender", "protocol"),
        ("mail.sender", "a@b.example, c@d.example"),
        ("mail.security", "open"),
        ("mail.username", "veche"),
        ("mail.remind_days_before", "-1"),
        ("livekit.keys", "key: short"),
        ("livekit.keys", f": {SECRET}"),
        ("livekit.keys", "key"),
    ],
)
def test_a_wrong_value_names_its_key(key: str, value: str) -> None:
    section = key.partition(".")[0]
    assert all(name in (key, section) for name in _problems(command_line={key: value}))


def test_letters_go_unencrypted_to_this_machine_only() -> None:
    asked = {"mail.sender": "protocol@ministry.example", "mail.security": "none"}
    load_settings(command_line={**asked, "mail.host": "127.0.0.1"})
    assert set(_problems(command_line={**asked, "mail.host": "mail.example"})) == {"mail"}


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("*", ("*",)),
        ("none", ()),
        (
            "https://ministry.example, https://*.region.example:8443",
            ("https://ministry.example", "https://*.region.example:8443"),
        ),
    ],
)
def test_sites_that_may_frame_a_card_are_named(written: str, understood: tuple[str, ...]) -> None:
    settings = load_settings(command_line={"web.embedding": written})
    assert settings.web.embedding == understood


@pytest.mark.parametrize("port", ["0", "1", "65535"])
def test_ports_at_the_edges_are_taken(port: str) -> None:
    assert load_settings(command_line={"web.port": port}).web.port == int(port)


def test_keys_are_read_in_the_form_of_livekit() -> None:
    settings = load_settings(environment={"VECHE_LIVEKIT_KEYS": f"one: {SECRET}\ntwo: {SECRET}2"})
    assert list(settings.livekit.keys) == ["one", "two"]
    assert settings.livekit.keys["two"].get_secret_value() == f"{SECRET}2"


def test_a_secret_is_never_printed() -> None:
    settings = load_settings(environment={"VECHE_LIVEKIT_KEYS": f"one: {SECRET}"})
    assert SECRET not in repr(settings)
    problems = _problems(environment={"VECHE_LIVEKIT_KEYS": "one: guessable"})
    assert "guessable" not in str(problems)


def test_a_file_that_is_not_there_or_not_toml_is_named(tmp_path: Path) -> None:
    absent = tmp_path / "absent.toml"
    assert "cannot be read" in _problems(absent)[str(absent)]
    broken = _file(tmp_path, "[web\n")
    assert "is not TOML" in _problems(broken)[str(broken)]


def test_the_reference_page_equals_the_types() -> None:
    assert REFERENCE.read_text("utf-8") == settings_reference()
