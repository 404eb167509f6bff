//! Applies an injected fault to one exchange. No other module knows what each fault does.

use std::io;
use std::time::Duration;

use aws_lc_rs::rand;
use bytes::Bytes;
use http::{StatusCode, header};

use super::body::OutgoingBody;
use crate::protocol::CryptoError;
use crate::sandbox::decide::content::{ResponseBody, ResponseContent, ResponseProof};
use crate::sandbox::fault::{Fault, SignatureFault};
use crate::sandbox::refusal::Refusal;

const HTML: &str = "<html><head><title>502 Bad Gateway</title></head>\
    <body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>";

/// The effects of a fault on one exchange. Without a fault, there are none.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct FaultPlan {
    unexecuted: bool,
    fault: Option<Fault>,
}

impl FaultPlan {
    pub(in crate::sandbox) fn new(fault: Fault) -> Self {
        match fault {
            Fault::Unexecuted(inner) => Self { unexecuted: true, ..Self::new(*inner) },
            // WeChat Pay does not execute throttled requests (docs/protocol/errors.md §10.2).
            Fault::Unavailable { status: 429, .. } => Self { unexecuted: true, fault: Some(fault) },
            other => Self { unexecuted: false, fault: Some(other) },
        }
    }

    /// Returns whether a request that passes its checks is executed.
    pub(in crate::sandbox) fn executes(&self) -> bool {
        !self.unexecuted
    }

    /// Returns how the connection ends before the sandbox reads the request's body.
    pub(in crate::sandbox) fn end_before_reading(&self) -> Option<io::Error> {
        match self.fault {
            Some(Fault::CloseBeforeReading) => Some(closed()),
            Some(Fault::ResetBeforeReading) => Some(reset()),
            _ => None,
        }
    }

    /// Returns how the connection ends in place of a response.
    pub(in crate::sandbox) fn end_after_reading(&self) -> Option<io::Error> {
        match self.fault {
            Some(Fault::CloseAfterReading) => Some(closed()),
            Some(Fault::ResetAfterReading) => Some(reset()),
            _ => None,
        }
    }

    /// Returns how long the sandbox delays the response.
    pub(in crate::sandbox) fn delay(&self) -> Duration {
        match self.fault {
            Some(Fault::Delay(delay)) => delay,
            _ => Duration::ZERO,
        }
    }

    /// Returns the content to send in place of the right one.
    pub(in crate::sandbox) fn content(
        &self,
        right: ResponseContent,
    ) -> Result<ResponseContent, CryptoError> {
        let executed = right.status.is_success();
        let content = match &self.fault {
            Some(Fault::Html { status, signed }) => html(*status, *signed),
            Some(Fault::Garbage { length }) => garbage(right.status, *length)?,
            Some(Fault::InvalidUtf8) => invalid_utf8(right.status),
            Some(Fault::Redirect { location }) => redirect(location),
            Some(Fault::Unavailable { status, retry_after }) => unavailable(*status, *retry_after),
            _ => right,
        };
        // Only a gateway claims a success of a request that WeChat Pay did not execute.
        if !executed && content.status.is_success() {
            return Ok(content.proof(ResponseProof::None));
        }
        Ok(content)
    }

    /// Returns the fault of the signature.
    pub(in crate::sandbox) fn signature_fault(&self) -> Option<&SignatureFault> {
        match &self.fault {
            Some(Fault::Signature(fault)) => Some(fault),
            _ => None,
        }
    }

    /// Returns the body as it is sent.
    pub(in crate::sandbox) fn body(&self, body: ResponseBody) -> OutgoingBody {
        let outgoing = match body {
            ResponseBody::Whole(body) => OutgoingBody::whole(body),
            ResponseBody::Pieces(pieces) => OutgoingBody::streamed(pieces),
        };
        match self.fault {
            Some(Fault::TruncatedBody) => outgoing.truncated(),
            Some(Fault::Drip { piece, pause }) => outgoing.dripping(piece, pause),
            _ => outgoing,
        }
    }
}

fn closed() -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}

/// The server sends a TCP reset for this kind of error.
fn reset() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}

fn html(status: u16, signed: bool) -> ResponseContent {
    let proof = if signed { ResponseProof::Signature } else { ResponseProof::None };
    let content = ResponseContent::file("text/html", Bytes::from_static(HTML.as_bytes()));
    ResponseContent { status: to_status(status), ..content.proof(proof) }
}

fn garbage(status: StatusCode, length: usize) -> Result<ResponseContent, CryptoError> {
    let mut bytes = vec![0; length];
    rand::fill(&mut bytes).map_err(|_| CryptoError::Random)?;
    Ok(ResponseContent::json(status, bytes))
}

fn invalid_utf8(status: StatusCode) -> ResponseContent {
    ResponseContent::json(status, &b"{\"code\":\"\xff\"}"[..])
}

fn redirect(location: &str) -> ResponseContent {
    let content = ResponseContent::json(StatusCode::FOUND, Bytes::new());
    content.proof(ResponseProof::None).header(header::LOCATION, location)
}

fn unavailable(status: u16, retry_after: Option<u64>) -> ResponseContent {
    let code = if status == 429 { "RATELIMIT_EXCEEDED" } else { "SYSTEM_ERROR" };
    let refusal = Refusal::new(to_status(status), code, "busy: a test injected this fault");
    let content = ResponseContent::refusal(&refusal);
    match retry_after {
        Some(seconds) => content.header(header::RETRY_AFTER, &seconds.to_string()),
        None => content,
    }
}

fn to_status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
