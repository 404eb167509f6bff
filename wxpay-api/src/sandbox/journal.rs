//! The journal: the requests that the sandbox received.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use http::HeaderMap;

use super::check::diagnosis::SignatureDiagnosis;
use super::error::SandboxError;
use super::request::route::RequestPattern;

/// How much the journal holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct JournalLimits {
    pub(super) requests: usize,
    pub(super) bytes: usize,
}

impl Default for JournalLimits {
    fn default() -> Self {
        Self { requests: 10_000, bytes: 256 << 20 }
    }
}

/// The latest requests. The oldest ones leave it when it is full.
#[derive(Default)]
pub(super) struct Journal {
    limits: JournalLimits,
    requests: VecDeque<ReceivedRequest>,
    bytes: usize,
    /// How many requests left the journal.
    gone: usize,
    /// How many executed requests left the journal, by operation.
    left: BTreeMap<Option<String>, usize>,
}

impl Journal {
    pub(super) fn new(limits: JournalLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    pub(super) fn push(&mut self, request: ReceivedRequest) {
        self.bytes += request.size();
        self.requests.push_back(request);
        // The latest request stays even if it is larger than the limit.
        while self.requests.len() > self.limits.requests
            || (self.bytes > self.limits.bytes && self.requests.len() > 1)
        {
            let Some(oldest) = self.requests.pop_front() else {
                return;
            };
            self.bytes = self.bytes.saturating_sub(oldest.size());
            self.gone += 1;
            if oldest.executed {
                *self.left.entry(oldest.operation).or_default() += 1;
            }
        }
    }

    pub(super) fn limits(&self) -> JournalLimits {
        self.limits
    }

    /// Returns the requests with their numbers, from 1 in order of arrival.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (usize, &ReceivedRequest)> {
        self.requests.iter().enumerate().map(|(index, request)| (self.gone + index + 1, request))
    }

    /// Returns the number of the latest request; 0 before the first.
    pub(super) fn last_number(&self) -> usize {
        self.gone + self.requests.len()
    }

    pub(super) fn requests(&self) -> Vec<ReceivedRequest> {
        self.requests.iter().cloned().collect()
    }

    /// Counts the executed requests that a pattern selects, those that left the journal included.
    pub(super) fn executions(&self, pattern: &RequestPattern) -> Result<usize, SandboxError> {
        let held = self.requests.iter().filter(|it| it.executed && it.matches(pattern)).count();
        let left = self.left.get(&pattern.operation()).copied().unwrap_or_default();
        if left > 0 && !pattern.selects_whole_operation() {
            return Err(SandboxError::JournalFull { requests: self.limits.requests });
        }
        Ok(held + left)
    }
}

/// A request that the sandbox received. Refused requests are included.
///
/// `Debug` shows neither values nor secrets.
#[derive(Clone)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// The method.
    pub method: String,
    /// Path and query, byte for byte as received.
    pub target: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The operation, such as `POST /v3/payscore/serviceorder/{out_order_no}/cancel`; `None` if the signature was
    /// wrong or no operation has the URL.
    pub operation: Option<String>,
    /// The decoded values of the URL's parameters, in the order of the URL.
    pub path_values: Vec<(String, String)>,
    /// The merchant number or brand id of the sender; `None` if the signature was wrong.
    pub sender: Option<String>,
    /// The signed message ([protocol §1.1]); `None` if the signature was wrong.
    ///
    /// [protocol §1.1]: crate::docs::protocol::signing#11-the-message
    pub verified_message: Option<Vec<u8>>,
    /// The status of the response, before any fault.
    pub status: u16,
    /// Whether the sandbox executed the request: it passed all checks, the response was a success, and no fault
    /// kept it from being executed. A fault of the response changes nothing here.
    pub executed: bool,
    /// Departures from the documented lengths, such as ``body `attach` must have at most 128 characters, not 130``.
    /// They were no reason to refuse the request; see
    /// [`SandboxBuilder::refuse_lengths`](crate::sandbox::SandboxBuilder::refuse_lengths).
    pub notes: Vec<String>,
    /// Why the `Authorization` was refused, and what the client signed; `None` if it was accepted.
    pub diagnosis: Option<SignatureDiagnosis>,
    /// Why it was refused: the code and the message of the response, such as `PARAM_ERROR: …`; `None` if it was not.
    pub refusal: Option<String>,
    /// When the sandbox responded, by the real clock.
    pub time: SystemTime,
    pub(super) secrets: Vec<(String, Vec<u8>)>,
}

impl ReceivedRequest {
    /// Returns the plain text of an encrypted value by its key path, such as `contact_info.mobile_phone`.
    #[must_use]
    pub fn secret(&self, path: &str) -> Option<&str> {
        let (_, plain) = self.secrets.iter().find(|(held, _)| held == path)?;
        std::str::from_utf8(plain).ok()
    }

    /// Returns the plain texts of all encrypted values with their key paths.
    pub fn secrets(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.secrets.iter().map(|(path, plain)| (path.as_str(), plain.as_slice()))
    }

    /// Returns the value of a parameter of the URL.
    #[must_use]
    pub fn path_value(&self, name: &str) -> Option<&str> {
        let (_, value) = self.path_values.iter().find(|(held, _)| held == name)?;
        Some(value)
    }

    /// Returns whether a pattern selects the request.
    pub(super) fn matches(&self, pattern: &RequestPattern) -> bool {
        let operation = self.operation.as_deref().and_then(|name| name.split_once(' '));
        let path = self.target.split('?').next().unwrap_or_default();
        pattern.matches_url(&self.method, path, operation.map(|(_, template)| template))
    }

    /// Returns about how many bytes of memory the request takes.
    fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len());
        let pairs = self.path_values.iter().map(|(name, value)| name.len() + value.len());
        let secrets = self.secrets.iter().map(|(path, plain)| path.len() + plain.len());
        let notes = self.notes.iter().map(String::len);
        let message = self.verified_message.as_ref().map_or(0, Vec::len);
        let message = message + self.refusal.as_ref().map_or(0, String::len);
        let message = message + self.diagnosis.as_ref().map_or(0, SignatureDiagnosis::size);
        let parts: usize = headers.chain(pairs).chain(secrets).chain(notes).sum();
        size_of::<Self>() + self.target.len() + self.body.len() + message + parts
    }
}

impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secrets: Vec<_> = self.secrets().map(|(path, _)| path).collect();
        formatter
            .debug_struct("ReceivedRequest")
            .field("method", &self.method)
            .field("sender", &self.sender)
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("executed", &self.executed)
            .field("diagnosis", &self.diagnosis.as_ref().map(|it| it.verdict))
            .field("body_length", &self.body.len())
            .field("secrets", &secrets)
            .finish_non_exhaustive()
    }
}
