"""The tags of the look in four parts: frames, lists, prose, and the shell of a page. They hold no text of rooms."""
