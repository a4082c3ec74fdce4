"""Pages: self-contained HTML out of the templates of this folder, without scripts or requests.

Everything that a template is given is escaped, and a content security policy (templates/page.html) forbids what
might slip through to run or load.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup


def template(name: str, filters: Mapping[str, Callable[..., Any]]) -> Template:
    """A template that extends `page.html`, which reads `lang`, `style` and (but for its block `body`) `say`."""
    environment = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters
    return environment.get_template(name)


def style(*names: str) -> Markup:
    """Style sheets, one after the other."""
    return Markup("".join(map(_text, names)))


def language_tag(lang: str) -> str:
    """The tag of a language of ours in HTML (BCP 47)."""
    return "zh-Hans" if lang == "zh" else "en"


def _text(name: str) -> str:
    return (files(__package__) / "templates" / name).read_text(encoding="utf-8")
