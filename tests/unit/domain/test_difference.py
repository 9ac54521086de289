"""Differences of two states, and the way back."""

from hypothesis import given
from hypothesis import strategies as st

from veche.domain.difference import Change, changes, delta, taken_back

MEMBERS = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("abcdef"), "post": st.integers(0, 2)}),
    max_size=6,
    unique_by=lambda member: member["id"],
)
STATES = st.fixed_dictionaries({"title": st.sampled_from(["one", "two"]), "roster": MEMBERS})


@given(before=STATES, after=STATES)
def test_what_was_changed_can_be_taken_back(before: dict, after: dict) -> None:  # type: ignore[type-arg]
    was, now = delta(before, after)
    assert taken_back(after, was, now) == before


@given(before=STATES, after=STATES)
def test_nothing_is_told_of_what_is_the_same(before: dict, after: dict) -> None:  # type: ignore[type-arg]
    was, now = delta(before, after)
    assert (before == after) == (list(changes(was, now)) == [])
    assert list(changes(was, now)) == list(changes(before, after))


def test_one_corrected_post_among_many_people_is_kept_and_told_alone() -> None:
    people = [{"id": str(number), "post": {"ru": "ветеран"}} for number in range(100)]
    corrected = [*people[:7], {"id": "7", "post": {"ru": "председатель"}}, *people[8:]]
    was, now = delta({"roster": people}, {"roster": corrected})
    assert list(was["roster"]["members"]) == ["7"]
    assert list(changes(was, now)) == [
        Change("roster[7].post", {"ru": "ветеран"}, {"ru": "председатель"})
    ]


def test_one_who_moved_up_is_told_as_an_order() -> None:
    first, second = {"id": "a", "post": 1}, {"id": "b", "post": 2}
    was, now = delta({"roster": [first, second]}, {"roster": [second, first]})
    assert list(changes(was, now)) == [Change("roster.order", ["a", "b"], ["b", "a"])]


def test_a_later_arrival_stays_when_an_earlier_change_is_taken_back() -> None:
    first, second, third = ({"id": key, "post": 1} for key in "abc")
    was, now = delta({"roster": [first]}, {"roster": [first, second]})
    later = {"roster": [first, second, third]}
    assert taken_back(later, was, now) == {"roster": [first, third]}
