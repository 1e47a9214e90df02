"""A table of knowledge as facts, and the domain a table is of.

Every cell becomes a Fact whose evidence is its row. Headers are matched to the slots of the domain; a header no
slot goes by becomes a slot of the run's own domain, so that nothing in a price list is lost and a domain nobody
wrote a file for still has slots. This file knows nothing of streams.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from millstream import dates, numbers, units
from millstream.domain import NO, YES, Domain, Kind, SlotSpec
from millstream.errors import InputError
from millstream.know import headings, listed
from millstream.know.commas import refuse_unsure
from millstream.records import Evidence, Fact, Lang
from millstream.shapes import Table

_CURRENCY = {"usd": "$", "dollars": "$", "$": "$", "us$": "$", "eur": "€", "euro": "€", "gbp": "£", "£": "£", "€": "€"}
_FLAG = dict.fromkeys(("true", "yes", "y", "1", "是", "有"), YES) | dict.fromkeys(
    ("false", "no", "n", "0", "否", "无"), NO
)
_ID_HEADERS = re.compile(r"^(id|no\.?|编号|序号|#)$", re.IGNORECASE)
_FROM = re.compile(r"valid from|effective|starts? (?:on|date)|生效|起始|开始日期", re.IGNORECASE)
_UNTIL = re.compile(r"valid (?:until|to|till|through)|expir|ends? (?:on|date)|有效期|截止|到期|结束日期", re.IGNORECASE)
"""Columns that say when a row holds."""
_PHONE = re.compile(r"电话|(?<![a-z])(?:(?:tele)?phones?|tel)(?![a-z])", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\d\D{0,2}){3}")
"""A column of telephones is headed so and holds their numbers: "phone colour" is one like others."""
_LINE = re.compile(r"0\d{2,3}[- ]?\d{7,8}|[48]00[- ]?\d{3}[- ]?\d{4}|0[12]\d{3}[- ]?\d{6}")
"""A shop's line (an area, or a service number); a mobile telephone may be somebody's own, and is never told."""
_NEAR = re.compile(r"(?:周边|附近|周围)的?(.+)|nearby (.+)", re.IGNORECASE)
_PRICE = re.compile(r"(?:价|价格|\bprice)$", re.IGNORECASE)
"""Headers whose noun is price, whatever else they name: "优惠价" is no offer."""
_AMOUNT = re.compile(r"[$€£¥]?\s?[\d.,]+\s?[$€£¥]?")
_NEVER_SPOKEN = re.compile(r"url|link|网址|链接|image|图片|website", re.IGNORECASE)


def slots_of(table: Table, base: Domain, lang: Lang) -> Domain:
    """`base` with a slot more for every header that none of its slots goes by; what is only answered by yes and no is
    what a thing has."""
    extra, second, flags = [], _seconds(table, base), dict[str, SlotSpec]()
    for position, header in enumerate(table.headers):
        cells = [row[position] for row in table.rows]
        if position in entity_columns(table, base) or _is_skipped(table, position):
            continue
        if has := listed.items(cells):
            extra += [listed.slot(item, lang) for item in has]
        elif (position in second or not _named(header, base)) and not _is_phones(header, cells):
            extra.append(_nearby(_slot_from(header, cells, lang, base.entity.get(lang, "")), base, lang))
        elif (slot := _named(header, base)) and slot.kind == "category" and listed.is_yes_or_no(cells, lang):
            flags[slot.name] = listed.had(slot, lang)
    fresh = tuple({slot.name: slot for slot in extra if slot.name not in base.by_name}.values())
    known = tuple(flags.get(slot.name, slot) for slot in base.slots)
    return base.model_copy(update={"slots": known + fresh}) if fresh or flags else base


def _seconds(table: Table, base: Domain) -> set[int]:
    """The columns whose slot another column is of, by its very name or before it: "menu price" beside "price"."""
    columns: dict[str, list[int]] = {}
    for position, header in enumerate(table.headers):
        if slot := _named(header, base):
            columns.setdefault(slot.name, []).append(position)
    names = {slot.name: {name.casefold() for own in slot.names.values() for name in own} for slot in base.slots}
    first = {
        slot: min(found, key=lambda position: (_bare(table.headers[position]) not in names[slot], position))
        for slot, found in columns.items()
    }
    return {position for slot, found in columns.items() for position in found if position != first[slot]}


def _named(header: str, domain: Domain) -> SlotSpec | None:
    """The slot of things that goes by a header: how many a dish serves is no party of a booking. Of a price it is one
    of money, the domain's first where another word was found."""
    told = tuple(slot for slot in domain.slots if slot.use != ("book",))
    slot = domain.model_copy(update={"slots": told}).slot_named(header)
    if slot is None or slot.kind == "money" or not _PRICE.search(_bare(header)):
        return slot
    return next((each for each in domain.slots if each.kind == "money"), slot)


def _bare(header: str) -> str:
    return headings.plain(header).casefold()


def _nearby(slot: SlotSpec, base: Domain, lang: Lang) -> SlotSpec:
    """What lies near a thing is asked for by its own name too ("what hotels are around?"), unless the thing is one."""
    found = _NEAR.fullmatch(slot.names[lang][0])
    near = (found[1] or found[2]) if found else ""
    if near in ("", base.entity.get(lang), base.names.get(lang), *base.words.get(lang, ())):
        return slot
    return slot.model_copy(update={"names": {lang: (*slot.names[lang], near)}})


def facts_of(table: Table, domain: Domain, lang: Lang) -> Iterator[Fact]:
    """One fact a cell, or one an item where a column lists some. The surface form carries the unit of its header
    ("13.98" under "price (万元)").

    InputError for a row without a name, as merged cells leave one, for a column of numbers of two units, and for a
    cell of which nobody can say what number it is."""
    keys, counted = entity_columns(table, domain), dict[str, tuple[str, str]]()
    lists = {n: has for n, _ in enumerate(table.headers) if (has := listed.items([row[n] for row in table.rows]))}
    told = [n for n, header in enumerate(table.headers) if n not in keys and not _is_skipped(table, n)]
    for number in range(1, len(table.rows) + 1):
        entity = _entity(table, number, keys)
        held = {"valid_from": _day(table, number, _FROM), "valid_to": _day(table, number, _UNTIL)}
        for position in told:
            if position in lists:
                found = _has(table, number, position, lists[position], lang)
            else:
                found = _told(table, number, position, domain, lang)
            for fact in found:
                _refuse_mixed(fact, counted, f"{table.key} row {number}", table.headers[position])
                yield fact.model_copy(update={"entity": entity, **(held if any(held.values()) else {})})


def _told(table: Table, number: int, position: int, domain: Domain, lang: Lang) -> Iterator[Fact]:
    """What a cell tells of no thing yet, if anything."""
    header, cell = table.headers[position], table.rows[number - 1][position].strip()
    slot = _named(header, domain)
    if _PHONE.search(header) and _NUMBER.search(cell) and not _LINE.fullmatch(cell):
        return
    if slot and (cell.casefold() not in listed.ABSENT or _says_none(cell, slot)):
        fact = _fact("", slot, cell, lang, _unit_of(header, slot, lang), _row(table.key, number, header, cell))
        if slot.kind != "list":
            counted = slot.kind in ("money", "number")
            refuse_unsure(fact.value, counted, f"{table.key} row {number}, {header!r}")
        yield fact


def _has(table: Table, number: int, position: int, items: Sequence[str], lang: Lang) -> Iterator[Fact]:
    """Of each item of a list whether the row has it; nothing of a cell that says nothing."""
    header, cell = table.headers[position], table.rows[number - 1][position].strip()
    proof, there = _row(table.key, number, header, cell), listed.listed(cell)
    for item in items if listed.says(cell) else ():
        value = (YES if item in there else NO)[lang]
        yield Fact(entity="", attribute=listed.name(item), value=value, evidence=(proof,))


def _entity(table: Table, number: int, keys: Sequence[int]) -> str:
    row = table.rows[number - 1]
    names = [row[k].strip() for k in keys]
    if not names[0]:
        remedy = "merged cells? write the name in every row" if any(names) else "fill in its first column"
        what = f"{table.headers[keys[0]]!r} is empty" if any(names) else "the row names nothing"
        raise InputError(what, f"{table.key} row {number}", remedy)
    return " ".join(names)


def _refuse_mixed(fact: Fact, counted: dict[str, tuple[str, str]], row: str, header: str) -> None:
    """Numbers of two units cannot be compared, and are not turned into each other. `counted`: by attribute the unit of
    its first number, and the column that was in."""
    unit = next((unit for _, unit in units.counted(fact.value)), "") if fact.number is not None else ""
    first, column = counted.setdefault(fact.attribute, (unit, header)) if unit else ("", header)
    if column != header and first != unit:
        what = f"{column!r} and {header!r} are both the {fact.attribute}, in {first}s and in {unit}s"
        raise InputError(what, row, "rename one of them, or leave it out")
    if first != unit:
        what = f"{fact.value!r} counts {unit}s, the rows above {first}s"
        raise InputError(what, f"{row}, {header!r}", "write the whole column in one unit")


def entity_columns(table: Table, domain: Domain) -> tuple[int, ...]:
    """The columns that together name a row: the one headed by the domain's word for it, else the first text
    column; with the text column that tells the rows apart where that alone does not."""
    texts = [
        i for i, header in enumerate(table.headers) if not _ID_HEADERS.match(header.strip()) and _is_text(table, i)
    ]
    if not texts:
        raise InputError("no column names what the rows are about", table.key, "add a column with names")
    words = tuple(word.casefold() for word in (*domain.entity.values(), "name", "名称", "名") if word)
    named = [i for i in texts if any(table.headers[i].strip().casefold() == word for word in words)]
    named = named or [i for i in texts if any(word in table.headers[i].casefold() for word in words)]
    chosen = [(named or texts)[0]]
    if _repeats(table, chosen) and (more := [i for i in texts if i not in chosen]):
        more.sort(key=lambda i: (_repeats(table, [*chosen, i]), i not in named))
        chosen.append(more[0])
    return tuple(chosen)


def from_headers(table: Table, lang: Lang, name: str) -> Domain:
    """A domain for a table nobody wrote one for, called what its rows are where it has no `name`. Its wordings are the
    general ones of phrases.*.yaml.

    The first column of money is its `price`: what is haggled over."""
    bare = Domain.model_construct(
        name=name, names={lang: name}, entity={lang: ""}, role={lang: ""}, slots=(), words={}, claims={}
    )
    keys = entity_columns(table, bare)
    entity = _common(headings.noun(table.headers[keys[0]], lang), lang)
    told = (i for i in range(len(table.headers)) if i not in keys and not _is_skipped(table, i))
    every = ((table.headers[i], [row[i] for row in table.rows]) for i in told)
    columns = [(header, cells) for header, cells in every if not _is_phones(header, cells)]
    if not columns:
        raise InputError("the table says nothing about its rows", table.key, "add columns of values")
    slots = tuple(_slot_from(header, cells, lang, entity) for header, cells in columns)
    money = next((slot for slot in slots if slot.kind == "money"), None)
    slots = tuple(_as_price(slot, lang, entity) if slot is money else slot for slot in slots)
    words = (*tuple(word for slot in slots for word in slot.names[lang]), entity)
    called = name or {"zh": entity, "en": _several(entity)}[lang]
    role = {"zh": f"{called}直播间的客服", "en": f"a live-stream adviser for {called}"}[lang]
    return Domain(
        name=called, names={lang: called}, entity={lang: entity}, role={lang: role}, slots=slots, words={lang: words}
    )


def _as_price(slot: SlotSpec, lang: Lang, thing: str) -> SlotSpec:
    """What is haggled over; people speak of it as of a price where it is headed as one in any way."""
    if not _PRICE.search(slot.names[lang][0]):
        return slot.model_copy(update={"name": "price"})
    wordings = headings.spoken({"zh": "价格", "en": "price"}[lang], lang, (), thing)
    return slot.model_copy(update={"name": "price", **wordings})


def _several(noun: str) -> str:
    """The plural of an English noun, as most have it."""
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return noun + ("es" if re.search(r"(?:s|x|z|ch|sh)$", noun) else "s")


def _fact(entity: str, slot: SlotSpec, cell: str, lang: Lang, unit: str, evidence: Evidence) -> Fact:
    cell = _FLAG.get(cell.casefold(), {}).get(lang, cell) if slot.kind == "flag" else cell
    bare = re.fullmatch(r"[\d.,]+", cell) is not None
    surface = _with_unit(cell, unit) if bare else cell
    number = numbers.first(surface) if slot.kind in ("money", "number") else None
    return Fact(entity=entity, attribute=slot.name, value=surface, unit=unit, number=number, evidence=(evidence,))


_ENOUGH = 50
"""Rows in which a column of dates shows one."""


def _is_dated(table: Table, column: int) -> bool:
    return any(_is_date(row[column]) for row in table.rows[:_ENOUGH])


def _is_date(cell: str) -> bool:
    try:
        return bool(dates.iso(cell))
    except ValueError:
        return False


def _day(table: Table, number: int, column: re.Pattern[str]) -> str:
    """The day that a row's column of dates says; "" where it has none. A column without a single date is one of words
    ("节假日不可用")."""
    for i, (header, cell) in enumerate(zip(table.headers, table.rows[number - 1], strict=True)):
        if column.search(header) and cell.strip().casefold() not in listed.ABSENT and _is_dated(table, i):
            try:
                return dates.iso(cell)
            except ValueError as error:
                where = f"{table.key} row {number}, {header!r}"
                raise InputError(str(error), where, "write it like 2026-05-31") from error
    return ""


def _says_none(cell: str, slot: SlotSpec) -> bool:
    """Is "none" an answer here? It is where the slot has words for it."""
    return bool(cell and slot.tell_no) or (slot.kind == "flag" and bool(cell))


def _with_unit(cell: str, unit: str) -> str:
    if unit in ("$", "€", "£", "¥"):
        return f"{unit}{cell}"
    space = "" if not unit or not unit.isascii() else " "
    return f"{cell}{space}{unit}"


def _unit_of(header: str, slot: SlotSpec, lang: Lang) -> str:
    if said := headings.unit(header):
        return _CURRENCY.get(said.casefold(), said)
    unit = slot.unit.get(lang, "")
    return _CURRENCY.get(unit.casefold(), unit)


def _row(key: str, number: int, header: str, cell: str) -> Evidence:
    return Evidence(source=key, kind="row", at=(number,), quote=f"{header}: {cell}")


def _slot_from(header: str, cells: Sequence[str], lang: Lang, thing: str) -> SlotSpec:
    """The slot of a column; `thing` is what the rows are."""
    name = _common(headings.plain(header), lang)
    kind: Kind = "list" if listed.is_various(cells) else _kind_of(cells, header)
    said = headings.flag_name(name) if kind == "flag" else name
    distinct = list(dict.fromkeys(cell.strip() for cell in cells if cell.strip().casefold() not in listed.ABSENT))
    spoken = headings.spoken(name, lang, distinct, thing)
    way = headings.better(name, lang)
    better = way if kind == "number" else "low" if kind == "money" else ""
    chosen = kind == "category" and 2 <= len(distinct) <= 6 and not way  # nobody asks for "5 years" and no more
    wishes = bool(better) or kind == "list" or chosen
    return SlotSpec(
        name=re.sub(r"\W+", "_", name.casefold()).strip("_") or "value",
        names={lang: tuple(dict.fromkeys((said, name)))},
        kind=kind,
        use=("request", "offer") if "grant" in spoken else ("constrain", "request") if wishes else ("request",),
        better=better,
        unit={lang: unit} if (unit := headings.unit(header)) else {},
        values={lang: tuple(distinct[:8])} if kind == "category" else {},
        **(headings.flag(said, lang) if kind == "flag" else listed.wording(lang) if kind == "list" else spoken),
    )


def _common(header: str, lang: Lang) -> str:
    """A header as a common noun: "Monthly fee" begins with a small letter, "GB" does not."""
    return " ".join(w if w.isupper() else w.lower() for w in header.split()) if lang == "en" else header


def _kind_of(cells: Sequence[str], header: str) -> Kind:
    said = {cell.strip().casefold() for cell in cells} - {"", "0", "1"}
    if said <= _FLAG.keys() and any(_FLAG[cell] == YES for cell in said):
        return "flag"
    filled = [cell.strip() for cell in cells if cell.strip().casefold() not in listed.ABSENT]
    if filled and all(map(_AMOUNT.fullmatch, filled)):
        money = re.search(r"price|cost|fee|fare|价|费|元|usd|\$", header, re.IGNORECASE)
        return "money" if money or any(set("$€£¥") & set(cell) for cell in filled) else "number"
    counts = Counter(filled)
    return (
        "category"
        if len(counts) <= 6 and len(filled) > len(counts) and max(map(len, counts), default=0) < 16
        else "text"
    )


def _is_skipped(table: Table, column: int) -> bool:
    """Ids, what nobody says aloud, and the days a row holds; "90 days" under "valid for" is a value like others."""
    header = table.headers[column]
    dated = (_FROM.search(header) or _UNTIL.search(header)) and _is_dated(table, column)
    return bool(_ID_HEADERS.match(header.strip()) or _NEVER_SPOKEN.search(header) or dated)


def _is_phones(header: str, cells: Sequence[str]) -> bool:
    return _PHONE.search(header) is not None and (any(map(_NUMBER.search, cells)) or not any(map(str.strip, cells)))


def _is_text(table: Table, column: int) -> bool:
    cells = [row[column] for row in table.rows if row[column].strip()]
    return bool(cells) and not all(_AMOUNT.fullmatch(cell.strip().rstrip("%")) for cell in cells)


def _repeats(table: Table, columns: Sequence[int]) -> bool:
    keys = [tuple(row[i] for i in columns) for row in table.rows]
    return len(set(keys)) < len(keys)
