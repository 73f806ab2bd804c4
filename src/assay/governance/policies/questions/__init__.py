"""Known questions and precedents: what was asked, what was ruled, why, and until when. They change no rule."""
