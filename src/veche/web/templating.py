"""The templates of pages and letters: every word escaped where markup is read."""

from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

TEMPLATES: Final = Environment(
    loader=PackageLoader("veche.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PLAIN: Final = TEMPLATES.overlay(autoescape=False)
"""For what no program reads as markup."""


def render_letter(template: str, **values: Any) -> str:  # Any: JSON, finished words
    environment = TEMPLATES if template.endswith(".html") else _PLAIN
    return environment.get_template(template).render(**values)
