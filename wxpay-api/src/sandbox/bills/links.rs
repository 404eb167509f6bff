//! Links to bills that the sandbox issued, and their files.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::StatusCode;

use super::pieces::{self, FileKey, Pieces};
use super::sample_rows::SampleBillKind;
use super::{BillDigest, BillFile, BillPart, sha1_hex};
use crate::protocol::BillDecryptionError;
use crate::sandbox::refusal::Refusal;

/// The paths of links to bills.
pub(in crate::sandbox) const PATHS: [&str; 3] =
    ["/v3/billdownload/file", "/v3/bill/downloadurl", "/v3/payscore/bill/downloadurl"];

/// How long a link is valid (docs/protocol/downloads.md §7.1).
const LIFETIME: Duration = Duration::from_secs(300);

/// Returns whether links to bills have this path.
pub(in crate::sandbox) fn is_link(path: &str) -> bool {
    PATHS.contains(&path)
}

/// The bill that a test set, and the links issued.
#[derive(Default)]
pub(in crate::sandbox) struct Bills {
    /// `None` as long as bills hold what happened.
    pub(in crate::sandbox) file: Option<BillFile>,
    links: BTreeMap<String, BillLink>,
}

#[derive(Clone)]
pub(in crate::sandbox) struct BillLink {
    pub(in crate::sandbox) part: BillPart,
    pub(in crate::sandbox) gzip: bool,
    /// `None` for a bill that is not encrypted.
    pub(in crate::sandbox) key: Option<FileKey>,
    /// The merchant number or brand id of the account that got the link.
    pub(in crate::sandbox) owner: String,
    pub(in crate::sandbox) given: Instant,
}

impl Bills {
    pub(in crate::sandbox) fn set(&mut self, file: BillFile) {
        self.file = Some(file);
    }

    /// Adds a link, and forgets those that have expired.
    pub(in crate::sandbox) fn give(&mut self, token: String, link: BillLink) {
        self.links.retain(|_, link| link.given.elapsed() < LIFETIME);
        self.links.insert(token, link);
    }

    /// Returns a text, or an earlier link's copy of it: many links to a long bill hold it once.
    pub(in crate::sandbox) fn shared(&self, text: Bytes) -> Bytes {
        let held = self.links.values().filter_map(|link| link.part.bill.given());
        held.into_iter().find(|held| **held == text).cloned().unwrap_or(text)
    }

    /// Invalidates all links issued so far.
    pub(in crate::sandbox) fn expire_links(&mut self) {
        self.links.clear();
    }

    /// Returns the whole plain text. Other downloads of text files have the same content.
    pub(in crate::sandbox) fn text(&self) -> Bytes {
        let (date, mchid) = (String::new(), String::new());
        let bill = self.file.clone().unwrap_or_default();
        let part = BillPart { bill, index: 0, of: 1, kind: SampleBillKind::Trade, date, mchid };
        part.pieces().collect::<Vec<_>>().concat().into()
    }

    /// Returns the media type and the file behind a link, compressed if the URL asks for it.
    pub(in crate::sandbox) fn find(
        &self,
        token: &str,
        gzip: bool,
        account_id: &str,
    ) -> Result<(&'static str, Pieces), Refusal> {
        let link = self.links.get(token).filter(|link| link.given.elapsed() < LIFETIME);
        let link = link.ok_or_else(expired_link)?;
        if link.owner != account_id {
            return Err(foreign_link());
        }
        let link = BillLink { gzip: gzip || link.gzip, ..link.clone() };
        let pieces = link.sent().map_err(|error| Refusal::system(error.to_string()))?;
        Ok((link.media_type(), pieces))
    }
}

impl BillLink {
    /// Returns the digest that the response announces.
    pub(in crate::sandbox) fn digest(&self) -> Result<String, BillDecryptionError> {
        Ok(match self.part.bill.digest {
            BillDigest::PlainText => sha1_hex(self.part.pieces()),
            BillDigest::Sent => sha1_hex(self.sent()?),
            BillDigest::Wrong => "0".repeat(40),
        })
    }

    /// Produces the file as it is sent: compressed, then encrypted.
    pub(in crate::sandbox) fn sent(&self) -> Result<Pieces, BillDecryptionError> {
        let plain = self.part.pieces();
        let file = if self.gzip { pieces::gzip(plain) } else { plain };
        match &self.key {
            Some(key) => key.encrypt(file),
            None => Ok(file),
        }
    }

    fn media_type(&self) -> &'static str {
        match (&self.key, self.gzip) {
            (Some(_), _) => "application/octet-stream",
            (None, true) => "application/x-gzip",
            (None, false) => "text/plain",
        }
    }
}

fn expired_link() -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        "INVALID_REQUEST",
        "the link has expired or is unknown to this sandbox; request the bill again",
    )
}

fn foreign_link() -> Refusal {
    let message = "the link was issued to another merchant";
    Refusal::new(StatusCode::FORBIDDEN, "NO_AUTH", message)
}
