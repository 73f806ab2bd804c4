"""Pictures, sounds and moving pictures drawn by code. It never shows a person, a brand or anybody else's work."""
