//! Whether the configured keys work, found out without money.

mod explain;
mod report;

pub use report::{Check, CheckOutcome, SelfTest};

use std::time::SystemTime;

use explain::{explain, skew};
use report::Checks;

use super::keyring::Live;
use super::{CertificateError, Client, Error, Reply};
use crate::protocol::{Nonce, Secret};
use crate::v3::security::echo::post::Response;

/// A skew of the clock that deserves a word; from 300 s on everything is refused.
const NOTEWORTHY_SKEW: u64 = 30;

impl Client {
    /// Proves signing, verification, encryption and decryption with the configured keys, and says in plain
    /// words what is wrong where something is. No money moves: it calls `POST /v3/security/echo`, which gives
    /// back what it was sent (PROTOCOL §10.6), and the list of platform certificates where that is used.
    ///
    /// Run it when a service starts, or by hand after keys were changed; print the report.
    pub async fn self_test(&self) -> SelfTest {
        let mut checks = Checks::default();
        let text = match Nonce::random() {
            Ok(nonce) => nonce.as_str().to_owned(),
            Err(error) => return checks.failed("signing", error.to_string()).report(),
        };
        let plain = self.echo(&text, None).await;
        match &plain {
            Ok(reply) => self.signature_checks(&mut checks, reply, &text),
            Err(error) => {
                checks.failed("signing and verification", explain(error, &self.core()));
            }
        }
        if plain.is_ok() {
            let sealed = self.echo(&text, Some(Secret::from(&text))).await;
            self.encryption_checks(&mut checks, sealed, &text);
        } else {
            checks.skipped("encryption", "signing has to work first");
            checks.skipped("decryption", "signing has to work first");
        }
        self.apiv3_key_check(&mut checks);
        checks.report()
    }

    async fn echo(&self, text: &str, secret: Option<Secret>) -> Result<Reply<Response>, Error> {
        let call = self.v3().security().echo().post(|r| r.echo_message(text));
        let call = match secret {
            Some(secret) => call.with(|r| r.encrypted_echo_message(secret)),
            None => call,
        };
        // An echo changes nothing.
        call.repeat(true).reply().await
    }

    fn signature_checks(&self, checks: &mut Checks, reply: &Reply<Response>, text: &str) {
        let key = reply.headers().get("Wechatpay-Serial").and_then(|id| id.to_str().ok());
        checks.passed(
            "signing",
            format!("WeChat Pay accepts the key of {}", self.merchant().serial()),
        );
        if reply.echo_message == text {
            checks.passed("verification", format!("by {}", key.unwrap_or_default()));
        } else {
            checks.failed("verification", "the answer is signed, but not to this request");
        }
        match skew(reply.headers(), SystemTime::now()) {
            Some(seconds) if seconds.unsigned_abs() > NOTEWORTHY_SKEW => checks.failed(
                "clock",
                format!(
                    "this machine's clock is {} s {} WeChat Pay's, and at 300 s every request is refused: \
                     synchronise it (NTP)",
                    seconds.unsigned_abs(),
                    if seconds > 0 { "ahead of" } else { "behind" },
                ),
            ),
            Some(seconds) => checks.passed("clock", format!("{seconds} s from WeChat Pay's")),
            None => checks.skipped("clock", "the answer does not tell the time"),
        };
    }

    fn encryption_checks(
        &self,
        checks: &mut Checks,
        sealed: Result<Reply<Response>, Error>,
        text: &str,
    ) {
        let reply = match sealed {
            Ok(reply) => reply,
            Err(error) => {
                checks.failed("encryption", explain(&error, &self.core()));
                checks.skipped("decryption", "encryption has to work first");
                return;
            }
        };
        let key = &reply.sent().wechatpay_serial;
        match reply.encrypted_echo_message.reveal() {
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
                checks
                    .passed("encryption", format!("WeChat Pay took what was encrypted for {key}"));
                checks.failed("decryption", format!("the answer's secret does not open: {why}"));
            }
        }
    }

    /// The APIv3 key has opened the downloaded certificates, if there are any; else only a notification
    /// can prove it.
    fn apiv3_key_check(&self, checks: &mut Checks) {
        let live = self.keyring().live();
        let name = "APIv3 key";
        match (live.core.apiv3_key(), &live.download) {
            (None, _) => checks.skipped(
                name,
                "none is given; notifications cannot be received without it (`apiv3_key`)",
            ),
            (Some(_), Some(_)) if live.has_downloaded() => {
                checks.passed(name, "it opens the platform certificates")
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
                "only a notification can prove it: give a `notify_url` to /v3/security/echo, and receive it there",
            ),
        };
    }
}

/// Whether the public key serves, and certificates were refused.
fn needs_no_certificates(live: &Live) -> bool {
    let refused = matches!(live.last_error(), Some(CertificateError::PublicKeyMode { .. }));
    refused && !live.core.keys().is_empty()
}
