//! The links that were given out, and what is behind them.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::StatusCode;

use super::digest::{BillDigest, sha1_hex};
use super::file::{BillFile, Part};
use super::pieces::{self, Pieces};
use super::rows::Kind;
use super::seal::Seal;
use crate::protocol::BillDecryptionError;
use crate::sandbox::refusal::Refusal;

/// Where the links of bills lead to.
pub(super) const PATHS: [&str; 3] =
    ["/v3/billdownload/file", "/v3/bill/downloadurl", "/v3/payscore/bill/downloadurl"];

/// As the newest pages say (docs/protocol/downloads.md §7.1).
const LIFETIME: Duration = Duration::from_secs(300);

/// Whether links of bills lead to this path.
pub(in crate::sandbox) fn is_link(path: &str) -> bool {
    PATHS.contains(&path)
}

/// The bill that links lead to, and the links given out.
#[derive(Default)]
pub(in crate::sandbox) struct Bills {
    pub(super) file: BillFile,
    links: BTreeMap<String, Link>,
}

#[derive(Clone)]
pub(super) struct Link {
    pub(super) part: Part,
    pub(super) gzip: bool,
    pub(super) seal: Option<Seal>,
    /// The merchant or brand that it was given to.
    pub(super) owner: String,
    pub(super) given: Instant,
}

impl Bills {
    pub(in crate::sandbox) fn set(&mut self, file: BillFile) {
        self.file = file;
    }

    pub(super) fn give(&mut self, token: String, link: Link) {
        self.links.insert(token, link);
    }

    /// No link given so far leads anywhere any more.
    pub(in crate::sandbox) fn expire_links(&mut self) {
        self.links.clear();
    }

    /// The whole plain text, which other files of text hold too.
    pub(in crate::sandbox) fn text(&self) -> Bytes {
        let (date, mchid) = (String::new(), String::new());
        let bill = self.file.clone();
        let part = Part { bill, index: 0, of: 1, kind: Kind::Trade, date, mchid };
        part.pieces().collect::<Vec<_>>().concat().into()
    }

    /// The media type and the file behind a link, compressed if the URL says so.
    pub(in crate::sandbox) fn find(
        &self,
        token: &str,
        gzip: bool,
        asker: &str,
    ) -> Result<(&'static str, Pieces), Refusal> {
        let link = self.links.get(token).filter(|link| link.given.elapsed() < LIFETIME);
        let link = link.ok_or_else(dead_link)?;
        if link.owner != asker {
            return Err(foreign_link());
        }
        let link = Link { gzip: gzip || link.gzip, ..link.clone() };
        let pieces = link.sent().map_err(|error| Refusal::system(error.to_string()))?;
        Ok((link.media_type(), pieces))
    }
}

impl Link {
    pub(super) fn digest(&self) -> Result<String, BillDecryptionError> {
        Ok(match self.part.bill.digest {
            BillDigest::PlainText => sha1_hex(self.part.pieces()),
            BillDigest::Sent => sha1_hex(self.sent()?),
            BillDigest::Wrong => "0".repeat(40),
        })
    }

    /// Compressed, then encrypted.
    pub(super) fn sent(&self) -> Result<Pieces, BillDecryptionError> {
        let plain = self.part.pieces();
        let file = if self.gzip { pieces::gzip(plain) } else { plain };
        match &self.seal {
            Some(seal) => seal.encrypt(file),
            None => Ok(file),
        }
    }

    fn media_type(&self) -> &'static str {
        match (&self.seal, self.gzip) {
            (Some(_), _) => "application/octet-stream",
            (None, true) => "application/x-gzip",
            (None, false) => "text/plain",
        }
    }
}

fn dead_link() -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        "INVALID_REQUEST",
        "the link has expired, or is not one that this sandbox gave; ask for the bill first",
    )
}

fn foreign_link() -> Refusal {
    let message = "the link was given to another merchant";
    Refusal::new(StatusCode::FORBIDDEN, "NO_AUTH", message)
}
