use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use super::options::{Options, option_methods};
use super::route::Route;
use super::send::Prepare;
use super::{Client, Error, FromResponse, Operation, Reply};

/// A call that is made once it is awaited: for its answer alone, or with [`reply`](Call::reply)
/// for everything around it.
///
/// A call that is dropped before it is done, by a timeout of your own for example, may have happened
/// all the same; use [`deadline`](Call::deadline), which says so.
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
    pub(super) fn new(client: Client, operation: O) -> Self {
        Self { client, operation, options: Options::default() }
    }

    /// Sets optional inputs: `.with(|r| r.attach("…"))`.
    pub fn with(mut self, change: impl FnOnce(O::Request) -> O::Request) -> Self {
        self.operation = self.operation.with(change);
        self
    }

    option_methods!();

    /// Makes the call and keeps status, headers, raw body and corrections beside the answer.
    ///
    /// # Errors
    ///
    /// [`Error::outcome`] says what is known of the operation.
    pub async fn reply(self) -> Result<Reply<O::Response>, Error> {
        let Self { client, operation, options } = self;
        let prepare: Prepare = Box::new(move |key| operation.prepare(key));
        let route = Route::call(O::ENDPOINT).expecting::<O::Response>();
        let exchange = client.send(route, prepare, options).await?;
        exchange.answer()
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
        write!(f, "Call({})", O::ENDPOINT)
    }
}
