"""What the views share: who may come, scopes, pages, cookies, languages."""
