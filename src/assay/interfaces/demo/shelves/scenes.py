"""The pictures that several files share, each drawn once. It never writes them anywhere."""

from __future__ import annotations

from functools import cache

from PIL import Image

from assay.interfaces.demo.art import cards, landscapes, patterns
from assay.interfaces.demo.art.canvas import with_grain


@cache
def evening_hills() -> Image.Image:
    return landscapes.hills(1, ["#2b3a67", "#b56576", "#eaac8b"], "#1d2233")


@cache
def morning_hills() -> Image.Image:
    return with_grain(landscapes.hills(5, ["#7fb7d6", "#cfe6ee", "#f5efe0"], "#1f4d43", sun=(0.25, 0.25)), 5)


@cache
def city_by_night() -> Image.Image:
    return landscapes.skyline(2, ["#0f1733", "#33406f", "#a0627b"], "#10142b", "#ffd27d")


@cache
def harbour() -> Image.Image:
    picture = landscapes.harbour(3, ["#8fc6e8", "#d9eef7", "#fbeed3"], ["#6fb3cf", "#2d7599", "#174a6b"], "#d9573f")
    return with_grain(picture, 3)


@cache
def dunes() -> Image.Image:
    return landscapes.dunes(4, ["#f6c177", "#f9dcb0", "#fbeed8"], "#e0934f", "#a9542f")


@cache
def northern_lights() -> Image.Image:
    return landscapes.aurora(5, ["#050b1f", "#0d2340", "#1d4a5c"], ["#3dffa8", "#46b8ff", "#b070ff"], "#071019")


@cache
def lake() -> Image.Image:
    return with_grain(landscapes.lake(6, ["#f2b6a0", "#f7d9c4", "#fbf1e3"], "#53658a", "#fdfdfd"), 6)


@cache
def winter_lake() -> Image.Image:
    return landscapes.lake(16, ["#9fc3dd", "#cfe3ee", "#f4f8fa"], "#3f5468", "#ffffff")


@cache
def tiles() -> Image.Image:
    return patterns.tiles(3, ["#e4572e", "#17bebb", "#ffc914", "#2e282a", "#76b041", "#f4efe6"], "#f4efe6")


@cache
def cool_tiles() -> Image.Image:
    return patterns.tiles(14, ["#0b3954", "#087e8b", "#bfd7ea", "#ff5a5f", "#c81d25", "#f7f7f2"], "#f7f7f2")


@cache
def contours() -> Image.Image:
    return patterns.contours(4, ["#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51"], "#1c2b33")


@cache
def ripples() -> Image.Image:
    return patterns.interference(2, ["#0b132b", "#1c2541", "#3a506b", "#5bc0be", "#f0fff9"])


@cache
def mosaic() -> Image.Image:
    return patterns.mosaic(8, ["#5f0f40", "#9a031e", "#fb8b24", "#e36414", "#0f4c5c"], "#fff7ea")


@cache
def planets() -> Image.Image:
    return patterns.orbits(3, ["#14102b", "#2b1f4d"], ["#ffb347", "#6ec6ff", "#ff6f91", "#c3f584", "#ffd6e0"])


@cache
def ribbons() -> Image.Image:
    return patterns.ribbons(9, ["#fdf6ec", "#f3e3d3"], ["#ef476f", "#ffd166", "#06d6a0", "#118ab2"])


@cache
def fractal() -> Image.Image:
    return patterns.fractal(["#0a0f2c", "#24478f", "#67b7d1", "#f7f1d5", "#e09f3e"])


@cache
def speakers_desk() -> Image.Image:
    return cards.stage(["#3c4f76", "#1b2440"], ["#c44536", "#e0b04b", "#3d7a57"], "#7f5539")


@cache
def lone_desk() -> Image.Image:
    return cards.stage(["#f2d0a4", "#545863"], ["#545e75", "#3f826d"], "#c03221")


@cache
def news_flash() -> Image.Image:
    headline, ticker = ["Dam has broken,", "leave the valley"], "Weather: calm  ·  Markets: steady"
    return cards.news_card(headline, ticker, studio=["#1d3b66", "#0d1f3a"], band="#b3202c")


@cache
def quiet_news() -> Image.Image:
    headline, ticker = ["Library opens", "a reading room"], "Sport: the match was drawn"
    return cards.news_card(headline, ticker, studio=["#2f5d50", "#12261f"], band="#1f6f54")


@cache
def polling_notice() -> Image.Image:
    lines = ["Voting is moved to Wednesday.", "Bring a photo card.", "No cards, no ballot."]
    return cards.notice("Polling day", lines, paper="#fbf7ec", ink="#22252b", mark="#7a5c2e")


@cache
def bottle() -> Image.Image:
    backdrop = ["#fde2e4", "#cddafd"]
    return cards.advertisement("Sleep well again", "today 9.90", backdrop=backdrop, flask="#457b9d", accent="#b23a48")


@cache
def figure() -> Image.Image:
    return cards.figure(["#f2e9e4", "#c9ada7"], "#22577a", "#3d2b24")
