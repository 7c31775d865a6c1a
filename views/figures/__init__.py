"""How figures are shown: tables, charts drawn here, pages made of both."""
