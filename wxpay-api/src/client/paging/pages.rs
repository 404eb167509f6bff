//! Page after page of a list, and where the list ends.

use std::collections::HashSet;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::client::call::Call;
use crate::client::call::options::Options;
use crate::client::error::failure::AttemptFailure;
use crate::client::operation::facts::OperationFacts;
use crate::client::operation::typed::Typed;
use crate::client::{
    Client, Error, InputError, OperationKind, Page, PageError, PagePosition, Paged, PathValues,
    Reply,
};

type PageFuture<R> = Pin<Box<dyn Future<Output = Result<Reply<R>, Error>> + Send>>;

/// The pages of a list, each a verified [`Reply`]. Made by [`Call::pages`](crate::Call::pages).
///
/// Fetch them with [`next`](Pages::next), or use this type as a `futures_core::Stream`. It ends
/// where WeChat Pay says so, at an empty page, and at a token that came before. It never asks for
/// more than `total / limit + 1` pages. It also ends after an error:
/// [`PageError::position`] tells where to go on.
#[must_use = "pages are fetched by `next`"]
pub struct Pages<K: Paged> {
    client: Client,
    path: PathValues,
    request: K::Request,
    options: Options,
    /// None at the end.
    position: Option<PagePosition>,
    walk: Walk,
    pending: Option<PageFuture<K::Response>>,
}

impl<K: Paged> Pages<K> {
    pub(crate) fn new(call: Call<Typed<K>>) -> Self {
        let (client, operation, options) = call.into_parts();
        let (path, mut request) = operation.into_parts();
        let inputs = K::inputs(&mut request);
        let walk = Walk::new(inputs.first(), inputs.asked_limit());
        let position = Some(inputs.position());
        Self { client, path, request, options, position, walk, pending: None }
    }

    /// Starts with another page, for example after a [`PageError`].
    pub fn starting_at(mut self, position: PagePosition) -> Self {
        self.position = Some(position);
        self.pending = None;
        self
    }

    /// Fetches at most so many pages. [`position`](Pages::position) then tells where to go on.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.walk.max_pages = Some(pages);
        self
    }

    /// The page that comes next; `None` at the end of the list. After an error it is the page that
    /// failed.
    #[must_use]
    pub fn position(&self) -> Option<&PagePosition> {
        self.position.as_ref()
    }

    /// Fetches the next page; `None` at the end. Dropping the future loses nothing: the next one
    /// goes on with the same call.
    ///
    /// # Errors
    ///
    /// [`PageError`] when the call for the page fails. The next call returns `None`.
    pub async fn next(&mut self) -> Option<Result<Reply<K::Response>, PageError>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    pub(crate) fn poll_page(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Reply<K::Response>, PageError>>> {
        let Some(position) = self.position.clone().filter(|_| self.walk.may_go_on()) else {
            return Poll::Ready(None);
        };
        let pending = match &mut self.pending {
            Some(pending) => pending,
            None => match self.fetch(&position) {
                Ok(future) => self.pending.insert(future),
                Err(error) => return Poll::Ready(Some(Err(self.fail(position, error)))),
            },
        };
        let fetched = ready!(pending.as_mut().poll(context));
        self.pending = None;
        Poll::Ready(Some(match fetched {
            Ok(reply) => {
                self.position = self.walk.next(position, &K::page(&reply.value));
                Ok(reply)
            }
            Err(error) => Err(self.fail(position, error)),
        }))
    }

    fn fetch(&mut self, position: &PagePosition) -> Result<PageFuture<K::Response>, Error> {
        if !K::inputs(&mut self.request).ask_for(position) {
            let facts = OperationFacts::call(K::ENDPOINT);
            let input = InputError::PagePosition { position: position.to_string() };
            return Err(Error::new(&facts, AttemptFailure::not_sent(input), 0));
        }
        let operation = Typed::<K>::new(self.path.clone(), self.request.clone());
        let call = Call::from_parts(self.client.clone(), operation, self.options.clone());
        Ok(Box::pin(call.reply()))
    }

    fn fail(&mut self, position: PagePosition, error: Error) -> PageError {
        self.walk.failed = true;
        PageError::new(position, error)
    }
}

/// What was seen of a list so far. It decides where the next page begins, and whether there is one.
struct Walk {
    /// The number of the first page, where pages are numbered.
    first: i64,
    asked_limit: Option<i64>,
    /// The most elements that a page had.
    largest: i64,
    tokens: HashSet<String>,
    fetched: u64,
    max_pages: Option<u64>,
    failed: bool,
}

impl Walk {
    fn new(first: i64, asked_limit: Option<i64>) -> Self {
        let (largest, fetched) = (0, 0);
        let tokens = HashSet::new();
        Self { first, asked_limit, largest, tokens, fetched, max_pages: None, failed: false }
    }

    fn may_go_on(&self) -> bool {
        !self.failed && self.max_pages.is_none_or(|most| self.fetched < most)
    }

    /// Returns where the page after `page` begins; `None` if `page` is the last one.
    fn next(&mut self, position: PagePosition, page: &Page<'_>) -> Option<PagePosition> {
        self.fetched += 1;
        let count = i64::try_from(page.count).unwrap_or(i64::MAX);
        self.largest = self.largest.max(count);
        if count == 0 || self.has_enough(page) {
            return None;
        }
        match position {
            PagePosition::Offset(offset) => {
                let next = offset.checked_add(self.step(count, page))?;
                let ended = page.total.map_or(self.is_short(count, page), |total| next >= total);
                (!ended).then_some(PagePosition::Offset(next))
            }
            PagePosition::Number(number) => {
                let next = number.checked_add(1)?;
                let before = next.checked_sub(self.first)?.saturating_mul(self.size(page));
                let ended = page.total.map_or(self.is_short(count, page), |total| before >= total);
                (!ended).then_some(PagePosition::Number(next))
            }
            PagePosition::Token(token) => {
                self.tokens.insert(token);
                let is_new = !page.next_token.is_empty() && !self.tokens.contains(page.next_token);
                is_new.then(|| PagePosition::Token(page.next_token.to_owned()))
            }
        }
    }

    /// How many elements a full page has. What WeChat Pay says counts. Without that it is the largest
    /// page, because WeChat Pay may allow fewer elements than were asked for.
    fn size(&self, page: &Page<'_>) -> i64 {
        page.limit.unwrap_or(self.largest).max(1)
    }

    /// How far the next page is from this one. It skips nothing: only where WeChat Pay confirms the
    /// limit, a page with fewer elements counts as a full one.
    fn step(&self, count: i64, page: &Page<'_>) -> i64 {
        match (self.asked_limit, page.limit) {
            (Some(asked), Some(limit)) if asked != limit => count,
            (_, Some(limit)) => limit.max(count),
            (_, None) => count,
        }
    }

    fn is_short(&self, count: i64, page: &Page<'_>) -> bool {
        page.limit.or(self.asked_limit).is_some_and(|limit| count < limit)
    }

    /// Whether more pages were fetched than the whole list can have.
    fn has_enough(&self, page: &Page<'_>) -> bool {
        let Some(total) = page.total else { return false };
        let most = total / self.size(page) + 1;
        i64::try_from(self.fetched).unwrap_or(i64::MAX) >= most
    }
}

// Nothing in it is pinned but the future, which is boxed.
impl<K: Paged> Unpin for Pages<K> {}

impl<K: Paged> Stream for Pages<K> {
    type Item = Result<Reply<K::Response>, PageError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}

impl<K: Paged> fmt::Debug for Pages<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = <K as OperationKind>::ENDPOINT;
        f.debug_struct("Pages")
            .field("operation", &endpoint.to_string())
            .field("fetched", &self.walk.fetched)
            .finish_non_exhaustive()
    }
}
