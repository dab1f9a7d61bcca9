"""What the watch over the books remembers: findings, what people said of them, rules, its own state."""
