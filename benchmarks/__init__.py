"""Speed and memory on generated data, as ratios within one run."""
