"""How well ratings come true: strictly out of time, with intervals, by segment, against baselines."""
