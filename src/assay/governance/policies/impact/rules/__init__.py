"""What impact is about, as plain rules: kinds of work, and what people assess. They know no store."""
