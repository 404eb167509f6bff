//! Pairs expected items with found ones.

use std::collections::{BTreeMap, BTreeSet};

/// Pairs of expected and found items, and the items without a partner.
pub(super) struct Pairing<E, F> {
    pub(super) pairs: Vec<(E, F)>,
    pub(super) missing: Vec<E>,
    pub(super) surplus: Vec<F>,
}

impl<E, F> Pairing<E, F> {
    /// Starts without pairs. The order of both lists decides between several possible partners.
    pub(super) fn new(expected: Vec<E>, found: Vec<F>) -> Self {
        Self { pairs: Vec::new(), missing: expected, surplus: found }
    }

    /// Pairs as many of the remaining items as possible, where `fit` allows the pair. Each item has at most one
    /// partner.
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

/// Finds the largest number of pairs, by augmenting paths. The map goes from the index of a found item to that of its
/// expected item.
///
/// The first free candidate is not always the right one, because it may be the only candidate of another item. If all
/// candidates of an item are taken, their partners are moved to other candidates.
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
