"""Running the firm's own Danju: backups, checks, moving, the first firm, the demo."""
