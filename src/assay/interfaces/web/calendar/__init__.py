"""The calendar: dates of every room in one place, on a page and as a feed. It decides on no date."""
