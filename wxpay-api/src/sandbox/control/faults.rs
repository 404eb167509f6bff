//! Faults over HTTP.

use serde_json::{Value, json};

use super::accounts::failed;
use super::call::{
    ControlCall, ControlError, ControlMembers, ControlResponse, ControlResult, missing,
    unknown_value,
};
use crate::sandbox::fault::{Fault, SignatureFault, SignedHeader};
use crate::sandbox::notifications::fault::NotificationFault;
use crate::sandbox::request::route::RequestPattern;

/// The faults and the members that each takes.
const KINDS: [&str; 20] = [
    "signature-probe",
    "signature-other-body",
    "signature-without",
    "signature-unknown-serial",
    "signature-other-key",
    "signature-clock",
    "signature-nonce-length",
    "signature-type",
    "html",
    "garbage",
    "invalid-utf8",
    "truncated-body",
    "drip",
    "redirect",
    "unavailable",
    "close-before-reading",
    "close-after-reading",
    "reset-before-reading",
    "reset-after-reading",
    "delay",
];

/// The beginning of the faults of signatures.
const SIGNATURE: &str = "signature-";

const MEMBERS: [&str; 13] = [
    "fault",
    "method",
    "path",
    "unexecuted",
    "header",
    "seconds",
    "length",
    "scheme",
    "status",
    "signed",
    "location",
    "retry_after",
    "pause",
];

/// The faults of notifications, beside those of signatures.
const NOTIFICATION_KINDS: [&str; 4] = ["by-certificate", "lost", "acknowledgement-lost", "delay"];

/// Headers that a signature can lack.
const HEADERS: [SignedHeader; 5] = [
    SignedHeader::Timestamp,
    SignedHeader::Nonce,
    SignedHeader::Signature,
    SignedHeader::Serial,
    SignedHeader::SignatureType,
];

/// Schemes that a response can claim.
const SCHEMES: [&str; 4] = [
    "WECHATPAY2-SHA256-RSA2048",
    "WECHATPAY2-SM2-WITH-SM3",
    "WECHATPAY-BRAND-SHA256-RSA2048",
    "WECHATPAY2-UNKNOWN",
];

/// Lists the faults that hit no exchange yet.
pub(super) fn list(call: &ControlCall) -> ControlResult {
    call.only_queries(&[])?;
    let state = call.shared.state();
    let faults = state.faults().map(|(pattern, fault)| {
        let (method, path) = pattern.map(RequestPattern::url).unzip();
        json!({ "method": method, "path": path, "fault": name(fault) })
    });
    let faults: Vec<Value> = faults.collect();
    Ok(ControlResponse::json(&json!({ "faults": faults })))
}

/// Injects a fault into the next exchange, of one operation or of any.
pub(super) fn inject(call: &ControlCall) -> ControlResult {
    let members = call.members(&MEMBERS)?;
    let fault = fault(&members)?;
    let fault = match members.boolean("unexecuted")? {
        Some(true) => fault.unexecuted(),
        _ => fault,
    };
    let pattern = match (members.text("method")?, members.text("path")?) {
        (Some(method), Some(path)) => {
            Some(call.shared.routes.select(method, path).map_err(failed)?.0)
        }
        (None, None) => None,
        _ => return Err(ControlError::invalid("give `method` and `path`, or neither")),
    };
    call.shared.state().inject_fault(pattern, fault);
    Ok(ControlResponse::done())
}

/// Forgets all faults.
pub(super) fn clear(call: &ControlCall) -> ControlResult {
    call.shared.state().clear_faults();
    Ok(ControlResponse::done())
}

/// Lists the faults that no notification met yet.
pub(super) fn list_of_notifications(call: &ControlCall) -> ControlResult {
    call.only_queries(&[])?;
    let faults = call.shared.world().notification_faults().into_iter().map(|(event_type, fault)| {
        json!({ "event_type": event_type, "fault": notification_fault_name(&fault) })
    });
    Ok(ControlResponse::json(&json!({ "faults": faults.collect::<Vec<Value>>() })))
}

/// Injects a fault into the next notification that follows a change: of an event type, or of any.
pub(super) fn inject_into_notification(call: &ControlCall) -> ControlResult {
    let known = ["fault", "event_type", "header", "seconds", "length", "scheme", "pause"];
    let members = call.members(&known)?;
    let fault = match members.required_text("fault")? {
        "by-certificate" => NotificationFault::ByCertificate,
        "lost" => NotificationFault::Lost,
        "acknowledgement-lost" => NotificationFault::AcknowledgementLost,
        "delay" => {
            let pause = members.duration("pause")?.ok_or_else(|| missing("pause"))?;
            NotificationFault::Delay(pause)
        }
        kind if kind.starts_with(SIGNATURE) => signature_fault(kind, &members)?.into(),
        other => {
            let signatures = KINDS.into_iter().filter(|kind| kind.starts_with(SIGNATURE));
            let known: Vec<_> = signatures.chain(NOTIFICATION_KINDS).collect();
            return Err(unknown_value("fault", other, &known));
        }
    };
    let world = call.shared.world();
    world.inject_notification_fault(members.text("event_type")?, fault).map_err(failed)?;
    Ok(ControlResponse::done())
}

/// Forgets the faults that no notification met yet.
pub(super) fn clear_of_notifications(call: &ControlCall) -> ControlResult {
    call.shared.world().clear_notification_faults();
    Ok(ControlResponse::done())
}

fn fault(members: &ControlMembers) -> Result<Fault, ControlError> {
    Ok(match members.required_text("fault")? {
        "html" => Fault::Html {
            status: members.status("status")?.unwrap_or(502),
            signed: members.boolean("signed")?.unwrap_or(false),
        },
        "garbage" => Fault::Garbage { length: size(members, "length")?.unwrap_or(64) },
        "invalid-utf8" => Fault::InvalidUtf8,
        "truncated-body" => Fault::TruncatedBody,
        "drip" => Fault::Drip {
            piece: size(members, "length")?.unwrap_or(1),
            pause: members.duration("pause")?.ok_or_else(|| missing("pause"))?,
        },
        "redirect" => Fault::Redirect { location: members.required_text("location")?.to_owned() },
        "unavailable" => Fault::Unavailable {
            status: members.status("status")?.unwrap_or(503),
            retry_after: members.number("retry_after")?,
        },
        "close-before-reading" => Fault::CloseBeforeReading,
        "close-after-reading" => Fault::CloseAfterReading,
        "reset-before-reading" => Fault::ResetBeforeReading,
        "reset-after-reading" => Fault::ResetAfterReading,
        "delay" => Fault::Delay(members.duration("pause")?.ok_or_else(|| missing("pause"))?),
        other => signature_fault(other, members)?.into(),
    })
}

fn signature_fault(kind: &str, members: &ControlMembers) -> Result<SignatureFault, ControlError> {
    Ok(match kind {
        "signature-probe" => SignatureFault::Probe,
        "signature-other-body" => SignatureFault::OtherBody,
        "signature-without" => SignatureFault::Without(header(members)?),
        "signature-unknown-serial" => SignatureFault::UnknownSerial,
        "signature-other-key" => SignatureFault::OtherKey,
        "signature-clock" => {
            SignatureFault::Clock(members.integer("seconds")?.ok_or_else(|| missing("seconds"))?)
        }
        "signature-nonce-length" => {
            SignatureFault::NonceLength(size(members, "length")?.ok_or_else(|| missing("length"))?)
        }
        "signature-type" => SignatureFault::SignatureType(among(members, "scheme", &SCHEMES)?),
        other => return Err(unknown_value("fault", other, &KINDS)),
    })
}

/// Reads the name of a header.
fn header(members: &ControlMembers) -> Result<SignedHeader, ControlError> {
    let text = members.required_text("header")?;
    let found = HEADERS.iter().find(|header| header.name().eq_ignore_ascii_case(text));
    let names = HEADERS.map(SignedHeader::name);
    found.copied().ok_or_else(|| unknown_value("header", text, &names))
}

/// Reads one of the known texts.
fn among(
    members: &ControlMembers,
    name: &str,
    known: &'static [&'static str],
) -> Result<&'static str, ControlError> {
    let text = members.required_text(name)?;
    let found = known.iter().find(|known| known.eq_ignore_ascii_case(text));
    found.copied().ok_or_else(|| unknown_value(name, text, known))
}

/// Reads a number of bytes.
fn size(members: &ControlMembers, name: &str) -> Result<Option<usize>, ControlError> {
    const MOST: usize = 16 << 20;
    let Some(number) = members.number(name)? else {
        return Ok(None);
    };
    let size = usize::try_from(number).ok().filter(|size| *size <= MOST);
    let problem = || ControlError::invalid(format!("`{name}` must be at most {MOST}"));
    size.map(Some).ok_or_else(problem)
}

pub(super) fn notification_fault(
    members: &ControlMembers,
    kind: &str,
) -> Result<SignatureFault, ControlError> {
    signature_fault(kind, members)
}

fn notification_fault_name(fault: &NotificationFault) -> &'static str {
    match fault {
        NotificationFault::Signature(fault) => signature_fault_name(fault),
        NotificationFault::ByCertificate => "by-certificate",
        NotificationFault::Lost => "lost",
        NotificationFault::AcknowledgementLost => "acknowledgement-lost",
        NotificationFault::Delay(_) => "delay",
    }
}

fn signature_fault_name(fault: &SignatureFault) -> &'static str {
    match fault {
        SignatureFault::Probe => "signature-probe",
        SignatureFault::OtherBody => "signature-other-body",
        SignatureFault::Without(_) => "signature-without",
        SignatureFault::UnknownSerial => "signature-unknown-serial",
        SignatureFault::OtherKey => "signature-other-key",
        SignatureFault::Clock(_) => "signature-clock",
        SignatureFault::NonceLength(_) => "signature-nonce-length",
        SignatureFault::SignatureType(_) => "signature-type",
    }
}

fn name(fault: &Fault) -> String {
    let name = match fault {
        Fault::Unexecuted(inner) => return format!("{}, unexecuted", name(inner)),
        Fault::Signature(fault) => signature_fault_name(fault),
        Fault::Html { .. } => "html",
        Fault::Garbage { .. } => "garbage",
        Fault::InvalidUtf8 => "invalid-utf8",
        Fault::TruncatedBody => "truncated-body",
        Fault::Drip { .. } => "drip",
        Fault::Redirect { .. } => "redirect",
        Fault::Unavailable { .. } => "unavailable",
        Fault::CloseBeforeReading => "close-before-reading",
        Fault::CloseAfterReading => "close-after-reading",
        Fault::ResetBeforeReading => "reset-before-reading",
        Fault::ResetAfterReading => "reset-after-reading",
        Fault::Delay(_) => "delay",
    };
    name.to_owned()
}
