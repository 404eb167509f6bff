//! What was seen of a list, and where its next page begins.

use std::collections::HashSet;

use crate::client::{Page, PagePosition};

/// What was seen of a list so far. It decides where the next page begins, and whether there is one.
///
/// WeChat Pay may put fewer elements on a page than the limit that it repeats. So elements that came
/// are counted, and never the elements that a full page would have.
pub(super) struct Walk {
    /// The number of the first page, where pages are numbered.
    first: i64,
    asked_limit: Option<i64>,
    /// How many elements precede the first page that was fetched; `None` if that is unknown.
    before: Option<i64>,
    /// How many elements precede it at least.
    before_at_least: i64,
    /// How many elements came.
    seen: i64,
    /// The fewest elements that a page had.
    smallest: i64,
    /// The most elements that a page had.
    largest: i64,
    /// How many elements all pages have. Some lists say so on their first page only.
    total: Option<i64>,
    tokens: HashSet<String>,
    pub(super) fetched: u64,
    pub(super) max_pages: Option<u64>,
    pub(super) failed: bool,
}

impl Walk {
    pub(super) fn new(first: i64, asked_limit: Option<i64>) -> Self {
        Self {
            first,
            asked_limit,
            before: None,
            before_at_least: 0,
            seen: 0,
            smallest: i64::MAX,
            largest: 0,
            total: None,
            tokens: HashSet::new(),
            fetched: 0,
            max_pages: None,
            failed: false,
        }
    }

    pub(super) fn may_go_on(&self) -> bool {
        !self.failed && self.max_pages.is_none_or(|most| self.fetched < most)
    }

    /// How many elements WeChat Pay counted and did not send. Valid at the end of the list.
    pub(super) fn missing(&self) -> Option<u64> {
        let came = self.before?.saturating_add(self.seen);
        let missing = self.total?.saturating_sub(came);
        u64::try_from(missing).ok().filter(|missing| *missing > 0)
    }

    /// Returns where the page after `page` begins; `None` if `page` is the last one.
    pub(super) fn next(&mut self, position: PagePosition, page: &Page<'_>) -> Option<PagePosition> {
        let count = i64::try_from(page.count).unwrap_or(i64::MAX);
        if self.fetched == 0 {
            self.begin(&position, count);
        }
        self.fetched += 1;
        self.seen = self.seen.saturating_add(count);
        self.total = page.total.or(self.total);
        if count == 0 {
            return None;
        }
        self.smallest = self.smallest.min(count);
        self.largest = self.largest.max(count);
        if self.has_enough() {
            return None;
        }
        match position {
            PagePosition::Offset(offset) => {
                let next = offset.checked_add(count)?;
                let ended = self.total.map_or(self.is_short(count, page), |total| next >= total);
                (!ended).then_some(PagePosition::Offset(next))
            }
            PagePosition::Number(number) => {
                let next = number.checked_add(1)?;
                let came = self.before_at_least.saturating_add(self.seen);
                let ended = self.total.map_or(self.is_short(count, page), |total| came >= total);
                (!ended).then_some(PagePosition::Number(next))
            }
            PagePosition::Token(token) => {
                self.tokens.insert(token);
                let is_new = !page.next_token.is_empty() && !self.tokens.contains(page.next_token);
                is_new.then(|| PagePosition::Token(page.next_token.to_owned()))
            }
        }
    }

    /// Notes where the first page that was fetched begins.
    fn begin(&mut self, position: &PagePosition, count: i64) {
        (self.before, self.before_at_least) = match position {
            PagePosition::Offset(offset) => (Some(*offset), *offset),
            PagePosition::Number(number) if *number == self.first => (Some(0), 0),
            // The pages before had at least as many elements each, unless this is an odd list.
            PagePosition::Number(number) => {
                (None, number.saturating_sub(self.first).saturating_mul(count))
            }
            PagePosition::Token(token) if token.is_empty() => (Some(0), 0),
            PagePosition::Token(_) => (None, 0),
        };
    }

    /// Whether a page is the last one by its size, in a list that has no total.
    fn is_short(&self, count: i64, page: &Page<'_>) -> bool {
        match (page.limit, self.asked_limit) {
            (Some(limit), _) => count < limit,
            // WeChat Pay may allow fewer elements than were asked for, and not say so.
            (None, Some(asked)) => count < asked && count < self.largest,
            (None, None) => false,
        }
    }

    /// Whether more pages were fetched than the whole list can have. This ends lists whose tokens
    /// never do.
    fn has_enough(&self) -> bool {
        let Some(total) = self.total else { return false };
        let most = total / self.smallest.max(1) + 1;
        i64::try_from(self.fetched).unwrap_or(i64::MAX) >= most
    }
}
