"""Speed as ratios: `make bench` prints how our pages stand against a bare Django view in the same run."""
