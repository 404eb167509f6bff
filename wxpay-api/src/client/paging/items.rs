//! The elements of a list, over all its pages.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

use futures_core::Stream;

use crate::client::{PageError, PagePosition, Paged, Pages, Reply};

/// The elements of a list, page after page. Made by [`Call::items`](crate::Call::items).
///
/// Take them with [`next`](Items::next), or use this type as a `futures_core::Stream`. It ends where
/// [`Pages`] ends, also after an error.
#[must_use = "elements are fetched by `next`"]
pub struct Items<K: Paged> {
    pages: Pages<K>,
    /// The elements of the page that came last.
    page: IntoIter<K::Item>,
}

impl<K: Paged> Items<K> {
    pub(crate) fn new(pages: Pages<K>) -> Self {
        Self { pages, page: Vec::new().into_iter() }
    }

    /// Starts with another page, for example after a [`PageError`].
    pub fn starting_at(self, position: PagePosition) -> Self {
        Self { pages: self.pages.starting_at(position), ..self }
    }

    /// Fetches at most so many pages.
    pub fn max_pages(self, pages: u64) -> Self {
        Self { pages: self.pages.max_pages(pages), ..self }
    }

    /// How many elements did not come, although WeChat Pay counted them: see [`Pages::missing`].
    #[must_use]
    pub fn missing(&self) -> Option<u64> {
        self.pages.missing().filter(|_| self.page.as_slice().is_empty())
    }

    /// Returns the next element; `None` at the end. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// [`PageError`] when the call for a page fails. The elements of the earlier pages were
    /// returned already. The next call returns `None`.
    pub async fn next(&mut self) -> Option<Result<K::Item, PageError>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<K::Item, PageError>>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(reply)) => self.page = K::items(Reply::into_value(reply)).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

// Nothing in it is pinned.
impl<K: Paged> Unpin for Items<K> {}

impl<K: Paged> Stream for Items<K> {
    type Item = Result<K::Item, PageError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<K: Paged> fmt::Debug for Items<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}
