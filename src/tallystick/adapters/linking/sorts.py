"""What a field can mean, and how two values of each sort are compared.

A sort derives columns from a field's text, and lists levels of agreement from the strongest down; the first
whose condition holds counts. Conditions are DuckDB SQL over `<column>_l` and `<column>_r`. Where a level
names a `rare` column, agreeing on a rare value of it tells more than on a common one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

CLEAN: Final = "nullif(trim(regexp_replace(lower(strip_accents({0})), '[^\\p{{L}}\\p{{N}}@.]+', ' ', 'g')), '')"
"""A field's text as it is compared: lower case, without accents and punctuation, blanks collapsed."""


COMPANY_PARTS: Final = ("key", "core", "rarest", "sound", "place", "line", "forms")
"""What `companies.read_company` reads out of a name."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of agreement. `label`: what people read; `when`: its condition; `rare`: see above."""

    label: str
    when: str
    rare: str = ""


@dataclass(frozen=True, slots=True)
class Sort:
    """`derive`: name of a column -> SQL out of `{f}`, the cleaned text; `levels`: of a field's name;
    `clean`: SQL of the cleaned text out of `{0}`, the raw text."""

    levels: Callable[[str], list[Level]]
    derive: Callable[[str], dict[str, str]] = lambda f: {}
    clean: str = CLEAN


def same(f: str, label: str = "equal") -> Level:
    """Both say exactly the same; a rare value tells more."""
    return Level(label, f"{f}_l = {f}_r", f)


def alike(f: str, least: float) -> str:
    """Nearly the same spelling, by Jaro and Winkler."""
    return f"jaro_winkler_similarity({f}_l, {f}_r) >= {least}"


def edits(f: str, most: int) -> str:
    """At most so many letters changed, added, left out or swapped with the next. A swap is two changes to the
    quick distance, which is asked first because the other takes eight times as long."""
    quick = f"levenshtein({f}_l, {f}_r) <= {2 * most}"
    return f"({quick} and damerau_levenshtein({f}_l, {f}_r) <= {most})"


def _name(f: str) -> list[Level]:
    return [
        same(f),
        Level("a short form of the other", f"list_has_any({f}_formal_l, {f}_formal_r)"),
        Level("one letter differs", edits(f, 1)),
        Level("alike", alike(f, 0.88)),
        Level("an initial", _initial(f)),
        Level("somewhat alike", alike(f, 0.7)),
    ]


def _initial(f: str) -> str:
    short = f"least(length(rtrim({f}_l, '.')), length(rtrim({f}_r, '.'))) = 1"
    return f"({short} and {f}_l[1] = {f}_r[1])"


def person_name(g: str, s: str) -> list[Level]:
    """Levels for given name and surname together: they are swapped, and left out, together."""
    formal = f"list_has_any({g}_formal_l, {g}_formal_r)"
    near_given = f"({formal} or {alike(g, 0.88)} or {_initial(g)})"
    near_surname = f"({edits(s, 1)} or {alike(s, 0.9)})"
    swapped = f"{g}_l = {s}_r and {s}_l = {g}_r"
    swapped_near = f"({alike_across(g, s)} and {alike_across(s, g)})"
    one_word = f"({s}_l is null or {s}_r is null or {g}_l is null or {g}_r is null)"
    in_other = f"({g}_l = {s}_r or {s}_l = {g}_r)"
    return [
        Level("given name and surname equal", f"{g}_{s}_l = {g}_{s}_r", f"{g}_{s}"),
        Level("surname equal, given name a short form", f"{s}_l = {s}_r and {formal}", s),
        Level("given name and surname swapped", f"{swapped}"),
        Level("surname equal, given name alike", f"{s}_l = {s}_r and {near_given}", s),
        Level("given name equal, surname alike", f"{g}_l = {g}_r and {near_surname}", g),
        Level("both alike", f"{near_given} and {near_surname}"),
        Level("both alike, swapped", swapped_near),
        Level("the only name is one of the other's", f"{one_word} and {in_other}"),
        Level("surname equal, the other name missing", f"{s}_l = {s}_r and {one_word}", s),
        Level("given name equal, the other name missing", f"{formal} and {one_word}", g),
        Level("only the surname equal", f"{s}_l = {s}_r", s),
        Level("only the given name equal", f"{g}_l = {g}_r", g),
        Level("one of the names swapped", in_other),
        Level("only the given name a short form or alike", near_given),
        Level("only the surname alike", near_surname),
    ]


def alike_across(a: str, b: str) -> str:
    """One field of the left record against another field of the right one."""
    return f"jaro_winkler_similarity({a}_l, {b}_r) >= 0.88"


def _date(f: str) -> list[Level]:
    year, month, day = (f"{{0}}[{a}:{b}]" for a, b in ((1, 4), (6, 7), (9, 10)))
    left, right = f"{f}_l", f"{f}_r"

    def equal(part: str) -> str:
        return f"{part.format(left)} = {part.format(right)}"

    swapped = (
        f"{month.format(left)} = {day.format(right)} and {day.format(left)} = {month.format(right)}"
    )
    apart = f"abs(try_cast({year.format(left)} as int) - try_cast({year.format(right)} as int))"
    only_year = f"({f}_l[6:10] = '01-01' or {f}_r[6:10] = '01-01')"
    return [
        same(f),
        Level("one digit differs", edits(f, 1)),
        Level("day and month swapped", f"{equal(year)} and {swapped}"),
        Level("two digits differ", f"{edits(f, 2)} and {apart} <= 10"),
        Level(
            "same day and month, other year", f"{equal(month)} and {equal(day)} and not {only_year}"
        ),
        Level("same year, one says no more", f"{equal(year)} and {only_year}"),
        Level("same year", equal(year)),
        Level("a year apart", f"{apart} <= 1"),
        Level("ten years apart", f"{apart} <= 10"),
    ]


def _company(f: str) -> list[Level]:
    key = f"{f}_key_l = {f}_key_r"

    def no_conflict(part: str) -> str:
        left, right = f"{f}_{part}_l", f"{f}_{part}_r"
        return f"(len({left}) = 0 or len({right}) = 0 or list_has_any({left}, {right}))"

    both = f"len(list_intersect({f}_core_l, {f}_core_r))"
    least = f"least(len({f}_core_l), len({f}_core_r))"
    agree = f"{no_conflict('line')} and {no_conflict('place')}"
    return [
        Level(
            "the same name, place and line",
            f"{key} and {agree} and {f}_forms_l = {f}_forms_r",
            f"{f}_key",
        ),
        Level("the same name", f"{key} and {agree}", f"{f}_key"),
        # Not the bare key: chance is measured by each level itself, since most equal keys are above.
        Level("the same name, other place or line", f"({key})", f"{f}_key"),
        Level("all words of one", f"{both} = {least} and {agree}", f"{f}_rarest"),
        Level("sounds the same", f"{f}_sound_l = {f}_sound_r and {alike(f'{f}_key', 0.88)}"),
        Level("alike", alike(f"{f}_key", 0.92)),
        Level("the rarest word", f"{f}_rarest_l = {f}_rarest_r", f"{f}_rarest"),
        Level("a word in common", f"{both} > 0"),
    ]


def _place(f: str) -> list[Level]:
    words = f"(list_has_all({f}_words_l, {f}_words_r) or list_has_all({f}_words_r, {f}_words_l))"
    return [
        same(f),
        Level("alike", f"{alike(f, 0.9)} or {edits(f, 1)}"),
        Level("one holds the words of the other", words),
        Level("somewhat alike", alike(f, 0.8)),
    ]


def _postcode(f: str) -> list[Level]:
    return [
        same(f),
        Level("one letter differs", edits(f, 1)),
        Level("two letters differ", f"{edits(f, 2)} and {f}_l[1:2] = {f}_r[1:2]"),
        Level("the same district", f"{f}_district_l = {f}_district_r", f"{f}_district"),
        Level("the same area", f"{f}_l[1:2] = {f}_r[1:2]"),
    ]


def _address(f: str) -> list[Level]:
    both = f"len(list_intersect({f}_words_l, {f}_words_r))"
    least = f"least(len({f}_words_l), len({f}_words_r))"
    numbers = f"list_has_any({f}_numbers_l, {f}_numbers_r)"
    return [
        same(f),
        Level("the same words and number", f"{both} >= 0.8 * {least} and {numbers} and {both} > 1"),
        Level("most of the words and a number", f"{both} >= 0.5 * {least} and {numbers}"),
        Level("alike", alike(f, 0.9)),
        Level("the same words, other number", f"{both} >= 0.8 * {least} and {both} > 0"),
        Level("half of the words", f"{both} >= 0.5 * {least}"),
    ]


def _identifier(f: str) -> list[Level]:
    return [
        same(f),
        Level("one character differs", f"{edits(f, 1)} and length({f}_l) >= 5"),
        Level("two characters differ", f"{edits(f, 2)} and length({f}_l) >= 6"),
    ]


def _email(f: str) -> list[Level]:
    return [
        same(f),
        Level("one letter differs", f"{edits(f, 1)}"),
        Level("the same before the @", f"{f}_user_l = {f}_user_r", f"{f}_user"),
        Level("alike before the @", alike(f"{f}_user", 0.88)),
    ]


def _category(f: str) -> list[Level]:
    return [same(f)]


def _number(f: str) -> list[Level]:
    return [same(f), Level("one digit differs", f"{edits(f, 1)} and length({f}_l) > 1")]


def _words(f: str) -> list[Level]:
    both = f"len(list_intersect({f}_words_l, {f}_words_r))"
    return [
        same(f),
        Level("all words of one", f"{both} = least(len({f}_words_l), len({f}_words_r))"),
        Level("a word in common", f"{both} > 0"),
    ]


def _text(f: str) -> list[Level]:
    begins = f"(starts_with({f}_l, {f}_r) or starts_with({f}_r, {f}_l))"
    return [
        same(f),
        Level("the first 15 letters", f"{f}_l[1:15] = {f}_r[1:15]", f"{f}_15"),
        Level("one begins with the other", f"{begins}", f"{f}_two"),
        Level("the first 12 letters", f"{f}_l[1:12] = {f}_r[1:12]", f"{f}_12"),
        Level("the first 9 letters", f"{f}_l[1:9] = {f}_r[1:9]", f"{f}_9"),
        Level("the first two words", f"{f}_two_l = {f}_two_r", f"{f}_two"),
        Level("alike", alike(f, 0.9)),
        Level("the first word", f"{f}_one_l = {f}_one_r", f"{f}_one"),
        Level("somewhat alike", alike(f, 0.75)),
    ]


def _amount(f: str) -> list[Level]:
    share = f"abs({f}_value_l - {f}_value_r) / greatest(abs({f}_value_l), abs({f}_value_r))"
    return [
        Level("equal", f"{f}_value_l = {f}_value_r", f"{f}_value"),
        *(
            Level(f"within {100 * x:g} %", f"{share} <= {x}")
            for x in (0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1)
        ),
        Level("within 30 %", f"{share} <= 0.3"),
    ]


def _paid(f: str) -> list[Level]:
    days = f"({f}_day_r - {f}_day_l)"
    return [
        Level("the same day", f"{days} = 0"),
        Level("the next day", f"{days} = 1"),
        Level("two days later", f"{days} = 2"),
        Level("within a week", f"{days} between 3 and 6"),
        Level("within three weeks", f"{days} between 7 and 21"),
        Level("within six weeks", f"{days} between 22 and 42"),
    ]


def _split(f: str) -> str:
    return f"list_distinct(string_split({f}, ' '))"


DATE: Final = (
    "coalesce("
    "regexp_replace(nullif(regexp_extract(trim({0}), '^\\d{{4}}\\D?\\d{{2}}\\D?\\d{{2}}'), ''), "
    "'^(\\d{{4}})\\D?(\\d{{2}})\\D?(\\d{{2}})$', '\\1-\\2-\\3'), "
    "strftime(try_strptime(trim({0}), ['%d/%m/%Y', '%d.%m.%Y', '%m/%d/%Y', '%m/%d/%y', '%b %d %Y', "
    "'%d %b %Y', '%Y/%m/%d']), '%Y-%m-%d'))"
)
"""A date as YYYY-MM-DD; one that cannot be, such as a thirteenth month, is kept, since it may be a slip."""

PLAIN: Final = "nullif(regexp_replace(lower({0}), '[^\\p{{L}}\\p{{N}}]+', '', 'g'), '')"
"""Letters and digits only, as of identifiers and postcodes."""

SORTS: Final[dict[str, Sort]] = {
    "company": Sort(
        _company,
        lambda f: {
            f"{f}_{part}": f"(select {part} from companies where raw = {f})"
            for part in COMPANY_PARTS
        },
        "nullif(trim({0}), '')",
    ),
    "given-name": Sort(
        _name,
        lambda f: {
            f"{f}_formal": f"coalesce((select formal from nicknames where short = split_part({f}, ' ', 1)), "
            f"[split_part({f}, ' ', 1)])"
        },
    ),
    "surname": Sort(_name, lambda f: {f"{f}_formal": f"[{f}]"}),
    "date": Sort(_date, clean=DATE),
    "place": Sort(_place, lambda f: {f"{f}_words": _split(f)}),
    "postcode": Sort(
        _postcode,
        lambda f: {f"{f}_district": f"{f}[1:greatest(2, length({f}) - 3)]"},
        PLAIN,
    ),
    "address": Sort(
        _address,
        lambda f: {
            f"{f}_words": f"list_filter({_split(f)}, lambda w: not regexp_matches(w, '\\d'))",
            f"{f}_numbers": f"list_filter({_split(f)}, lambda w: regexp_matches(w, '\\d'))",
        },
    ),
    "identifier": Sort(_identifier, clean=PLAIN),
    "number": Sort(_number, clean=PLAIN),
    "email": Sort(
        _email, lambda f: {f"{f}_user": f"split_part({f}, '@', 1)"}, "nullif(lower(trim({0})), '')"
    ),
    "category": Sort(_category),
    "words": Sort(_words, lambda f: {f"{f}_words": _split(f)}),
    "text": Sort(
        _text,
        lambda f: {
            f"{f}_15": f"{f}[1:15]",
            f"{f}_12": f"{f}[1:12]",
            f"{f}_9": f"{f}[1:9]",
            f"{f}_two": f"split_part({f}, ' ', 1) || ' ' || split_part({f}, ' ', 2)",
            f"{f}_one": f"split_part({f}, ' ', 1)",
        },
    ),
    "amount": Sort(
        _amount,
        lambda f: {f"{f}_value": f"try_cast({f} as double)"},
        "nullif(trim({0}), '')",
    ),
    "paid-on": Sort(_paid, lambda f: {f"{f}_day": f"try_cast({f} as date)"}, DATE),
}
"""Sort of a field -> how it is derived and compared. `paid-on`: a date that does not lie before the other
record's; `words`: of which any may be left out; `number`: of a house."""


def columns_of(name: str, sort: str) -> set[str]:
    """The columns that a field of a sort has when it is compared."""
    return {name, *SORTS[sort].derive(name)}


def comparison(name: str, levels: list[Level], null: str) -> dict[str, Any]:
    """Levels as a comparison of Splink."""
    entries: list[dict[str, Any]] = [
        {"sql_condition": null, "label_for_charts": "missing", "is_null_level": True}
    ]
    for level in levels:
        entry: dict[str, Any] = {"sql_condition": level.when, "label_for_charts": level.label}
        if level.rare:
            entry |= {"tf_adjustment_column": level.rare, "tf_adjustment_weight": 1.0}
        entries.append(entry)
    exact = {level.rare for level in levels if level.when == f"{level.rare}_l = {level.rare}_r"}
    for level, entry in zip(levels, entries[1:], strict=True):
        if level.rare and level.rare not in exact:  # then the level itself is the measure of chance
            entry["disable_tf_exact_match_detection"] = True
    entries.append({"sql_condition": "ELSE", "label_for_charts": "different"})
    return {"output_column_name": name, "comparison_levels": entries}
