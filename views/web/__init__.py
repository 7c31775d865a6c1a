"""What the views share: permissions, scopes, pages, cookies, languages."""
