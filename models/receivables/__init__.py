"""What customers owe: balances, ageing, credit limits, statements."""
