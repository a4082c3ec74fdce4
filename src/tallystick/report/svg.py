"""Writing SVG: elements as text, every attribute and word escaped."""

from __future__ import annotations

from markupsafe import Markup, escape


def tag(name: str, *children: Markup | str, **attributes: object) -> Markup:
    """An element. `class_` stands for `class`, `_` in other names for `-`; floats get one decimal.

    >>> str(tag("text", "a<b", x=1.25, class_="axis", text_anchor="end"))
    '<text x="1.2" class="axis" text-anchor="end">a&lt;b</text>'
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
    )
    inner = Markup("").join(escape(child) for child in children)
    return Markup(f"<{name}{told}>{inner}</{name}>")


def picture(width: int, height: int, title: str, *children: Markup, class_: str = "") -> Markup:
    """An `svg` that scales to its place and is read out as `title`."""
    return tag(
        "svg",
        tag("title", title),
        *children,
        viewBox=f"0 0 {width} {height}",
        role="img",
        class_=class_,
        aria_label=title,
    )


def _number(value: object) -> object:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
