"""The tags of the look in three parts: frames, lists, and the shell of a page. They hold no text of rooms."""
