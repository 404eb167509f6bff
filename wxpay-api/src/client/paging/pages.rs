//! Page after page of a list, and where the list ends.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::walk::Walk;
use crate::client::call::Call;
use crate::client::call::options::Options;
use crate::client::error::failure::AttemptFailure;
use crate::client::operation::facts::OperationFacts;
use crate::client::operation::typed::Typed;
use crate::client::{
    Client, Error, InputError, OperationKind, PageError, PagePosition, Paged, PathValues, Reply,
};

type PageFuture<R> = Pin<Box<dyn Future<Output = Result<Reply<R>, Error>> + Send>>;

/// The pages of a list, each a verified [`Reply`]. Made by [`Call::pages`](crate::Call::pages).
///
/// Fetch them with [`next`](Pages::next), or use this type as a `futures_core::Stream`. It ends
/// where WeChat Pay says so, at an empty page, and at a token that came before. It never asks for
/// more than `total / limit + 1` pages; where WeChat Pay puts fewer elements on a page than the limit,
/// that smaller number counts. [`missing`](Pages::missing) tells whether a list ended too early. It
/// also ends after an error: [`PageError::position`] tells where to go on.
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
    /// The body of the page before, where only an empty page ends the list.
    last_body: Vec<u8>,
}

impl<K: Paged> Pages<K> {
    pub(crate) fn new(call: Call<Typed<K>>) -> Self {
        let (client, operation, options) = call.into_parts();
        let (path, mut request) = operation.into_parts();
        let inputs = K::inputs(&mut request);
        let walk = Walk::new(inputs.first(), inputs.asked_limit());
        let position = Some(inputs.position());
        let (pending, last_body) = (None, Vec::new());
        Self { client, path, request, options, position, walk, pending, last_body }
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

    /// How many elements did not come, although WeChat Pay counted them. `None` before the end, where
    /// nothing is missing, and where WeChat Pay does not count.
    ///
    /// A list that changes while it is read may end like that.
    #[must_use]
    pub fn missing(&self) -> Option<u64> {
        self.walk.missing().filter(|_| self.position.is_none())
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
        Poll::Ready(match fetched {
            Ok(reply) if self.comes_again(&reply) => {
                self.position = None;
                None
            }
            Ok(reply) => {
                self.position = self.walk.next(position, &K::page(&reply.value));
                Some(Ok(reply))
            }
            Err(error) => Some(Err(self.fail(position, error))),
        })
    }

    /// Whether a list without a total and without tokens sent the same page again. Such a server
    /// ignores the position, and would send the page for ever.
    fn comes_again(&mut self, reply: &Reply<K::Response>) -> bool {
        if !K::page(&reply.value).ends_when_empty() {
            return false;
        }
        let same = self.walk.fetched > 0 && self.last_body == reply.body();
        self.last_body = reply.body().to_vec();
        same
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
