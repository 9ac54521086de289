//! Dense storage with generations: an index held by someone else finds nothing once its value is
//! gone, even if another value lives in the same place. That is what lets a failed turn end a
//! participant without hunting for everyone who still knows of it.

use std::fmt;
use std::marker::PhantomData;

/// Where a value lives and which of the values that lived there it is.
pub(crate) struct Index<T> {
    place: u32,
    generation: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Index<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Index<T> {}
impl<T> PartialEq for Index<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.place, self.generation) == (other.place, other.generation)
    }
}
impl<T> Eq for Index<T> {}
impl<T> PartialOrd for Index<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Index<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.place, self.generation).cmp(&(other.place, other.generation))
    }
}
impl<T> fmt::Debug for Index<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}~{}", self.place, self.generation)
    }
}

#[cfg(test)]
impl<T> Index<T> {
    /// For tests that tell owners apart without having any.
    pub(crate) fn at(place: u32) -> Self {
        Self {
            place,
            generation: 0,
            kind: PhantomData,
        }
    }
}

struct Place<T> {
    generation: u32,
    value: Option<T>,
}

/// Values in places that are used again.
pub(crate) struct Slab<T> {
    places: Vec<Place<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self {
            places: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Slab<T> {
    pub(crate) fn insert(&mut self, value: T) -> Index<T> {
        if let Some(place) = self.free.pop()
            && let Some(found) = self.places.get_mut(place as usize)
        {
            found.value = Some(value);
            return Index {
                place,
                generation: found.generation,
                kind: PhantomData,
            };
        }
        // Memory ends long before four thousand million values.
        let place = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.places.push(Place {
            generation: 0,
            value: Some(value),
        });
        Index {
            place,
            generation: 0,
            kind: PhantomData,
        }
    }

    pub(crate) fn remove(&mut self, index: Index<T>) -> Option<T> {
        let found = self.places.get_mut(index.place as usize)?;
        if found.generation != index.generation {
            return None;
        }
        let value = found.value.take()?;
        // A place whose generations are used up is never used again.
        if let Some(next) = found.generation.checked_add(1) {
            found.generation = next;
            self.free.push(index.place);
        }
        Some(value)
    }

    /// Where the values are that fulfil a condition; looks at every place.
    pub(crate) fn indexes_where(&self, condition: impl Fn(&T) -> bool) -> Vec<Index<T>> {
        let fulfilled = self
            .places
            .iter()
            .zip(0..)
            .filter(|(found, _)| found.value.as_ref().is_some_and(&condition));
        let index = |(found, place): (&Place<T>, u32)| Index {
            place,
            generation: found.generation,
            kind: PhantomData,
        };
        fulfilled.map(index).collect()
    }

    #[inline]
    pub(crate) fn get(&self, index: Index<T>) -> Option<&T> {
        let found = self.places.get(index.place as usize)?;
        if found.generation == index.generation {
            found.value.as_ref()
        } else {
            None
        }
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, index: Index<T>) -> Option<&mut T> {
        let found = self.places.get_mut(index.place as usize)?;
        if found.generation == index.generation {
            found.value.as_mut()
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_finds_nothing_once_its_place_has_another_value() {
        let mut slab = Slab::default();
        let old = slab.insert("old");
        assert_eq!(slab.remove(old), Some("old"));
        let new = slab.insert("new");
        assert_eq!(new.place, old.place);
        assert_eq!(slab.get(old), None);
        assert_eq!(slab.get_mut(old), None);
        assert_eq!(slab.remove(old), None);
        assert_eq!(slab.get(new), Some(&"new"));
    }

    #[test]
    fn removing_twice_frees_once() {
        let mut slab = Slab::default();
        let first = slab.insert(1);
        slab.remove(first);
        slab.remove(first);
        let second = slab.insert(2);
        let third = slab.insert(3);
        assert_ne!(second.place, third.place);
        assert_eq!((slab.get(second), slab.get(third)), (Some(&2), Some(&3)));
    }
}
