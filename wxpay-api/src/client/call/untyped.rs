//! Calls to any URL of WeChat Pay, without types.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use bytes::Bytes;
use http::HeaderMap;

use crate::client::call::conclude::members_without_a_type;
use crate::client::call::options::{Options, option_methods};
use crate::client::call::request::Prepare;
use crate::client::call::retry::send;
use crate::client::operation::facts::{Expected, OperationFacts, Trust};
use crate::client::operation::path::check_target;
use crate::client::transport::base_urls::HOSTS;
use crate::client::{Client, Error, Idempotency, InputError, Prepared, Reply};
use crate::wire::{Json, encode};

/// A call to any URL of WeChat Pay, signed and verified like every other, without types.
///
/// The response is JSON as received; an empty body is `null`.
#[must_use = "a call does nothing until it is awaited"]
pub struct UntypedCall {
    client: Client,
    method: &'static str,
    host: Option<String>,
    target: String,
    body: Option<Json>,
    encrypted_with: Option<String>,
    options: Options,
}

impl UntypedCall {
    pub(crate) fn new(
        client: &Client,
        method: &'static str,
        target: String,
        body: Option<Json>,
    ) -> Self {
        let options = Options::default();
        let (client, host, encrypted_with) = (client.clone(), None, None);
        Self { client, method, host, target, body, encrypted_with, options }
    }

    /// Sets another host of WeChat Pay, such as `apihk.mch.weixin.qq.com` for merchants overseas
    /// ([protocol §10.6]). No other machine is accepted.
    ///
    /// [protocol §10.6]: crate::docs::protocol::errors#106-hosts
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// Sets the id of the key that encrypted the body's sensitive fields. The request names it to
    /// WeChat Pay ([protocol §3.4]).
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    pub fn encrypted_with(mut self, key_id: impl Into<String>) -> Self {
        self.encrypted_with = Some(key_id.into());
        self
    }

    option_methods!();

    /// Makes the call and returns the value with status, headers and raw body.
    ///
    /// # Errors
    ///
    /// [`Error::outcome`] says what is known of the operation. The client sends no text with a
    /// character that WeChat Pay does not accept, such as an emoji.
    pub async fn reply(self) -> Result<Reply<Json>, Error> {
        let Self { client, method, host, target, body, encrypted_with, options } = self;
        let idempotency = if method == "GET" { Idempotency::Safe } else { Idempotency::Never };
        let path = target.split('?').next().unwrap_or_default().to_owned();
        let trust = Trust::Signature;
        // Without a descriptor, 202 may be the success of the operation.
        let facts = OperationFacts {
            method,
            path,
            is_documented: false,
            idempotency,
            trust,
            errors: &[],
            may_be_accepted_only: true,
            expected: Some(Expected { has_body: false, members: members_without_a_type }),
        };
        let prepare: Prepare = Box::new(move |_| {
            let host = host.map(known_host).transpose()?;
            prepared(method, host, target, body, encrypted_with)
        });
        let response = send(&client, facts, prepare, options).await?;
        response.untyped()
    }
}

fn known_host(host: String) -> Result<&'static str, InputError> {
    let known = HOSTS.into_iter().find(|known| known.eq_ignore_ascii_case(&host));
    known.ok_or(InputError::Host { host })
}

fn prepared(
    method: &'static str,
    host: Option<&'static str>,
    target: String,
    body: Option<Json>,
    encrypted_with: Option<String>,
) -> Result<Prepared, InputError> {
    check_target(&target)?;
    let content_type = body.as_ref().map(|_| "application/json".to_owned());
    let body = body.map(|json| encode(&json, None)).transpose()?;
    let body = Bytes::from(body.unwrap_or_default());
    Ok(Prepared {
        method,
        host,
        target,
        headers: HeaderMap::new(),
        content_type,
        signed_body: body.clone(),
        body: body.into(),
        encrypted_with,
    })
}

impl IntoFuture for UntypedCall {
    type Output = Result<Json, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.reply().await.map(Reply::into_value) })
    }
}

impl fmt::Debug for UntypedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UntypedCall({})", self.method)
    }
}
