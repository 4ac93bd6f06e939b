"""Taking in the sheet a municipality has kept until today.

reading (bytes to rows) → columns and words (what they mean) → plan (each row's fate) → actions (write).
"""
