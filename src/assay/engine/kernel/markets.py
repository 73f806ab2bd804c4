"""Markets: ISO 3166 countries, subdivisions, and groups of them. It never knows which rule holds where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# ISO 3166-1 alpha-2, officially assigned codes (249), and XK, which platforms use for Kosovo.
COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
    KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT
    MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
    UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK
    """.split()
)


@dataclass(frozen=True, slots=True)
class Markets:
    """The markets a pack knows: every country, the subdivisions it declares, and its groups."""

    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subdivisions: tuple[str, ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        """Every single market, groups taken apart."""
        return COUNTRIES | frozenset(self.subdivisions)

    def knows(self, name: str) -> bool:
        """Whether a name is a market or a group of this pack."""
        return name in self.groups or name in COUNTRIES or name in self.subdivisions

    def reach(self, name: str) -> frozenset[str]:
        """The single markets that a code or a group stands for; a country stands for its subdivisions too."""
        return self._reach(name, frozenset())

    def _reach(self, name: str, seen: frozenset[str]) -> frozenset[str]:
        if name in seen:
            return frozenset()
        if name in self.groups:
            parts = [self._reach(member, seen | {name}) for member in self.groups[name]]
            return frozenset().union(*parts)
        below = frozenset(code for code in self.subdivisions if code.startswith(f"{name}-"))
        return below | {name}

    def resolve(self, names: tuple[str, ...]) -> frozenset[str]:
        """The markets that a rule's `markets` names; `not:X` takes X out, and only such names start from everywhere."""
        included = [name for name in names if not name.startswith("not:")]
        excluded = [name.removeprefix("not:") for name in names if name.startswith("not:")]
        reached = frozenset().union(*(self.reach(name) for name in included)) if included else self.codes
        return reached - frozenset().union(*(self.reach(name) for name in excluded))
