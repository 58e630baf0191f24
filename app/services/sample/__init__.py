"""The sample organisation: an invented hospital, loaded through the same use cases as real input.

Its flights are flown in the past by the use cases themselves, so that log, debt and change
records are what they would be.
"""
