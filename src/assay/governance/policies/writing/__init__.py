"""What comes out of one file for each reader: public page, guidance, explanation, change log, translations."""
