"""Drawing pictures as SVG with Vega-Lite (vl-convert), for pages, files and print.

What comes out stands alone and is safe in a page under a strict content security policy: no script, no style
sheet and no `style` attribute, nothing loaded, and every word that strangers wrote is text. To whom cannot see
it, it is one image with a title and a description; its marks say on hovering what they stand for. The same
picture gives the same bytes.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, Final

from lxml import etree

from tallystick.report.page import language_tag
from tallystick.report.picture import Picture, fit

SVG: Final = "http://www.w3.org/2000/svg"
FONT: Final = "system-ui, 'Noto Sans', 'Noto Sans CJK SC', sans-serif"

REMEMBERED: Final = 2048
"""Drawings that are kept, some 10 kB each: a page has up to six, and each takes 20 ms to draw."""

_ELEMENTS: Final = frozenset("g path line rect circle text tspan".split())
_ATTRIBUTES: Final = frozenset(
    "x y x1 y1 x2 y2 cx cy r d width height transform fill fill-opacity stroke stroke-width stroke-dasharray "
    "stroke-opacity opacity text-anchor font-size font-weight".split()
)
"""What the library writes beside is for programs that do not run here, or says what is so anyway."""

_LONG: Final = re.compile(r"-?\d+\.\d{3,}")
_ANYWAY: Final = {("opacity", "1"), ("fill-opacity", "1"), ("stroke-opacity", "1")}


def draw(picture: Picture, font: str = FONT) -> str:
    """The picture as an `svg` element of class `drawn`. `font`: families as CSS lists them; a page in which it
    stands may set others. Raises `ValueError` for a spec that Vega-Lite cannot draw."""
    spec = json.dumps(_clean(picture.spec), ensure_ascii=False, sort_keys=True)
    return _drawn(spec, picture.lang, picture.title, picture.text, font)


@lru_cache(maxsize=REMEMBERED)
def _drawn(spec: str, lang: str, title: str, text: str, font: str) -> str:
    import vl_convert  # 80 MB that only those need who draw

    told = json.loads(spec)
    raw = vl_convert.vegalite_to_svg(told, allowed_base_urls=[])
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    source = etree.fromstring(raw.encode(), parser)
    root = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})
    width, height = (str(told["usermeta"][name]) for name in ("width", "height"))
    root.set("width", width)
    root.set("height", height)
    root.set("viewBox", f"0 0 {width} {height}")
    root.set("class", "drawn")
    root.set("role", "img")
    root.set("lang", language_tag(lang))
    root.set("aria-label", fit(title))
    root.set("font-family", font)
    root.set("fill", "none")
    for name, words in (("title", title), ("desc", text)):
        etree.SubElement(root, f"{{{SVG}}}{name}").text = fit(words, 1000)
    spoken = set(_spoken(told))
    for child in source:
        _copy(child, root, spoken)
    return str(etree.tostring(root, encoding="unicode"))


def _clean(value: Any) -> Any:
    """A spec whose words a picture may bear."""
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    return fit(value, 300) if isinstance(value, str) else value


def _spoken(spec: Any) -> list[str]:
    """The words (`told`) that the data of a spec has for its marks."""
    if isinstance(spec, dict):
        own = [spec["told"]] if isinstance(spec.get("told"), str) else []
        return own + [word for value in spec.values() for word in _spoken(value)]
    return [word for value in spec for word in _spoken(value)] if isinstance(spec, list) else []


def _copy(source: Any, target: Any, spoken: set[str]) -> None:
    """What is to be seen of an element, under `target`; groups that do nothing leave their place to what is
    in them."""
    name = etree.QName(source).localname
    if name not in _ELEMENTS or source.get("display") == "none" or _blank(name, source):
        return
    attributes = {
        key: _LONG.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)
        for key, value in source.attrib.items()
        if key in _ATTRIBUTES and (key, value) not in _ANYWAY
    }
    if attributes.get("transform") in ("translate(0,0)", "translate(0.5,0.5)"):
        del attributes["transform"]
    if name == "g" and not set(attributes) - {"fill"}:
        place = target
    else:
        place = etree.SubElement(target, f"{{{SVG}}}{name}", attributes)
        place.text = source.text if name in ("text", "tspan") else None
        label = source.get("aria-label")
        if name != "g" and label in spoken:
            etree.SubElement(place, f"{{{SVG}}}title").text = label
    for child in source:
        _copy(child, place, spoken)
    if name == "g" and place is not target and not len(place):
        target.remove(place)


def _blank(name: str, source: Any) -> bool:
    """Whether an element shows nothing: the frames that groups have, and paths without a line."""
    frame = source.get("class") in ("background", "foreground")
    frame = frame or source.get("fill") == "transparent"
    return frame or (name == "path" and not source.get("d"))
