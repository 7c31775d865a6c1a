"""Pages of figures: tables, and charts drawn as SVG."""
