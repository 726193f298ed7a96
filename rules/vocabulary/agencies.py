"""Agencies: what a printed issuer stands for."""

from dataclasses import dataclass

from rules.vocabulary.regions import Level, Region


@dataclass(frozen=True, slots=True)
class Agency:
    """One issuing body, offices and internal departments counted as the body itself.

    `id` is `<region key>.<kind>`: `national.nhsa`, `shanxi.nmpa`, `140100.nhsa` (region codes below the
    province). `kind` is the same at every level: `nhsa` is 医保局 of any place. `parent` is the id of the
    agency that it belongs to (药审中心 → 国家药监局), None for most.
    """

    id: str
    name: str
    kind: str
    region: Region
    parent: str | None = None

    @property
    def level(self) -> Level:
        """The level of its region."""
        return self.region.level
