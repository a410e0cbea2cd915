"""The rules: what each event means. A rule validates first and changes afterwards; what it raises changes nothing."""
