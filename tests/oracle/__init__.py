"""Random firms, and a small oracle that says who reaches what."""
