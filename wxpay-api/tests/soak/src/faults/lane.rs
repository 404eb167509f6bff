//! One merchant's calls: a client, a sandbox, and the proxy between them.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use wxpay_api::sandbox::Sandbox;
use wxpay_api::{Client, Error, Outcome, Retries, Transport};

use super::call::{Answer, CallRecord, Cancelled, Ended, Sort};
use super::proxy::Proxy;
use crate::report::Failure;

const DEADLINE: Duration = Duration::from_secs(2);
/// The content of every bill.
pub(crate) const BILL: &[u8] = b"\xef\xbb\xbfsoak\n`1,`2\n";

/// A sandbox and its proxy, which live as long as the soak.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) proxy: Proxy,
    /// Whether the attacker replaces contents here. The client then demands signed refusals.
    pub(crate) replaces: bool,
}

/// The calls of one round at one place.
pub(crate) struct Lane {
    pub(crate) place: Arc<Place>,
    pub(crate) name: String,
    pub(crate) rng: Rng,
    pub(crate) calls: Vec<CallRecord>,
    pub(crate) things: Vec<Thing>,
    through: Client,
    /// Its host refuses every connection.
    dead: Client,
    /// Its first host refuses every connection, and the other one is the proxy.
    backup: Client,
}

/// Something with a number at WeChat Pay.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    pub(crate) lifecycle: &'static str,
    pub(crate) number: String,
    /// WeChat Pay's number of the payment, for a share.
    pub(crate) transaction: String,
}

/// What the caller of a call does next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Next {
    Done,
    Refused,
    /// Try again with the same numbers.
    Again,
}

impl Place {
    pub(crate) async fn open(seed: u64, replaces: bool) -> Result<Self, Failure> {
        let sandbox = Arc::new(Sandbox::builder().start().await?);
        let proxy = Proxy::start(&sandbox, seed, replaces).await?;
        Ok(Self { sandbox, proxy, replaces })
    }
}

impl Lane {
    pub(crate) fn new(
        place: Arc<Place>,
        transport: &Transport,
        name: String,
        seed: u64,
    ) -> Result<Self, Failure> {
        let retries = Retries::new()
            .first_pause(Duration::from_millis(5))
            .longest_pause(Duration::from_millis(50));
        let (sandbox, url) = (&place.sandbox, place.proxy.url.as_str());
        let builder = || {
            let builder = sandbox.client_builder().transport(transport).retries(retries);
            builder.deadline(DEADLINE).signed_refusals(place.replaces)
        };
        Ok(Self {
            through: builder().base_url(url).build()?,
            dead: builder().base_url(sandbox.dead_url()).build()?,
            backup: builder().base_url(sandbox.dead_url()).backup_url(url).build()?,
            rng: Rng::with_seed(seed),
            calls: Vec::new(),
            things: Vec::new(),
            name,
            place,
        })
    }

    /// The client that goes through the proxy.
    pub(crate) fn wx(&self) -> &Client {
        &self.through
    }

    /// Makes a call by one of the clients, and perhaps drops it at an await point.
    pub(crate) async fn make<R, F>(
        &mut self,
        what: &'static str,
        sort: Sort,
        number: &str,
        call: impl FnOnce(&Client, &str) -> F,
    ) -> Option<Result<R, Error>>
    where
        R: Answer,
        F: Future<Output = Result<R, Error>>,
    {
        let name = format!("{}-{}", self.name, self.calls.len());
        let cancel = (self.rng.u8(..6) == 0).then(|| self.rng.u32(1..=4));
        let wx = match self.rng.u8(..20) {
            0 => &self.dead,
            1 => &self.backup,
            _ => &self.through,
        };
        let made = Cancelled::at(cancel, call(wx, &name)).await;
        let ended = match &made {
            Some(result) => Ended::of(result),
            None => Ended::Cancelled(cancel.unwrap_or(0)),
        };
        self.calls.push(CallRecord { name, what, sort, number: number.to_owned(), ended });
        made
    }

    /// Adds a thing that a call may have created.
    pub(crate) fn expect(&mut self, lifecycle: &'static str, number: &str, transaction: &str) {
        let (number, transaction) = (number.to_owned(), transaction.to_owned());
        self.things.push(Thing { lifecycle, number, transaction });
    }

    /// The state of a thing in the sandbox; `None` if it does not exist.
    pub(crate) fn state(&self, lifecycle: &str, number: &str) -> Option<String> {
        self.place.sandbox.resource(lifecycle, number).ok()?.state().ok()
    }
}

impl Next {
    pub(crate) fn after<R>(made: &Option<Result<R, Error>>) -> Self {
        match made {
            Some(Ok(_)) => Self::Done,
            Some(Err(error)) => match error.outcome() {
                Outcome::Refused => Self::Refused,
                Outcome::Accepted => Self::Done,
                _ => Self::Again,
            },
            None => Self::Again,
        }
    }
}

/// The sandbox forgets everything, and has the bill again.
pub(crate) fn reset(sandbox: &Sandbox) {
    sandbox.reset();
    sandbox.set_bill(Bytes::from_static(BILL));
}
