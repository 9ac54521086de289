"""Words and rules of a meeting, as an office worker could read them.

Owns every decision: what a meeting is, who may do what, what the stage shows.
Promises to be pure: the standard library only, no input or output, no clock; times are
arguments. Must never know how a thing is stored, sent or shown.
"""
