"""Books of invented dealerships, from accounting practice, with mishaps whose place is known.

Written before and without regard to any detector. Seeds below 100 are for development, from 100 on held out.
"""
