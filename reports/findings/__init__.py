"""What the figures say, each report in one sentence or two with the figures that matter in bold."""
