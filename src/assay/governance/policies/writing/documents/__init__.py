"""Documents for readers, made of a pack's texts: public page, guidance, explanation, change log. They know no store."""
