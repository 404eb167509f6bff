//! Which of what is expected is which of what was found.

use std::collections::{BTreeMap, BTreeSet};

/// Pairs of what is expected and what was found, and what has no partner.
pub(super) struct Pairing<E, F> {
    pub(super) pairs: Vec<(E, F)>,
    pub(super) missing: Vec<E>,
    pub(super) surplus: Vec<F>,
}

impl<E, F> Pairing<E, F> {
    /// Nothing is paired yet. Which of several possible partners one gets depends on the order of both lists.
    pub(super) fn new(expected: Vec<E>, found: Vec<F>) -> Self {
        Self { pairs: Vec::new(), missing: expected, surplus: found }
    }

    /// Pairs as many as possible of those that are left and that `fit`; each has one partner at most.
    pub(super) fn pair(&mut self, fit: impl Fn(&E, &F) -> bool) {
        let candidates = |expected: &E| {
            let found = self.surplus.iter().enumerate();
            found.filter(|(_, found)| fit(expected, found)).map(|(index, _)| index).collect()
        };
        let candidates: Vec<Vec<usize>> = self.missing.iter().map(candidates).collect();
        let partners = partners(&candidates);
        let mut missing: Vec<_> = self.missing.drain(..).map(Some).collect();
        let mut surplus: Vec<_> = self.surplus.drain(..).map(Some).collect();
        for (found, expected) in partners {
            let expected = missing.get_mut(expected).and_then(Option::take);
            let found = surplus.get_mut(found).and_then(Option::take);
            self.pairs.extend(expected.zip(found));
        }
        self.missing = missing.into_iter().flatten().collect();
        self.surplus = surplus.into_iter().flatten().collect();
    }
}

/// The most pairs that are possible, by index: who is paired with each of those found.
///
/// The first free candidate is not always the right one: it may be the only candidate of another. So each that finds
/// its candidates taken asks their partners to move on (augmenting paths).
fn partners(candidates: &[Vec<usize>]) -> BTreeMap<usize, usize> {
    let mut partners = BTreeMap::new();
    for expected in 0..candidates.len() {
        place(expected, candidates, &mut BTreeSet::new(), &mut partners);
    }
    partners
}

fn place(
    expected: usize,
    candidates: &[Vec<usize>],
    asked: &mut BTreeSet<usize>,
    partners: &mut BTreeMap<usize, usize>,
) -> bool {
    candidates.get(expected).into_iter().flatten().any(|&found| {
        if !asked.insert(found) {
            return false;
        }
        let is_free = match partners.get(&found).copied() {
            Some(other) => place(other, candidates, asked, partners),
            None => true,
        };
        if is_free {
            partners.insert(found, expected);
        }
        is_free
    })
}
