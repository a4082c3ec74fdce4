"""The many ways in which people write one address, and the address of those who have moved.

Idea: as with names, an address is written anew from its parts: at home in its own script and order, abroad
in Latin letters, with abbreviations, with or without district, room and postal code. Who keeps an old entry
has the address before the move, in the same city or elsewhere.
"""

from __future__ import annotations

from random import Random
from typing import Final

from tallystick.world.firms import STEADY, Firm, Place, draw_place, pick
from tallystick.world.lexicon import Language
from tallystick.world.romanise import plain

ADDRESS_SHARES: Final[dict[str, float]] = {
    "address_rewritten": 0.45,
    "moved_near": 0.05,
    "moved_far": 0.02,
}
"""Kind of variation -> share of the addresses; whether an address is told at all is the contributor's
habit. `address_romanised`, `address_missing` follow from that."""


def write_address(
    firm: Firm, home: bool, care: float, habits: str, rng: Random
) -> tuple[str, set[str]]:
    """The firm's address as one contributor writes it, and the kinds of variation in it.

    `home`: in the script of the firm's country; `care` multiplies the share of every kind.
    """
    kinds: set[str] = set()
    place, move = firm.place, rng.random()
    if move < ADDRESS_SHARES["moved_near"] * care:
        kinds.add("moved_near")
        place = _before_the_move(firm, rng, near=True)
    elif move < (ADDRESS_SHARES["moved_near"] + ADDRESS_SHARES["moved_far"]) * care:
        kinds.add("moved_far")
        place = _before_the_move(firm, rng, near=False)
    language = firm.language
    other_script = "address_latin" in language.addresses
    native = home and not language.english
    if other_script and not native and not language.english:
        kinds.add("address_romanised")
    latin = other_script and not native
    rewritten = rng.random() < ADDRESS_SHARES["address_rewritten"] * care
    text = _filled(language, place, latin, _template(language, latin, rewritten, habits, rng), rng)
    if rewritten:
        kinds.add("address_rewritten")
        text = _shortened(language, text, rng)
    if (language.latin_script and not home) or language.code == "sr":
        text = plain(text)
    return " ".join(text.split()), kinds


def registered_address(firm: Firm) -> str:
    """The address as it stands in the register."""
    return write_address(firm, True, 0.0, "a", STEADY)[0]


def _before_the_move(firm: Firm, rng: Random, near: bool) -> Place:
    """Where the firm was before: the same for everybody who still has it."""
    own = Random(f"move/{firm.number}/{near}")
    city = firm.place.city if near else pick(own, firm.language.cities[firm.country])
    return draw_place(firm.language, firm.country, own, city)


def _template(language: Language, latin: bool, rewritten: bool, habits: str, rng: Random) -> str:
    key = "address_latin" if latin else "address"
    usual = language.addresses[key]
    if not rewritten:
        return usual[0]
    return pick(rng, language.addresses[key + "_b"] if habits == "b" else usual)


def _filled(language: Language, place: Place, latin: bool, template: str, rng: Random) -> str:
    """A template with the parts of the place; what the place lacks leaves no comma behind."""
    which = 1 if latin else 0
    city = place.city.english if latin else place.city.native
    room = pick(
        rng, language.rooms["room_latin" if latin and "room_latin" in language.rooms else "room"]
    )
    return template.format(
        no=place.number,
        street=place.street[which],
        district=place.district[which],
        city=city,
        zip=place.zip,
        room=room.format(place.room),
    )


def _shortened(language: Language, text: str, rng: Random) -> str:
    """Abbreviations as people use them, or commas left out."""
    if rng.random() < 0.6:
        for long, short in language.shorter:
            text = text.replace(long, short)
    if rng.random() < 0.2:
        text = text.replace(",", "")
    return text
