//! Why a signature was refused: finds out what the client signed, and with which key and algorithm.
//!
//! An RSA signature reveals the digest that was signed. The usual mistakes are tried until one has this digest. The
//! work of one request is bounded.

pub(super) mod header;
mod json_forms;
mod message;
mod recovered;
mod search;
mod shown;
mod slips;
pub(in crate::sandbox) mod verdict;

use std::collections::BTreeSet;

use http::header::HOST;
use serde::Serialize;

use crate::client::HOSTS;
use crate::protocol::{Authorization, PublicKey, Scheme};
use crate::sandbox::keys::AccountState;
use crate::sandbox::request::SandboxRequest;
use crate::sandbox::state::Shared;
use message::{Shape, SignedParts};
use recovered::{DigestAlgorithm, RSA_LENGTH, Recovered, decode, is_pss, recover};
use search::{Clues, Found, Proof, search, sha256};
use verdict::SignatureVerdict;
use verdict::SignatureVerdict as Verdict;

/// Why the sandbox refused the `Authorization` of a request, and what the client signed.
///
/// Secrets, links and tokens in the messages are replaced by `[redacted]`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SignatureDiagnosis {
    /// What is wrong.
    pub verdict: SignatureVerdict,
    /// What is wrong and what to do, for people.
    pub explanation: String,
    /// The message that must be signed ([protocol §1.1]); `None` if the header itself was refused.
    ///
    /// [protocol §1.1]: crate::docs::protocol::signing#11-the-message
    pub expected_message: Option<String>,
    /// The message that the client signed, if it is one of the usual mistakes.
    pub signed_message: Option<String>,
    /// The place in the expected message from which on the signed one differs.
    pub difference: Option<MessageDifference>,
}

/// A place in a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MessageDifference {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1. A place inside a replaced value is shown at its beginning.
    pub column: usize,
}

impl SignatureDiagnosis {
    /// Creates a diagnosis of a detail, and of what to do.
    fn of(verdict: Verdict, detail: &str) -> Self {
        let explanation = match detail {
            "" => verdict.sentence().to_owned(),
            detail => format!("{detail} {}", verdict.sentence()),
        };
        let (expected_message, signed_message, difference) = (None, None, None);
        Self { verdict, explanation, expected_message, signed_message, difference }
    }

    /// Returns about how many bytes of memory it takes.
    pub(in crate::sandbox) fn size(&self) -> usize {
        let messages = [&self.expected_message, &self.signed_message].into_iter().flatten();
        self.explanation.len() + messages.map(String::len).sum::<usize>()
    }
}

/// Diagnoses a signature that is not one of the request by the account's key.
pub(super) fn diagnose(
    shared: &Shared,
    account: &AccountState,
    request: &SandboxRequest,
    authorization: &Authorization,
    body: &[u8],
) -> SignatureDiagnosis {
    let right = SignedParts {
        method: request.method.as_str(),
        target: &request.target,
        timestamp: authorization.timestamp(),
        nonce: authorization.nonce(),
        body,
        shape: Shape::Lines,
    };
    let clues = clues(request, right);
    let secrets = secrets(shared, request);
    let signature = authorization.signature();
    let reading = match authorization.scheme() {
        Scheme::Sm2 => by_verification(account, &clues, signature),
        _ => by_digest(shared, account, &clues, signature),
    };
    let Reading { mut diagnosis, found } = reading;
    let expected = right.shown(&secrets);
    if let Some(found) = &found {
        let signed = found.parts();
        diagnosis.signed_message = Some(signed.shown(&secrets).text);
        let (right, signed) = (right.bytes(), signed.bytes());
        let same = right.iter().zip(&signed).take_while(|(right, signed)| right == signed).count();
        let (line, column) = expected.position(same);
        diagnosis.difference = Some(MessageDifference { line, column });
    }
    diagnosis.expected_message = Some(expected.text);
    diagnosis
}

/// What a signature says of itself.
struct Reading {
    diagnosis: SignatureDiagnosis,
    found: Option<Found>,
}

impl Reading {
    fn of(verdict: Verdict, detail: &str) -> Self {
        Self { diagnosis: SignatureDiagnosis::of(verdict, detail), found: None }
    }

    /// Describes the mistakes of a message that was found.
    fn found(found: Found) -> Self {
        let first = found.verdicts.first().copied().unwrap_or(Verdict::OtherMessage);
        let others = found.verdicts.iter().skip(1).map(|verdict| verdict.sentence());
        let mut diagnosis = SignatureDiagnosis::of(first, "");
        for other in others {
            diagnosis.explanation = format!("{} {other}", diagnosis.explanation);
        }
        Self { diagnosis, found: Some(found) }
    }

    /// Names the mistake in the signature's encoding first.
    fn encoded(mut self, encoding: Option<Verdict>) -> Self {
        if let Some(encoding) = encoding {
            let explanation = format!("{} {}", encoding.sentence(), self.diagnosis.explanation);
            self.diagnosis.explanation = explanation.trim_end().to_owned();
            self.diagnosis.verdict = encoding;
        }
        self
    }
}

/// Finds the message by the digest that an RSA signature reveals.
fn by_digest(
    shared: &Shared,
    account: &AccountState,
    clues: &Clues<'_>,
    signature: &str,
) -> Reading {
    let (bytes, encoding) = match decode(signature) {
        Ok(decoded) => decoded,
        Err(verdict) => return Reading::of(verdict, ""),
    };
    if bytes.len() != RSA_LENGTH {
        let detail = format!("The signature has {} bytes, not {RSA_LENGTH}.", bytes.len());
        return Reading::of(Verdict::SignatureLength, &detail);
    }
    let key = account.identity.private_key().public_key();
    let reading = match recover(key, &bytes) {
        Recovered::Digest { algorithm: DigestAlgorithm::Sha256, digest } => {
            of_sha256(clues, digest, encoding.is_some())
        }
        Recovered::Digest { algorithm, digest } => of_other_digest(clues, algorithm, &digest),
        Recovered::Bare(content) => of_bare_digest(clues, &content),
        Recovered::PerhapsPss if is_pss(key, &clues.right.bytes(), &bytes) => {
            Reading::of(Verdict::PssPadding, "")
        }
        Recovered::PerhapsPss | Recovered::Nothing => of_other_key(shared, account, key, &bytes),
    };
    reading.encoded(encoding)
}

fn of_sha256(clues: &Clues<'_>, digest: Vec<u8>, is_encoded: bool) -> Reading {
    let right = sha256(&clues.right);
    if is_encoded && right == digest {
        let mut reading = Reading::of(Verdict::OtherMessage, "");
        reading.diagnosis.explanation.clear();
        return reading;
    }
    let hex = crate::protocol::digest::hex(&right);
    let again = |signed: &[u8]| DigestAlgorithm::Sha256.digest(signed).as_ref() == Some(&digest);
    if again(&right) || again(hex.as_bytes()) || again(hex.to_ascii_uppercase().as_bytes()) {
        return Reading::of(Verdict::DigestSigned, "");
    }
    match search(clues, &Proof::Digest(digest)) {
        Some(found) => Reading::found(found),
        None => Reading::of(Verdict::OtherMessage, ""),
    }
}

fn of_other_digest(clues: &Clues<'_>, algorithm: DigestAlgorithm, digest: &[u8]) -> Reading {
    let is_right = algorithm.digest(&clues.right.bytes()).as_deref() == Some(digest);
    let message = if is_right { " The message is right." } else { "" };
    let detail = format!("The signature is over {}.{message}", algorithm.name());
    Reading::of(Verdict::OtherDigest, &detail)
}

fn of_bare_digest(clues: &Clues<'_>, content: &[u8]) -> Reading {
    let is_right = content == sha256(&clues.right);
    let detail = if is_right { "The message is right." } else { "" };
    Reading::of(Verdict::BareDigest, detail)
}

fn of_other_key(
    shared: &Shared,
    account: &AccountState,
    key: &PublicKey,
    signature: &[u8],
) -> Reading {
    /// The most keys that are tried.
    const MOST_KEYS: usize = 16;
    let mut tried = vec![key.clone()];
    for other in header::accounts(shared) {
        let key = other.identity.private_key().public_key();
        if tried.contains(key) || tried.len() > MOST_KEYS {
            continue;
        }
        if let Recovered::Digest { .. } | Recovered::Bare(_) = recover(key, signature) {
            let detail = format!("The key of {} signed, not that of {}.", other.id(), account.id());
            return Reading::of(Verdict::KeyOfOtherAccount, &detail);
        }
        tried.push(key.clone());
    }
    Reading::of(Verdict::OtherKey, "")
}

/// Finds the message by verifying one after the other.
fn by_verification(account: &AccountState, clues: &Clues<'_>, signature: &str) -> Reading {
    if signature.is_empty() {
        return Reading::of(Verdict::SignatureEmpty, "");
    }
    let key = account.identity.private_key().public_key();
    let proof = Proof::Verification { key, signature };
    match slips::is_small(clues.right.body).then(|| search(clues, &proof)).flatten() {
        Some(found) => Reading::found(found),
        None => Reading::of(Verdict::Unexplained, ""),
    }
}

fn clues<'a>(request: &'a SandboxRequest, right: SignedParts<'a>) -> Clues<'a> {
    let mut hosts: Vec<String> =
        request.header(HOST.as_str()).map(str::to_owned).into_iter().collect();
    hosts.extend(HOSTS.iter().map(|host| (*host).to_owned()));
    let form = request.form.as_ref().and_then(|form| form.as_ref().ok());
    let files = form.into_iter().flat_map(|form| form.others());
    let files = files.filter(|part| part.file_name.is_some()).map(|part| part.content.as_ref());
    let upload = form.map(|_| request.body.as_ref());
    Clues { right, hosts, upload, files: files.collect() }
}

/// Returns the secrets of the request's body by its descriptor.
fn secrets(shared: &Shared, request: &SandboxRequest) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Ok(route) = shared.routes.find(request.method.as_str(), request.path())
        && let Some(operation) = route.operation()
    {
        operation.body.iter().for_each(|schema| route.book().secret_paths(schema, &mut found));
        let meta = operation.upload.iter().flat_map(|upload| &upload.meta);
        meta.for_each(|member| route.book().secret_paths_of(member, &mut found));
    }
    found
}
