"""Closed segments become Parquet that `assay backtest` reads as history. They never go before it has been read back."""
