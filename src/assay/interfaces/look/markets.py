"""What markets and jurisdictions are called on a page. It never says which of them a rule reaches."""

from __future__ import annotations

from assay.engine.language.pack.classes import REST

_TITLES = {
    "AE": "United Arab Emirates",
    "AR": "Argentina",
    "AU": "Australia",
    "BR": "Brazil",
    "CA": "Canada",
    "CH": "Switzerland",
    "CL": "Chile",
    "CN": "China",
    "DE": "Germany",
    "DK": "Denmark",
    "EEA": "European Economic Area",
    "ES": "Spain",
    "EU": "European Union",
    "FR": "France",
    "GB": "United Kingdom",
    "HK": "Hong Kong",
    "ID": "Indonesia",
    "IE": "Ireland",
    "IL": "Israel",
    "IN": "India",
    "INT": "International, and commitments of platforms",
    "IT": "Italy",
    "JP": "Japan",
    "KE": "Kenya",
    "KR": "South Korea",
    "KZ": "Kazakhstan",
    "MX": "Mexico",
    "MY": "Malaysia",
    "NG": "Nigeria",
    "NL": "Netherlands",
    "NO": "Norway",
    "NZ": "New Zealand",
    "PH": "Philippines",
    "PL": "Poland",
    "SA": "Saudi Arabia",
    "SE": "Sweden",
    "SG": "Singapore",
    "TH": "Thailand",
    "TR": "Türkiye",
    "TW": "Taiwan",
    "US": "United States",
    "US-CA": "California",
    "US-MN": "Minnesota",
    "US-NY": "New York",
    "US-TN": "Tennessee",
    "US-TX": "Texas",
    "VN": "Vietnam",
    "ZA": "South Africa",
    REST: "Everywhere else",
}


def title_of(name: str) -> str:
    """A market, group or class in words; several codes joined by `+` are several names; else the code itself."""
    if name in _TITLES:
        return _TITLES[name]
    codes = name.split("+")
    # A class of many markets is called by its first and how many more there are: `AT+12`.
    if len(codes) == 2 and codes[1].isdecimal():
        return f"{title_of(codes[0])} and {codes[1]} more"
    return ", ".join(_TITLES.get(code, code) for code in codes)
