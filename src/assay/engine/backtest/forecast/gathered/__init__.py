"""What is gathered of a replay for a forecast, block by block, in bounded memory. It forecasts nothing."""
