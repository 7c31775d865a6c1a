"""What touches the world (files, mail, PDF, search), given what it needs, knowing no domain."""
