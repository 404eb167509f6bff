//! Tests whether the configured keys work, without moving money.

mod explain;
mod report;

pub use report::{Check, CheckOutcome, SelfTest};

use explain::{check_clock, explain};
use report::Checks;

use crate::client::keys::key_store::LiveKeys;
use crate::client::{CertificateError, Client, Error, Reply};
use crate::protocol::{Nonce, Scheme, Secret};
use crate::v3::security::echo::post::Response;

/// Runs every check.
pub(crate) async fn run(client: &Client) -> SelfTest {
    let mut checks = Checks::default();
    match client.core().merchant().scheme() {
        Scheme::Brand => skip_for_brand(&mut checks),
        _ => echo_checks(client, &mut checks).await,
    }
    apiv3_key_check(client, &mut checks);
    checks.report()
}

async fn echo_checks(client: &Client, checks: &mut Checks) {
    let text = match Nonce::random() {
        Ok(nonce) => nonce.as_str().to_owned(),
        Err(error) => {
            checks.failed("signing", error.to_string());
            return;
        }
    };
    let plain = echo(client, &text, None).await;
    match &plain {
        Ok(reply) => {
            signature_checks(client, checks, reply, &text);
            check_clock(checks, Some(reply.headers()));
        }
        Err(error) => {
            checks.failed("signing and verification", explain(error, &client.core()));
            check_clock(checks, error.received().map(|received| &received.headers));
        }
    }
    if plain.is_ok() {
        let encrypted = echo(client, &text, Some(Secret::from(&text))).await;
        encryption_checks(client, checks, encrypted, &text);
    } else {
        checks.skipped("encryption", "signing has to work first");
        checks.skipped("decryption", "signing has to work first");
    }
}

async fn echo(
    client: &Client,
    text: &str,
    secret: Option<Secret>,
) -> Result<Reply<Response>, Error> {
    let call = client.v3().security().echo().post(|r| r.echo_message(text));
    let call = match secret {
        Some(secret) => call.with(|r| r.encrypted_echo_message(secret)),
        None => call,
    };
    // An echo changes nothing.
    call.allow_retries(true).reply().await
}

fn signature_checks(client: &Client, checks: &mut Checks, reply: &Reply<Response>, text: &str) {
    let key = reply.headers().get("Wechatpay-Serial").and_then(|id| id.to_str().ok());
    checks
        .passed("signing", format!("WeChat Pay accepts the key of {}", client.merchant().serial()));
    if reply.value.echo_message == text {
        checks.passed("verification", format!("by {}", key.unwrap_or_default()));
    } else {
        checks.failed("verification", "the response is signed, but belongs to another request");
    }
}

fn encryption_checks(
    client: &Client,
    checks: &mut Checks,
    encrypted: Result<Reply<Response>, Error>,
    text: &str,
) {
    let reply = match encrypted {
        Ok(reply) => reply,
        Err(error) => {
            checks.failed("encryption", explain(&error, &client.core()));
            checks.skipped("decryption", "encryption has to work first");
            return;
        }
    };
    let key = &reply.sent().wechatpay_serial;
    match reply.value.encrypted_echo_message.reveal() {
        Ok(opened) if opened == text => {
            checks.passed("encryption", format!("for {key}"));
            checks.passed("decryption", "with the merchant's private key");
        }
        Ok(_) => {
            checks.failed(
                "encryption",
                format!("WeChat Pay read another text than was encrypted for {key}"),
            );
        }
        Err(why) => {
            checks.passed("encryption", format!("WeChat Pay took what was encrypted for {key}"));
            checks.failed("decryption", format!("the response's secret does not decrypt: {why}"));
        }
    }
}

/// A downloaded certificate proves the APIv3 key, else only a notification can.
fn apiv3_key_check(client: &Client, checks: &mut Checks) {
    let live = client.key_store().live();
    let name = "APIv3 key";
    match (live.core.apiv3_key(), &live.download) {
        (None, _) => checks.skipped(
            name,
            "none is given; notifications cannot be received without it (`apiv3_key`)",
        ),
        (Some(_), Some(_)) if live.has_downloaded() => {
            checks.passed(name, "it decrypts the platform certificates")
        }
        (Some(_), Some(_)) if needs_no_certificates(&live) => checks.skipped(
            name,
            "WeChat Pay has no platform certificates for this merchant, so only a notification can prove it; \
             do without `download_certificates`",
        ),
        (Some(_), Some(_)) => checks.failed(
            name,
            live.last_error().map_or_else(
                || "no platform certificates were downloaded".to_owned(),
                |error| error.to_string(),
            ),
        ),
        (Some(_), None) => checks.skipped(
            name,
            "not proved: no call uses it, only a notification can prove it. The first one that your server receives \
             does; to have one now, give a `notify_url` to /v3/security/echo",
        ),
    };
}

/// Brands cannot call the echo, and none of their operations is free of effects for all of them.
fn skip_for_brand(checks: &mut Checks) {
    let why = "not proved: a brand may call /brand/… only, and the operation that proves it is /v3/security/echo; your \
               first call proves it";
    checks.skipped("signing and verification", why);
    checks.skipped("encryption", why);
    checks.skipped("decryption", why);
}

/// Whether the client has a public key, and certificates were refused.
fn needs_no_certificates(live: &LiveKeys) -> bool {
    let refused = matches!(live.last_error(), Some(CertificateError::PublicKeyMode { .. }));
    refused && !live.core.keys().is_empty()
}
