"""The command line: one word says what to start or to ask; `veche --help` lists them.

Parses what was typed, refuses in words, and starts one thing. Heavy imports happen inside the
command that needs them, so that help and refusals come at once.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from veche.config import Settings, load_settings, settings_reference
from veche.domain.account import GlobalRole
from veche.domain.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from veche.runtime import Running

EXIT_REFUSED: Final = 2
"""The start is refused: something must be set otherwise."""
DEMO_DATA: Final = "data/demo"

_STARTED: Final = time.monotonic()


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the process' exit code."""
    asked = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = asked.command
    try:
        return command(asked)
    except Misconfigured as refused:
        print("veche: cannot start", file=sys.stderr)
        for key, reason in refused.problems:
            print(f"  {key}: {reason}", file=sys.stderr)
    except Unavailable as refused:
        print(f"veche: cannot start\n  {refused}", file=sys.stderr)
    return EXIT_REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="veche", description="A self-hosted bridge for official inter-site video meetings."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="start the server")
    _add_settings(serve)
    serve.set_defaults(command=_serve)

    demo = commands.add_parser(
        "demo", help="start the server with a living demonstration: two halls on the air"
    )
    _add_settings(demo)
    demo.set_defaults(command=_demo)

    sfu = commands.add_parser("sfu", help="start the media engine alone, as a LiveKit server")
    _add_sfu(sfu)
    sfu.set_defaults(command=_sfu)

    doctor = commands.add_parser(
        "doctor", help="say in words what is reachable and what is missing"
    )
    _add_settings(doctor)
    doctor.set_defaults(command=_doctor)

    user = commands.add_parser("user", help="accounts: add the first administrator, list, disable")
    _add_user(user)

    migrate = commands.add_parser("migrate", help="bring the database up to date, and end")
    _add_settings(migrate)
    migrate.set_defaults(command=_migrate)

    verify = commands.add_parser(
        "verify", help="say whether everything that was recorded is as it was written"
    )
    _add_settings(verify)
    verify.add_argument(
        "--noted",
        metavar="HASH",
        help="newest record of an earlier verification: it must still be in the chain",
    )
    verify.set_defaults(command=_verify)

    settings = commands.add_parser("settings", help="print every setting, its default and meaning")
    settings.set_defaults(command=_print_settings)

    reference = commands.add_parser("reference", help="print every door of the interface")
    reference.add_argument("--openapi", action="store_true", help="for programs: OpenAPI as JSON")
    reference.set_defaults(command=_print_reference)

    rights = commands.add_parser("access", help="print who may do what, and by which door")
    rights.set_defaults(command=_print_access)

    told = commands.add_parser("version", help="print the version")
    told.set_defaults(command=_print_version)
    return parser


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="assignments",
        help="one setting, as web.base_url=https://veche.example; `veche settings` lists all",
    )
    for option, key, words in (
        ("--host", "web.host", "address to listen on (default 127.0.0.1)"),
        ("--port", "web.port", "TCP port of pages and signalling (default 8067)"),
        ("--media-port", "media.port", "the one UDP port of all media (default 7882)"),
        ("--data", "data", "directory of database and keys"),
    ):
        parser.add_argument(option, dest=key, metavar=option[2:].upper(), help=words)


def _add_user(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB", dest="verb")
    roles = [role.value for role in GlobalRole]
    for verb, words in (
        ("add", "make an account; the password is asked for, or made and printed"),
        ("list", "every account"),
        ("disable", "end the sessions of an account and let it in no more"),
        ("enable", "let a disabled account in again"),
        ("reset", "make a new password, print it and end the sessions"),
    ):
        one = verbs.add_parser(verb, help=words)
        _add_settings(one)
        one.set_defaults(command=_user)
        if verb != "list":
            one.add_argument("login", metavar="NAME", help="what is typed to sign in")
        if verb == "add":
            role = one.add_mutually_exclusive_group(required=True)
            role.add_argument(
                "--admin", action="store_const", dest="role", const="admin", help="--role admin"
            )
            role.add_argument("--role", choices=roles)
            one.add_argument("--shown-name", help="how the person is shown (default: NAME)")
            one.add_argument(
                "--organisation",
                metavar="ID",
                help="whose staff it is; without it an administrator keeps the whole house",
            )
            one.add_argument("--generate", action="store_true", help="make a password, never ask")


def _add_sfu(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=7880, help="TCP port of signalling")
    parser.add_argument("--media-port", type=int, default=7882, help="UDP port of all media")
    parser.add_argument("--bind", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--node-ip",
        "--announce",
        dest="announce",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="media address told to clients; may be repeated",
    )
    parser.add_argument(
        "--keys",
        action="append",
        default=[],
        metavar="'KEY: SECRET'",
        help="API keys; may be repeated, also from LIVEKIT_KEYS",
    )
    parser.add_argument(
        "--dev", action="store_true", help="make a key named devkey and print its secret"
    )


def _settings_of(asked: argparse.Namespace, defaults: dict[str, str] | None = None) -> Settings:
    typed: dict[str, str] = dict(defaults or {})
    for assignment in asked.assignments:
        key, separator, value = assignment.partition("=")
        if not separator:
            raise Misconfigured([("--set", f"{assignment!r} is not KEY=VALUE")])
        typed[key] = value
    for key in ("web.host", "web.port", "media.port", "data"):
        if (value := getattr(asked, key)) is not None:
            typed[key] = value
    return load_settings(asked.config, os.environ, typed)


def _serve(asked: argparse.Namespace) -> int:
    return _run(_settings_of(asked), is_demo=False)


def _demo(asked: argparse.Namespace) -> int:
    is_said = asked.config or "VECHE_DATA" in os.environ
    return _run(_settings_of(asked, None if is_said else {"data": DEMO_DATA}), is_demo=True)


@contextmanager
def _engine_required() -> Iterator[None]:
    """Around the import of whatever stands on the engine: one not built is told in words."""
    try:
        yield
    except ImportError as error:
        if "engine" not in str(error):
            raise
        raise Misconfigured([("media engine", f"{error} (`make build` builds it)")]) from None


def _run(settings: Settings, *, is_demo: bool) -> int:
    import logging

    import uvloop

    with _engine_required():
        from veche import runtime

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(runtime.serve(settings, is_demo=is_demo, tell_ready=_tell_ready))
    return 0


def _tell_ready(running: "Running") -> None:
    """The one line that scripts wait for, and for the demonstration what is worth opening."""
    seconds = time.monotonic() - _STARTED
    print(f"ready: {running.url} (accepting joins after {seconds:.1f} s)", flush=True)
    if running.demo is None:
        return
    meeting = running.demo.meeting
    lines = [
        ("/m/" + str(meeting.number), "the public page: announcement and broadcast, for anybody")
    ]
    for person, secret in running.demo.guests:
        side = meeting.side(person.side).name.in_language(meeting.language)
        name = (person.name or person.post).in_language(meeting.language)
        lines.append((f"/j/{secret}", f"a participant's personal link, {side}: {name}"))
    width = max(len(path) for path, _ in lines)
    title = meeting.title.in_language(meeting.language)
    print(f"\n  {title}\n  Two robot halls are coming on the air. Worth opening:\n")
    for path, words in lines:
        print(f"    {running.url}{path.ljust(width)}  {words}")
    print(f"\n  Signing in at {running.url}/cabinet (new passwords at each start):\n")
    width = max(len(staff.login) for staff in running.staff)
    for staff in running.staff:
        print(f"    {staff.login.ljust(width)}  {staff.password}  {staff.about}")
    print("\n  Ctrl+C ends it.", flush=True)


def _sfu(asked: argparse.Namespace) -> int:
    with _engine_required():
        from veche.livekit.standalone import SettingRefused, SfuSettings, parse_keys, serve_sfu

    keys = "\n".join([*asked.keys, os.environ.get("LIVEKIT_KEYS", "")])
    try:
        return serve_sfu(
            SfuSettings(
                bind=asked.bind,
                port=asked.port,
                media_port=asked.media_port,
                announce=tuple(asked.announce),
                keys=parse_keys(keys),
                is_dev=asked.dev,
            )
        )
    except SettingRefused as refused:
        raise Misconfigured([(refused.key, str(refused).partition(": ")[2])]) from None


def _doctor(asked: argparse.Namespace) -> int:
    from veche.doctor import examine

    return examine(_settings_of(asked))


def _user(asked: argparse.Namespace) -> int:
    from veche.opening import open_database
    from veche.services.passwords import Passwords
    from veche.users import Users, Wanted

    settings = _settings_of(asked)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open_database(settings, _now) as database, Passwords() as passwords:
        users = Users(database, passwords)
        if asked.verb == "add":
            role = GlobalRole(asked.role)
            users.add(
                Wanted(asked.login, asked.shown_name, role, asked.organisation, asked.generate)
            )
        elif asked.verb == "list":
            users.list()
        else:
            {"disable": users.disable, "enable": users.enable, "reset": users.reset}[asked.verb](
                asked.login
            )
    return 0


def _migrate(asked: argparse.Namespace) -> int:
    from veche.upkeep import migrate

    return migrate(_settings_of(asked), _now)


def _verify(asked: argparse.Namespace) -> int:
    from veche.upkeep import verify

    return verify(_settings_of(asked), _now, asked.noted)


def _now() -> datetime:
    return datetime.now(UTC)


def _print_settings(_: argparse.Namespace) -> int:
    print(settings_reference(), end="")
    return 0


def _print_reference(asked: argparse.Namespace) -> int:
    from veche.web.app import routed
    from veche.web.reference import as_json, as_page, describe

    document = describe(routed())
    print(as_json(document) if asked.openapi else as_page(document), end="")
    return 0


def _print_access(_: argparse.Namespace) -> int:
    from veche.web.doors import access_reference

    print(access_reference(), end="")
    return 0


def _print_version(_: argparse.Namespace) -> int:
    try:
        print(version("veche"))
    except PackageNotFoundError:
        print("not installed: runs from its sources")
    return 0
