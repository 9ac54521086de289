"""Use cases. All have one form: judge, rule, save, publish.

Owns the order of these four and nothing else: who may is `domain.access`, what follows is
the domain's, keeping is the store's. Must never know HTTP or the wire.
"""
