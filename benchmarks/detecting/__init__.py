"""Parts of the benchmark of calibrations: scores whose likelihood ratios are known, and what is asked of them."""
