//! Lists in pages.

use super::visit::url;

/// How many rows a page has.
pub(super) const PAGE: usize = 50;

/// Where a page is in its list.
#[derive(Debug)]
pub(super) struct Paging {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) total: usize,
    /// The URLs of the neighbours.
    pub(super) newer: Option<String>,
    pub(super) older: Option<String>,
}

impl Paging {
    /// Describes the page after `skip` rows of `total`. `query` is what else the URL has.
    pub(super) fn new(path: &str, query: &[(String, String)], skip: usize, total: usize) -> Self {
        let at = |skip: usize| {
            let others = query.iter().filter(|(name, _)| name != "skip" && name != "done").cloned();
            let skipped = (skip > 0).then(|| ("skip".to_owned(), skip.to_string()));
            url(path, others.chain(skipped).collect::<Vec<(String, String)>>())
        };
        let end = skip.saturating_add(PAGE);
        Self {
            first: skip.saturating_add(1).min(total),
            last: end.min(total),
            total,
            newer: (skip > 0).then(|| at(skip.saturating_sub(PAGE))),
            older: (end < total).then(|| at(end)),
        }
    }
}
