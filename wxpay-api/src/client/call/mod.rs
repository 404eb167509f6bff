//! A call: the chain that names the operation, and the future that executes it.

pub(crate) mod attempt;
pub(crate) mod conclude;
pub(crate) mod deadline;
pub(crate) mod error_table;
pub(crate) mod options;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod retries;
pub(crate) mod retry;
pub(crate) mod send;
pub(crate) mod sign;
pub(crate) mod untyped;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use crate::client::call::options::{Options, option_methods};
use crate::client::call::request::Prepare;
use crate::client::call::retry::send;
use crate::client::operation::facts::OperationFacts;
use crate::client::{
    Client, Download, DownloadCall, Error, FromResponse, Operation, OperationKind, PathValues,
    Reply, Typed,
};

/// A call that starts when it is awaited. `await` returns the value alone; [`reply`](Call::reply)
/// also returns status, headers and body.
///
/// Dropping a call, for example by your own timeout, does not undo it: WeChat Pay may have executed
/// it. Use [`deadline`](Call::deadline) instead: its error has the outcome.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<O: Operation> {
    client: Client,
    operation: O,
    options: Options,
}

impl<O: Operation> Call<O>
where
    O::Response: FromResponse,
{
    pub(crate) fn new(client: Client, operation: O) -> Self {
        Self { client, operation, options: Options::default() }
    }

    pub(crate) fn into_parts(self) -> (Client, O, Options) {
        (self.client, self.operation, self.options)
    }

    pub(crate) fn from_parts(client: Client, operation: O, options: Options) -> Self {
        Self { client, operation, options }
    }

    /// Sets optional inputs: `.with(|r| r.attach("…"))`.
    pub fn with(mut self, change: impl FnOnce(O::Request) -> O::Request) -> Self {
        self.operation = self.operation.with(change);
        self
    }

    option_methods!();

    /// Makes the call and returns the value with status, headers, raw body and corrections.
    ///
    /// # Errors
    ///
    /// [`Error::outcome`] says what is known of the operation.
    pub async fn reply(self) -> Result<Reply<O::Response>, Error> {
        let Self { client, operation, options } = self;
        let facts = OperationFacts::call(operation.endpoint()).expecting::<O::Response>();
        let prepare: Prepare = Box::new(move |key| operation.prepare(key));
        let response = send(&client, facts, prepare, options).await?;
        response.typed()
    }
}

impl<O: Operation> IntoFuture for Call<O>
where
    O::Response: FromResponse + Send,
{
    type Output = Result<O::Response, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.reply().await.map(Reply::into_value) })
    }
}

impl<O: Operation> fmt::Debug for Call<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({})", self.operation.endpoint())
    }
}

/// A step of the chain `wx.v3().payscore()…`: the client and the path's values so far.
///
/// Generated nodes are newtypes of it.
#[derive(Clone, Debug)]
pub struct Node {
    client: Client,
    path: PathValues,
}

impl Node {
    /// Starts a chain.
    #[must_use]
    pub fn root(client: &Client) -> Self {
        Self { client: client.clone(), path: PathValues::default() }
    }

    /// The next step, over a literal segment.
    #[must_use]
    pub fn child(&self) -> Self {
        self.clone()
    }

    /// The next step, over a parameter.
    #[must_use]
    pub fn parameter(&self, value: impl Into<String>) -> Self {
        let mut next = self.clone();
        next.path.push(value.into());
        next
    }

    /// The end of a chain.
    pub fn call<K: OperationKind<Response: FromResponse>>(
        &self,
        request: K::Request,
    ) -> Call<Typed<K>> {
        self.client.call(Typed::new(self.path.clone(), request))
    }

    /// The end of a chain that downloads a raw file.
    pub fn download<K: OperationKind<Response = Download>>(
        &self,
        request: K::Request,
    ) -> DownloadCall<Typed<K>> {
        self.client.download(Typed::new(self.path.clone(), request))
    }
}
