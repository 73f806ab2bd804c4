"""Items in markets and times, and the search for one that shows something. It knows no finding."""
