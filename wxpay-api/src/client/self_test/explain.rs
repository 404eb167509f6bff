//! What an error means for whoever has to put it right.

use std::time::SystemTime;

use super::clock::{REFUSED_SKEW, skew};
use crate::client::core::Core;
use crate::client::{ApiError, Error, ErrorKind};
use crate::protocol::VerificationError;

/// What is wrong, and what to do.
pub(super) fn explain(error: &Error, core: &Core) -> String {
    match error.kind() {
        ErrorKind::Connect(cause) => format!(
            "WeChat Pay cannot be reached ({cause}): check the network, the firewall (allow WeChat Pay's hosts by \
             name, their addresses change) and HTTPS_PROXY"
        ),
        ErrorKind::Api(refusal) => refused(refusal, error, core),
        ErrorKind::Verification(why) => unverified(why),
        ErrorKind::Certificates(why) => why.to_string(),
        _ => error.to_string(),
    }
}

fn refused(refusal: &ApiError, error: &Error, core: &Core) -> String {
    let merchant = core.merchant();
    let (id_name, id, serial) = (merchant.scheme().id_name(), merchant.id(), merchant.serial());
    let mut text = match (refusal.status, refusal.code.as_str()) {
        (401, _) => format!(
            "WeChat Pay does not accept the signature: {id_name} {id} and the certificate {serial} must belong \
             together, be in force on the merchant platform, and the private key must be that certificate's"
        ),
        (403, _) => format!("{id_name} {id} is known, but may not call this"),
        (_, "SYSTEM_ERROR") => format!(
            "WeChat Pay says that it is busy; where that stays so, {id_name} {id} and the certificate {serial} may not \
             belong together"
        ),
        (_, "PARAM_ERROR") => {
            "WeChat Pay does not open what was encrypted for it: is the WeChat Pay public key the \
             one that its id names, and is it this merchant's?"
                .to_owned()
        }
        _ => "WeChat Pay refuses the request".to_owned(),
    };
    if let Some(seconds) = error
        .received()
        .and_then(|received| skew(&received.headers, SystemTime::now()))
        .filter(|seconds| seconds.unsigned_abs() >= REFUSED_SKEW)
    {
        text += &format!(
            "; first of all set this machine's clock, it is {} s off",
            seconds.unsigned_abs()
        );
    }
    format!("{text} ({refusal})")
}

fn unverified(why: &VerificationError) -> String {
    match why {
        VerificationError::UnknownKey { download: Some(failure), .. } => {
            format!("{why}: {failure}")
        }
        VerificationError::Signature { key_id } => format!(
            "the answer names the key {key_id}, and the key configured under that id did not sign it: the id and the \
             file do not belong together, or a proxy changes answers"
        ),
        VerificationError::MissingHeader { name } => format!(
            "the answer has no {name}: a proxy in between strips headers, or answers in WeChat Pay's place"
        ),
        other => other.to_string(),
    }
}
