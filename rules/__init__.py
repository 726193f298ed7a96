"""What subscribers want: the vocabulary of the field, the rule language and the rule index.

Knows nothing of `monitor`.
"""
