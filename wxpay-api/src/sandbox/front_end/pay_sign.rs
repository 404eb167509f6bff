//! The signature of a payment: four lines by the merchant's key (docs/protocol/invocation.md §9.1).
//!
//! A signature does not tell what was signed. If it is wrong, the usual mistakes are tried one by one, so that the error
//! can name the line that differs.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use super::error::FrontEndProblem;
use crate::protocol::excerpt::excerpt;
use crate::protocol::{PublicKey, message};
use crate::sandbox::keys::AccountState;

/// How far another reading of the clock may be from the one that was passed, in seconds.
const CLOCK: i64 = 120;

/// The lines, with the member that each is.
pub(super) struct PaySign<'a> {
    pub(super) lines: [(&'a str, &'a str); 4],
    /// The member with the signature, and the signature.
    pub(super) signature: (&'a str, &'a str),
}

/// Values that a merchant may have signed in place of the right ones.
#[derive(Default)]
pub(super) struct Suspects {
    pub(super) appids: Vec<String>,
    pub(super) packages: Vec<String>,
    pub(super) sign_type: String,
}

impl PaySign<'_> {
    /// Returns the message that must be signed.
    pub(super) fn message(&self) -> Vec<u8> {
        let [appid, timestamp, nonce, package] = self.values();
        message::payment(appid, timestamp, nonce, package)
    }

    /// Verifies the signature. Tells what was signed instead, if it is a usual mistake.
    pub(super) fn check(
        &self,
        account: &AccountState,
        others: &[Arc<AccountState>],
        suspects: &Suspects,
    ) -> Option<FrontEndProblem> {
        let key = account.identity.private_key().public_key();
        let (member, signature) = self.signature;
        if key.verify(&self.message(), signature) {
            return None;
        }
        let issue = self
            .encoding(key)
            .or_else(|| self.other_key(others, account))
            .or_else(|| self.other_line(key, suspects))
            .or_else(|| self.other_shape(key, suspects))
            .unwrap_or_else(|| {
                format!(
                    "is no signature of these four lines by the key of {}; compare each line with the one that was \
                     signed: the values must be the ones that are passed on, each with a line feed after it",
                    account.id()
                )
            });
        Some(FrontEndProblem::new(member, issue))
    }

    fn values(&self) -> [&str; 4] {
        self.lines.map(|(_, value)| value)
    }

    /// Finds a right signature that was changed on its way.
    fn encoding(&self, key: &PublicKey) -> Option<String> {
        let signature = self.signature.1;
        let decoded = percent_decode_str(signature).decode_utf8_lossy().into_owned();
        let changes = [
            (signature.trim().to_owned(), "has white space around it"),
            (
                signature.replace(' ', "+"),
                "has spaces where `+` was: it was decoded once too often",
            ),
            (decoded, "is percent-encoded; pass it as it is"),
            (
                signature.replace('-', "+").replace('_', "/"),
                "is in URL-safe Base64; use the standard alphabet",
            ),
            (signature.replace(['\n', '\r'], ""), "has line breaks in it"),
        ];
        let message = self.message();
        let found = changes.iter().find(|(changed, _)| key.verify(&message, changed));
        if let Some((_, issue)) = found {
            return Some((*issue).to_owned());
        }
        let is_hex = signature.bytes().all(|byte| byte.is_ascii_hexdigit());
        match signature.len() {
            0 => Some("is empty".to_owned()),
            32 if is_hex => {
                Some("is an MD5 digest of APIv2; sign with the merchant's private key".to_owned())
            }
            64 if is_hex => Some(
                "is a SHA-256 digest or an HMAC of APIv2; sign with the merchant's private key"
                    .to_owned(),
            ),
            _ if STANDARD.decode(signature).is_err() => Some("is no Base64".to_owned()),
            _ => None,
        }
    }

    fn other_key(&self, others: &[Arc<AccountState>], account: &AccountState) -> Option<String> {
        let message = self.message();
        let signed_by = |other: &&Arc<AccountState>| {
            let key = other.identity.private_key().public_key();
            other.id() != account.id() && key.verify(&message, self.signature.1)
        };
        let other = others.iter().find(signed_by)?;
        Some(format!(
            "is by the key of {}, but the order is of {}: sign with the key of the merchant that ordered",
            other.id(),
            account.id()
        ))
    }

    /// Finds one line, or the appid and the package, that differ.
    fn other_line(&self, key: &PublicKey, suspects: &Suspects) -> Option<String> {
        let [appid, timestamp, nonce, package] = self.values();
        let mut candidates = Vec::new();
        let packages = packages(package, suspects);
        for other in &packages {
            candidates.push([appid, timestamp, nonce, other.as_str()].map(str::to_owned));
        }
        for other in suspects.appids.iter().map(String::as_str).chain([""]) {
            candidates.push([other, timestamp, nonce, package].map(str::to_owned));
            for package in &packages {
                candidates.push([other, timestamp, nonce, package].map(str::to_owned));
            }
        }
        for other in timestamps(timestamp) {
            candidates.push([appid, &other, nonce, package].map(str::to_owned));
        }
        for other in [nonce.to_ascii_lowercase(), nonce.to_ascii_uppercase(), String::new()] {
            candidates.push([appid, timestamp, &other, package].map(str::to_owned));
        }
        // Two lines in the wrong order.
        candidates.push([appid, nonce, timestamp, package].map(str::to_owned));
        candidates.push([timestamp, nonce, package, appid].map(str::to_owned));
        let signed = candidates.iter().find(|[appid, timestamp, nonce, package]| {
            key.verify(&message::payment(appid, timestamp, nonce, package), self.signature.1)
        })?;
        Some(self.difference(signed))
    }

    /// Names the lines that differ.
    fn difference(&self, signed: &[String; 4]) -> String {
        let lines = self.lines.iter().zip(signed).enumerate();
        let differing = lines.filter(|(_, ((_, passed), signed))| passed != signed);
        let sentences: Vec<_> = differing
            .map(|(index, ((member, passed), signed))| {
                format!(
                    "line {} ({member}) was signed as `{}`, but must be `{}`",
                    index + 1,
                    excerpt(signed),
                    excerpt(passed)
                )
            })
            .collect();
        format!("signs another message: {}", sentences.join("; "))
    }

    /// Finds a message of another shape.
    fn other_shape(&self, key: &PublicKey, suspects: &Suspects) -> Option<String> {
        let [appid, timestamp, nonce, package] = self.values();
        let joined = self.values().join("\n");
        let sign_type = match suspects.sign_type.as_str() {
            "" => "RSA",
            given => given,
        };
        let shapes = [
            (joined.clone(), "the line feed after the last line is missing"),
            (format!("{joined}\n\n"), "an empty line follows the last one"),
            (
                format!("{}\r\n", self.values().join("\r\n")),
                "the lines end with CR LF; they end with LF",
            ),
            (format!("{joined}\n{sign_type}\n"), "`signType` is a fifth line; it is not signed"),
            (format!("{timestamp}\n{nonce}\n{package}\n"), "the first line, the appid, is missing"),
            (
                format!(
                    "appId={appid}&nonceStr={nonce}&package={package}&signType={sign_type}&timeStamp={timestamp}"
                ),
                "it is the sorted query of APIv2, not four lines",
            ),
            (
                self.values().join("\\n") + "\\n",
                "the lines are divided by a backslash and `n`, not by line feeds",
            ),
        ];
        let found = shapes.iter().find(|(text, _)| key.verify(text.as_bytes(), self.signature.1));
        found.map(|(_, issue)| format!("signs a message of another shape: {issue}"))
    }
}

/// Other packages that a merchant may have signed.
fn packages(package: &str, suspects: &Suspects) -> Vec<String> {
    let id = package.trim_start_matches("prepay_id=");
    let mut packages = vec![
        id.to_owned(),
        format!("prepay_id={id}"),
        format!("prepay_id=prepay_id={id}"),
        format!("package=prepay_id={id}"),
        "Sign=WXPay".to_owned(),
        String::new(),
        id.trim().to_owned(),
    ];
    for other in &suspects.packages {
        packages.push(other.clone());
        packages.push(format!("prepay_id={other}"));
    }
    packages.retain(|other| other != package);
    packages
}

/// Other times that a merchant may have signed: a second reading of the clock, or milliseconds.
fn timestamps(timestamp: &str) -> Vec<String> {
    let mut others = vec![format!("{timestamp}000"), String::new()];
    if let Ok(seconds) = timestamp.parse::<i64>() {
        let near =
            (1..=CLOCK).flat_map(|step| [seconds.checked_add(step), seconds.checked_sub(step)]);
        others.extend(near.flatten().map(|other| other.to_string()));
        others.push((seconds / 1000).to_string());
    }
    others.retain(|other| other != timestamp);
    others
}
