//! WeChat Pay's side: bodies and signatures of notifications, genuine and forged.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use serde_json::json;
use wxpay_api::protocol::issuing::{Identity, signed_headers};
use wxpay_api::protocol::{Envelope, Nonce, Scheme};
use wxpay_api::sandbox::{Sandbox, SandboxNotification};

use super::plan::{Forgery, Item, Kind};
use crate::report::Failure;

/// In the resource of every notification, and nowhere else: a log that has it shows what was decrypted.
pub(crate) const OPENID: &str = "oSoakSecretOpenid000000000000";

/// More than five minutes.
const STALE: u64 = 301;

/// The account of the merchant at WeChat Pay, and an attacker's key.
#[derive(Debug)]
pub(crate) struct WechatPay {
    pub(crate) sandbox: Arc<Sandbox>,
    /// The platform certificates, the oldest first.
    pub(crate) certificates: Vec<Identity>,
    stranger: Identity,
}

/// The bytes of a notification. All copies have the same.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) id: String,
    pub(crate) bytes: Bytes,
}

impl WechatPay {
    pub(crate) fn new(sandbox: Arc<Sandbox>) -> Result<Self, Failure> {
        let certificates = certificates(&sandbox)?;
        Ok(Self { sandbox, certificates, stranger: Identity::platform()? })
    }

    /// Lists a new certificate beside the old one. It does not sign yet.
    pub(crate) fn rotated(&self) -> Result<Self, Failure> {
        self.sandbox.announce_platform_certificate()?;
        let (sandbox, stranger) = (Arc::clone(&self.sandbox), self.stranger.clone());
        Ok(Self { certificates: certificates(&sandbox)?, sandbox, stranger })
    }

    /// Counts the downloads of certificates so far.
    pub(crate) fn downloads(&self) -> Result<usize, Failure> {
        Ok(self.sandbox.executions("GET", "/v3/certificates")?)
    }

    pub(crate) fn body(&self, item: Item) -> Result<Body, Failure> {
        let attach = match item.kind {
            Kind::Stalled(stall) => stall.attach(),
            Kind::Forged(_) => "forged",
            _ => "genuine",
        };
        let changes = json!({
            "out_trade_no": order(item.number),
            "attach": attach,
            "payer": { "openid": OPENID },
        });
        let notification = SandboxNotification::example("pay/transaction").with(changes);
        let (_, bytes) = self.sandbox.notification(notification)?;
        Ok(Body { id: Envelope::parse(&bytes)?.id, bytes })
    }

    /// Signs a copy with one of the certificates.
    pub(crate) fn sign(&self, body: &Body, certificate: usize) -> Result<HeaderMap, Failure> {
        self.signed(&body.bytes, certificate, now()?)
    }

    /// Signs a copy as WeChat Pay's probes are.
    pub(crate) fn probe(&self, body: &Body, certificate: usize) -> Result<HeaderMap, Failure> {
        let mut headers = self.sign(body, certificate)?;
        let signature = headers.get("Wechatpay-Signature").ok_or("no signature")?.to_str()?;
        let probe = HeaderValue::from_str(&format!("WECHATPAY/SIGNTEST/{signature}"))?;
        headers.insert("Wechatpay-Signature", probe);
        Ok(headers)
    }

    /// Returns a forged copy: its headers and its body.
    pub(crate) fn forge(
        &self,
        body: &Body,
        certificate: usize,
        forgery: Forgery,
    ) -> Result<(HeaderMap, Bytes), Failure> {
        let right = self.sign(body, certificate)?;
        let serial = self.identity(certificate)?.certificate().serial().to_string();
        let key = self.stranger.private_key();
        let by_stranger = |serial: &str| -> Result<_, Failure> {
            Ok(signed_headers(Scheme::Rsa, key, serial, now()?, &Nonce::random()?, &body.bytes)?)
        };
        let headers = match forgery {
            Forgery::OtherKey => by_stranger(&serial)?,
            Forgery::UnknownSerial => {
                by_stranger(&self.stranger.certificate().serial().to_string())?
            }
            Forgery::OtherSerial => {
                let mut other =
                    self.certificates.iter().map(|one| one.certificate().serial().to_string());
                // Before the rotation there is no other one.
                let other = other
                    .find(|other| *other != serial)
                    .unwrap_or_else(|| serial.chars().rev().collect());
                with(right, "Wechatpay-Serial", &other)?
            }
            Forgery::ChangedBody => {
                let text = String::from_utf8(body.bytes.to_vec())?;
                let changed = text.replace("\"summary\":\"sandbox\"", "\"summary\":\"Sandbox\"");
                return Ok((right, changed.into()));
            }
            Forgery::ChangedTimestamp => {
                with(right, "Wechatpay-Timestamp", &(now()? + 2).to_string())?
            }
            Forgery::ChangedNonce => with(right, "Wechatpay-Nonce", Nonce::random()?.as_str())?,
            Forgery::Stale => self.signed(&body.bytes, certificate, now()? - STALE)?,
            Forgery::Unsigned => HeaderMap::new(),
        };
        Ok((headers, body.bytes.clone()))
    }

    fn signed(
        &self,
        body: &[u8],
        certificate: usize,
        timestamp: u64,
    ) -> Result<HeaderMap, Failure> {
        let identity = self.identity(certificate)?;
        let serial = identity.certificate().serial().to_string();
        let (key, nonce) = (identity.private_key(), Nonce::random()?);
        Ok(signed_headers(Scheme::Rsa, key, &serial, timestamp, &nonce, body)?)
    }

    fn identity(&self, certificate: usize) -> Result<&Identity, Failure> {
        Ok(self.certificates.get(certificate).ok_or("there is no such certificate")?)
    }
}

/// The number of the order of which a notification tells.
pub(crate) fn order(number: usize) -> String {
    format!("soak-order-{number}")
}

fn certificates(sandbox: &Sandbox) -> Result<Vec<Identity>, Failure> {
    let saved = sandbox.save()?;
    let read = saved.platform_certificates.iter();
    Ok(read
        .map(|one| Identity::from_pem(&one.certificate, &one.private_key))
        .collect::<Result<_, _>>()?)
}

fn with(mut headers: HeaderMap, name: &'static str, value: &str) -> Result<HeaderMap, Failure> {
    headers.insert(name, HeaderValue::from_str(value)?);
    Ok(headers)
}

fn now() -> Result<u64, Failure> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())
}
