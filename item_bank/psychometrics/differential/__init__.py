"""Differential item functioning: does an item work the same for two groups of persons of equal ability?"""
