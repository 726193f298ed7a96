"""What a term stands for, in sentences for people."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rules.vocabulary import Vocabulary

_SENTENCES = {
    "zh": {
        "set": "“{term}”会扩展到“{set}”一组（{why}）：{aliases}。",
        "exact": "写成“={term}”就只按这几个字匹配。",
        "plain": "“{term}”不在同义词里，只按这几个字匹配。",
        "region": "作为地区，“{term}”是{name}（{code}）{within}。",
        "within": "，属{outer}",
        "shared": "作为地区，“{term}”不止一处：{names}；请写出所在的省。",
        "kind": "作为机构，“{term}”是各级{short}。",
        "agency": "作为机构，“{term}”是{name}（{id}）。",
        "comma": "、",
    },
    "en": {
        "set": "“{term}” widens to the set “{set}” ({why}): {aliases}.",
        "exact": "Written “={term}” it matches these characters and no others.",
        "plain": "“{term}” is in no synonym set; it matches these characters only.",
        "region": "As a place, “{term}” is {name} ({code}){within}.",
        "within": " in {outer}",
        "shared": "As a place, “{term}” is several: {names}; write the province before it.",
        "kind": "As an agency, “{term}” is any {short}, at every level.",
        "agency": "As an agency, “{term}” is {name} ({id}).",
        "comma": ", ",
    },
}


def explain(vocabulary: "Vocabulary", term: str, language: str) -> tuple[str, ...]:
    """Sentences in `zh` or `en`: what the term expands to and why; what place or agency it names.

    Raises:
        KeyError: the language is neither.
    """
    say = _SENTENCES[language]
    sets: dict[tuple[str, str], list[str]] = {}
    for expansion in vocabulary.expand(term):
        sets.setdefault((expansion.set, expansion.why), []).append(expansion.alias)
    words = [
        say["set"].format(term=term, set=name, why=why, aliases=say["comma"].join(aliases))
        for (name, why), aliases in sets.items()
    ]
    words.append(say["exact" if words else "plain"].format(term=term))
    return (*words, *_place(vocabulary, term, say), *_issuer(vocabulary, term, say))


def _place(vocabulary: "Vocabulary", term: str, say: dict[str, str]) -> list[str]:
    region = vocabulary.region(term)
    if region:
        outer = "".join(r.short for r in reversed(vocabulary.lineage(region)[1:-1]))
        within = say["within"].format(outer=outer) if outer else ""
        return [say["region"].format(term=term, name=region.name, code=region.code, within=within)]
    names = [vocabulary.full_name(region) for region in vocabulary.regions_named(term)]
    return [say["shared"].format(term=term, names=say["comma"].join(names))] if names else []


def _issuer(vocabulary: "Vocabulary", term: str, say: dict[str, str]) -> list[str]:
    kind = vocabulary.agency_kind(term)
    if kind:
        return [say["kind"].format(term=term, short=vocabulary.agency_kinds()[kind])]
    agency = vocabulary.agency(term)
    return [say["agency"].format(term=term, name=agency.name, id=agency.id)] if agency else []
