//! Lists that come in pages: where a page begins, what a request says of it, and what a response does.

pub(crate) mod items;
pub(crate) mod pages;
mod walk;

use std::fmt;

use crate::client::call::Call;
use crate::client::operation::typed::Typed;
use crate::client::{Error, FromResponse, Items, OperationKind, Pages};

/// An operation whose list comes in pages. Implemented by generated types.
pub trait Paged: OperationKind<Request: Clone, Response: FromResponse + Send> {
    /// What the list holds.
    type Item: Send + 'static;

    /// The inputs that choose a page.
    fn inputs(request: &mut Self::Request) -> PageInputs<'_>;

    /// What a response says of its page.
    fn page(response: &Self::Response) -> Page<'_>;

    /// The elements of a page.
    fn items(response: Self::Response) -> Vec<Self::Item>;
}

/// Where a page begins. Take one from [`PageError::position`] or [`Pages::position`].
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub enum PagePosition {
    /// After this many elements.
    Offset(i64),
    /// The page's number.
    Number(i64),
    /// WeChat Pay's token for the page; empty for the first page.
    Token(String),
}

impl fmt::Display for PagePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offset(offset) => write!(f, "offset {offset}"),
            Self::Number(number) => write!(f, "page {number}"),
            Self::Token(token) if token.is_empty() => f.write_str("the first page"),
            // A token may name a user, so it is not shown.
            Self::Token(_) => f.write_str("a later page"),
        }
    }
}

impl fmt::Debug for PagePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PagePosition({self})")
    }
}

/// A page that could not be fetched, and where it begins.
///
/// Fetch the rest later with [`Pages::starting_at`] or [`Items::starting_at`]: no page before it
/// comes again.
#[derive(Debug)]
pub struct PageError {
    position: PagePosition,
    error: Error,
}

impl PageError {
    pub(crate) fn new(position: PagePosition, error: Error) -> Self {
        Self { position, error }
    }

    /// Where the page begins.
    #[must_use]
    pub fn position(&self) -> &PagePosition {
        &self.position
    }

    /// Why the call for the page failed.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the list could not be read on from {}", self.position)
    }
}

impl std::error::Error for PageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// Keeps the call's error and drops the position.
impl From<PageError> for Error {
    fn from(error: PageError) -> Self {
        error.error
    }
}

/// The inputs of a request that choose its page.
pub struct PageInputs<'r> {
    position: PositionInput<'r>,
    limit: Option<i64>,
}

enum PositionInput<'r> {
    Offset(&'r mut dyn IntegerInput),
    Number { input: &'r mut dyn IntegerInput, first: i64 },
    Token(&'r mut Option<String>),
}

/// An integer of a request, required or optional.
pub trait IntegerInput {
    /// Returns the value, if one is set.
    fn get(&self) -> Option<i64>;
    /// Sets the value.
    fn set(&mut self, value: i64);
}

impl IntegerInput for i64 {
    fn get(&self) -> Option<i64> {
        Some(*self)
    }

    fn set(&mut self, value: i64) {
        *self = value;
    }
}

impl IntegerInput for Option<i64> {
    fn get(&self) -> Option<i64> {
        *self
    }

    fn set(&mut self, value: i64) {
        *self = Some(value);
    }
}

impl<'r> PageInputs<'r> {
    /// The input that counts the elements before the page.
    pub fn offset(input: &'r mut impl IntegerInput) -> Self {
        Self { position: PositionInput::Offset(input), limit: None }
    }

    /// The input that is the page's number. The first page has the number `first`.
    pub fn number(input: &'r mut impl IntegerInput, first: i64) -> Self {
        Self { position: PositionInput::Number { input, first }, limit: None }
    }

    /// The input that takes the token of the previous response.
    pub fn token(input: &'r mut Option<String>) -> Self {
        Self { position: PositionInput::Token(input), limit: None }
    }

    /// The input that limits the elements of a page.
    #[must_use]
    pub fn limit(self, limit: impl Into<Option<i64>>) -> Self {
        Self { limit: limit.into(), ..self }
    }

    /// The page that the request asks for as it is.
    pub(crate) fn position(&self) -> PagePosition {
        match &self.position {
            PositionInput::Offset(input) => PagePosition::Offset(input.get().unwrap_or(0)),
            PositionInput::Number { input, first } => {
                PagePosition::Number(input.get().unwrap_or(*first))
            }
            PositionInput::Token(Some(token)) => PagePosition::Token(token.clone()),
            PositionInput::Token(None) => PagePosition::Token(String::new()),
        }
    }

    /// The number of the first page.
    pub(crate) fn first(&self) -> i64 {
        match &self.position {
            PositionInput::Number { first, .. } => *first,
            PositionInput::Offset(_) | PositionInput::Token(_) => 0,
        }
    }

    /// How many elements a page has at most, where the request says so.
    pub(crate) fn asked_limit(&self) -> Option<i64> {
        self.limit.filter(|limit| *limit > 0)
    }

    /// Asks for another page. Returns false for the position of another kind of list.
    pub(crate) fn ask_for(self, position: &PagePosition) -> bool {
        match (self.position, position) {
            (PositionInput::Offset(input), PagePosition::Offset(value))
            | (PositionInput::Number { input, .. }, PagePosition::Number(value)) => {
                input.set(*value);
            }
            (PositionInput::Token(input), PagePosition::Token(token)) => {
                *input = Some(token.clone()).filter(|token| !token.is_empty());
            }
            _ => return false,
        }
        true
    }
}

impl fmt::Debug for PageInputs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageInputs").field("position", &self.position()).finish_non_exhaustive()
    }
}

/// What a response says of its page.
#[derive(Clone, Copy, Debug)]
pub struct Page<'r> {
    pub(crate) count: usize,
    pub(crate) total: Option<i64>,
    pub(crate) limit: Option<i64>,
    pub(crate) next_token: &'r str,
}

impl<'r> Page<'r> {
    /// A page with these elements.
    #[must_use]
    pub fn of<T>(items: &[T]) -> Self {
        Self { count: items.len(), total: None, limit: None, next_token: "" }
    }

    /// The number of elements on all pages.
    #[must_use]
    pub fn total(self, total: impl Into<Option<i64>>) -> Self {
        Self { total: total.into().filter(|total| *total >= 0), ..self }
    }

    /// How many elements WeChat Pay puts on a page.
    #[must_use]
    pub fn limit(self, limit: impl Into<Option<i64>>) -> Self {
        Self { limit: limit.into().filter(|limit| *limit > 0), ..self }
    }

    /// The token of the next page; empty at the end.
    #[must_use]
    pub fn next_token(self, token: &'r str) -> Self {
        Self { next_token: token, ..self }
    }

    /// Whether the response says nothing that could end the list, except that it is empty.
    pub(crate) fn ends_when_empty(&self) -> bool {
        self.total.is_none() && self.limit.is_none() && self.next_token.is_empty()
    }
}

/// For operations whose list comes in pages.
impl<K: Paged> Call<Typed<K>> {
    /// Fetches page after page, each with a call of its own and this call's options. The deadline
    /// is for each page.
    pub fn pages(self) -> Pages<K> {
        Pages::new(self)
    }

    /// Fetches the whole list, page after page, and returns its elements one by one.
    pub fn items(self) -> Items<K> {
        Items::new(self.pages())
    }
}
