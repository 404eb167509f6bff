use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use super::options::Options;
use super::{Answer, Client, Error, Operation, Reply};

/// A call that is made once it is awaited: for its answer alone, or with [`reply`](Call::reply)
/// for everything around it.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<O: Operation> {
    client: Client,
    operation: O,
    options: Options,
}

impl<O: Operation> Call<O>
where
    O::Response: Answer,
{
    pub(super) fn new(client: Client, operation: O) -> Self {
        Self { client, operation, options: Options::default() }
    }

    /// Sets optional inputs: `.with(|r| r.attach("…"))`.
    pub fn with(mut self, change: impl FnOnce(O::Request) -> O::Request) -> Self {
        self.operation = self.operation.with(change);
        self
    }

    /// How long this call may take in all, repeats included.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = Some(deadline);
        self
    }

    /// Adds a header that is not part of the signature, for example `Accept-Language`.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.options.header(name, value);
        self
    }

    /// Allows or forbids sending the request again by itself when its outcome is unknown.
    ///
    /// Unless said, the operation's descriptor decides. Allow it only where a repeat of the very
    /// same request cannot do the thing twice (PROTOCOL §10.3).
    pub fn repeat(mut self, allowed: bool) -> Self {
        self.options.repeat = Some(allowed);
        self
    }

    /// Makes the call and keeps status, headers, raw body and corrections beside the answer.
    ///
    /// # Errors
    ///
    /// [`Error::outcome`] says what is known of the operation.
    pub async fn reply(self) -> Result<Reply<O::Response>, Error> {
        let Self { client, operation, options } = self;
        let sending = client.send(O::ENDPOINT.into(), |key| operation.prepare(key), options);
        drop(operation);
        sending.await?.answer(client.merchant())
    }
}

impl<O: Operation> IntoFuture for Call<O>
where
    O::Response: Answer + Send,
{
    type Output = Result<O::Response, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.reply().await.map(Reply::into_value) })
    }
}

impl<O: Operation> fmt::Debug for Call<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({})", O::ENDPOINT)
    }
}
