//! Signatures with the APIv2 key (docs/protocol/invocation.md §9.3).

use std::sync::Arc;

use super::error::FrontEndProblem;
use crate::client::percent_encode;
use crate::protocol::ApiV2Key;
use crate::sandbox::keys::AccountState;

/// How the fields are signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ApiV2Digest {
    HmacSha256,
    Md5,
}

/// The fields that are signed, and the signature.
pub(super) struct ApiV2Sign<'a> {
    pub(super) digest: ApiV2Digest,
    pub(super) fields: Vec<(String, String)>,
    /// The member with the signature, and the signature.
    pub(super) signature: (&'a str, &'a str),
}

impl ApiV2Sign<'_> {
    /// Returns the message that must be signed, without the key.
    pub(super) fn message(&self) -> String {
        let mut fields: Vec<_> = self
            .fields
            .iter()
            .filter(|(name, value)| !value.is_empty() && name != "sign")
            .collect();
        fields.sort_unstable();
        let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{}&key=<the APIv2 key>", pairs.join("&"))
    }

    /// Verifies the signature. Tells what was signed instead, if it is a usual mistake.
    pub(super) fn check(
        &self,
        account: &AccountState,
        others: &[Arc<AccountState>],
    ) -> Option<FrontEndProblem> {
        let (member, given) = self.signature;
        let key = ApiV2Key::new(&account.apiv2_key_text).ok()?;
        if self.sign(&key, self.digest, &self.fields) == given {
            return None;
        }
        let issue = self
            .other_key(account, others)
            .or_else(|| self.other_form(&key))
            .or_else(|| self.other_fields(&key))
            .unwrap_or_else(|| {
                format!(
                    "is no signature of these fields with the APIv2 key of {}: sort the fields by name, leave out \
                     empty ones and `sign`, and end with `&key=` and the key",
                    account.id()
                )
            });
        Some(FrontEndProblem::new(member, issue))
    }

    fn sign(&self, key: &ApiV2Key, digest: ApiV2Digest, fields: &[(String, String)]) -> String {
        let fields: Vec<_> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        match digest {
            ApiV2Digest::HmacSha256 => key.hmac_sha256(&fields),
            ApiV2Digest::Md5 => key.md5(&fields),
        }
    }

    fn matches(&self, key: &ApiV2Key, digest: ApiV2Digest, fields: &[(String, String)]) -> bool {
        self.sign(key, digest, fields).eq_ignore_ascii_case(self.signature.1.trim())
    }

    fn other_key(&self, account: &AccountState, others: &[Arc<AccountState>]) -> Option<String> {
        let is_by = |text: &str| {
            ApiV2Key::new(text).is_ok_and(|key| self.matches(&key, self.digest, &self.fields))
        };
        if is_by(&account.apiv3_key_text) {
            return Some("is by the APIv3 key; this signature is by the APIv2 key".to_owned());
        }
        let by_other =
            |other: &&Arc<AccountState>| other.id() != account.id() && is_by(&other.apiv2_key_text);
        let other = others.iter().find(by_other)?;
        Some(format!(
            "is by the APIv2 key of {}, but must be by the one of {}",
            other.id(),
            account.id()
        ))
    }

    /// Finds the right fields in another form.
    fn other_form(&self, key: &ApiV2Key) -> Option<String> {
        let other = match self.digest {
            ApiV2Digest::HmacSha256 => ApiV2Digest::Md5,
            ApiV2Digest::Md5 => ApiV2Digest::HmacSha256,
        };
        let encoded: Vec<_> = self
            .fields
            .iter()
            .map(|(name, value)| (name.clone(), percent_encode(value).to_string()))
            .collect();
        if self.matches(key, self.digest, &self.fields) {
            return Some("must be in upper-case hexadecimal, without white space".to_owned());
        }
        if self.matches(key, other, &self.fields) {
            let name = match self.digest {
                ApiV2Digest::HmacSha256 => "HMAC-SHA256",
                ApiV2Digest::Md5 => "MD5",
            };
            return Some(format!("is by another digest; this one is by {name}"));
        }
        self.matches(key, self.digest, &encoded).then(|| {
            "signs percent-encoded values; sign the raw values, and encode them afterwards"
                .to_owned()
        })
    }

    /// Finds a field that was not signed.
    fn other_fields(&self, key: &ApiV2Key) -> Option<String> {
        let without = |index: usize| {
            let mut fields = self.fields.clone();
            let (name, _) = fields.remove(index);
            self.matches(key, self.digest, &fields).then_some(name)
        };
        let name = (0..self.fields.len()).find_map(without)?;
        Some(format!("does not sign the field `{name}`"))
    }
}
