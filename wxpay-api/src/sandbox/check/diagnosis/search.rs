//! Looks for the message that was signed: the usual mistakes one by one, then two at a time.

use aws_lc_rs::digest::{Context, SHA256};

use super::message::{Shape, SignedParts};
use super::slips::{self, Slip};
use super::verdict::SignatureVerdict as Verdict;
use crate::protocol::PublicKey;

/// The most bytes that are digested for one request, unless its body is larger.
const MOST_BYTES: usize = 4 << 20;
/// How many times a larger body is digested.
const LARGE_BODIES: usize = 4;
/// The most verifications of one request, where a signature does not reveal its digest.
const MOST_VERIFICATIONS: usize = 48;

/// How a message is recognised as the signed one.
pub(super) enum Proof<'a> {
    /// The digest that the signature reveals.
    Digest(Vec<u8>),
    Verification {
        key: &'a PublicKey,
        signature: &'a str,
    },
}

/// What is known of a request, to guess from.
pub(super) struct Clues<'a> {
    pub(super) right: SignedParts<'a>,
    /// Hosts that the client may have called.
    pub(super) hosts: Vec<String>,
    /// The whole body of an upload.
    pub(super) upload: Option<&'a [u8]>,
    /// The files of an upload.
    pub(super) files: Vec<&'a [u8]>,
}

/// The message that was signed, and the mistakes in it.
pub(super) struct Found {
    pub(super) verdicts: Vec<Verdict>,
    method: String,
    target: String,
    timestamp: String,
    nonce: String,
    body: Vec<u8>,
    shape: Shape,
}

impl Found {
    pub(super) fn parts(&self) -> SignedParts<'_> {
        let Self { method, target, timestamp, nonce, body, shape, .. } = self;
        SignedParts { method, target, timestamp, nonce, body, shape: *shape }
    }
}

/// The wrong parts of one place.
enum Slips {
    Methods(Vec<Slip<String>>),
    Targets(Vec<Slip<String>>),
    Timestamps(Vec<Slip<String>>),
    Nonces(Vec<Slip<String>>),
    Bodies(Vec<Slip<Vec<u8>>>),
    Shapes(Vec<Slip<Shape>>),
}

impl Slips {
    fn len(&self) -> usize {
        match self {
            Self::Methods(slips)
            | Self::Targets(slips)
            | Self::Timestamps(slips)
            | Self::Nonces(slips) => slips.len(),
            Self::Bodies(slips) => slips.len(),
            Self::Shapes(slips) => slips.len(),
        }
    }

    /// Puts a wrong part in the place of the right one. Returns the mistake.
    fn put<'s>(&'s self, index: usize, parts: &mut SignedParts<'s>) -> Option<Verdict> {
        match self {
            Self::Methods(slips) => take(slips, index, |part| parts.method = part),
            Self::Targets(slips) => take(slips, index, |part| parts.target = part),
            Self::Timestamps(slips) => take(slips, index, |part| parts.timestamp = part),
            Self::Nonces(slips) => take(slips, index, |part| parts.nonce = part),
            Self::Bodies(slips) => take(slips, index, |part| parts.body = part),
            Self::Shapes(slips) => take(slips, index, |part| parts.shape = *part),
        }
    }
}

fn take<'s, T>(slips: &'s [Slip<T>], index: usize, put: impl FnOnce(&'s T)) -> Option<Verdict> {
    let slip = slips.get(index)?;
    put(&slip.part);
    Some(slip.verdict)
}

/// Compares messages with what was signed, as long as the work is little.
struct Trial<'a> {
    proof: &'a Proof<'a>,
    bytes_left: usize,
    verifications_left: usize,
}

impl Trial<'_> {
    fn is_signed(&mut self, parts: &SignedParts<'_>) -> bool {
        match self.proof {
            Proof::Digest(digest) => {
                let length = parts.length();
                let Some(left) = self.bytes_left.checked_sub(length) else { return false };
                self.bytes_left = left;
                sha256(parts) == *digest
            }
            Proof::Verification { key, signature } => {
                let Some(left) = self.verifications_left.checked_sub(1) else { return false };
                self.verifications_left = left;
                key.verify(&parts.bytes(), signature)
            }
        }
    }
}

/// Looks for the message of a signature. It is not the right one.
pub(super) fn search(clues: &Clues<'_>, proof: &Proof<'_>) -> Option<Found> {
    let right = clues.right;
    let bytes_left = MOST_BYTES.max(right.body.len().saturating_mul(LARGE_BODIES));
    let mut trial = Trial { proof, bytes_left, verifications_left: MOST_VERIFICATIONS };
    let bodies = Slips::Bodies(bodies(clues));
    let shapes = Slips::Shapes(shapes(right));
    let targets = Slips::Targets(slips::targets(right.target, &clues.hosts));
    let methods = Slips::Methods(slips::methods(right.method));
    let nonces = Slips::Nonces(slips::nonces(right.nonce));
    let single = [&shapes, &bodies, &targets, &methods, &nonces];
    let found = single.into_iter().find_map(|slips| one(&mut trial, right, slips));
    let found = found.or_else(|| {
        let pairs = [
            (&targets, &shapes),
            (&bodies, &shapes),
            (&methods, &shapes),
            (&targets, &bodies),
            (&methods, &targets),
            (&methods, &bodies),
        ];
        pairs.into_iter().find_map(|(first, second)| two(&mut trial, right, first, second))
    });
    found.or_else(|| one(&mut trial, right, &Slips::Timestamps(slips::timestamps(right.timestamp))))
}

fn one<'s>(trial: &mut Trial<'_>, right: SignedParts<'s>, slips: &'s Slips) -> Option<Found> {
    (0..slips.len()).find_map(|index| {
        let mut parts = right;
        let verdict = slips.put(index, &mut parts)?;
        trial.is_signed(&parts).then(|| found(vec![verdict], &parts))
    })
}

fn two<'s>(
    trial: &mut Trial<'_>,
    right: SignedParts<'s>,
    first: &'s Slips,
    second: &'s Slips,
) -> Option<Found> {
    (0..first.len()).find_map(|index| {
        let mut parts = right;
        let verdict = first.put(index, &mut parts)?;
        let mut both = one(trial, parts, second)?;
        both.verdicts.insert(0, verdict);
        Some(both)
    })
}

fn found(verdicts: Vec<Verdict>, parts: &SignedParts<'_>) -> Found {
    Found {
        verdicts,
        method: parts.method.to_owned(),
        target: parts.target.to_owned(),
        timestamp: parts.timestamp.to_owned(),
        nonce: parts.nonce.to_owned(),
        body: parts.body.to_vec(),
        shape: parts.shape,
    }
}

fn bodies(clues: &Clues<'_>) -> Vec<Slip<Vec<u8>>> {
    let body = clues.right.body;
    let mut slips = Vec::new();
    let add = |slips: &mut Vec<_>, verdict, part: &[u8]| {
        slips.push(Slip { verdict, part: part.to_vec() });
    };
    if slips::is_small(body) {
        slips.extend(slips::bodies(body, clues.right.target));
    } else {
        add(&mut slips, Verdict::BodyNotSigned, b"");
    }
    clues.upload.iter().for_each(|whole| add(&mut slips, Verdict::UploadSigned, whole));
    clues.files.iter().for_each(|file| add(&mut slips, Verdict::FileSigned, file));
    slips
}

fn shapes(right: SignedParts<'_>) -> Vec<Slip<Shape>> {
    let slip = |shape: Shape| {
        let verdict = match shape {
            Shape::Lines | Shape::NoLastNewline => Verdict::FinalNewlineMissing,
            Shape::FourLines | Shape::FourLinesBare if right.body.is_empty() => {
                Verdict::FinalNewlineMissing
            }
            Shape::FourLines | Shape::FourLinesBare => Verdict::BodyNotSigned,
            Shape::OneMore => Verdict::NewlineTooMany,
            Shape::CrLf | Shape::CrLfBetween => Verdict::LinesEndWithCrLf,
            Shape::Escaped | Shape::EscapedBetween => Verdict::NewlinesEscaped,
            Shape::Joined | Shape::JoinedBySpaces => Verdict::LinesJoined,
            Shape::Response | Shape::NonceFirst | Shape::UrlFirst => Verdict::LinesOtherOrder,
        };
        Slip { verdict, part: shape }
    };
    Shape::WRONG.into_iter().map(slip).collect()
}

/// Digests a message without putting it together.
pub(super) fn sha256(parts: &SignedParts<'_>) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    parts.pieces(|piece| context.update(piece));
    context.finish().as_ref().to_vec()
}
