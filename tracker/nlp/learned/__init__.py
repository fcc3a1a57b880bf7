"""The learned reading of claims: linear models over named traits of a sentence and of its parties."""
