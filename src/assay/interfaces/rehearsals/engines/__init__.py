"""Other engines for a rehearsal: Ray and Spark run its blocks elsewhere, DuckDB runs SQL. They alter no count."""
