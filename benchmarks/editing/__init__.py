"""How soon the editor of drafts says what is wrong. It holds no program that is started by hand."""
