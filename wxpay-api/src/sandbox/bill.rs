//! Bills: links in answers, and the files behind them (PROTOCOL §7).

use std::collections::BTreeMap;
use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::protocol::Nonce;
use crate::protocol::digest::sha1_hex;

/// Where the links of bills lead to.
pub(super) const PATH: &str = "/v3/billdownload/file";

/// A bill as WeChat Pay writes it: a byte-order mark, a back-tick before each cell, a summary.
const SAMPLE: &str = "\u{feff}交易时间,商户号,微信订单号,商户订单号,交易状态,应结订单金额\r\n\
    `2025-01-01 12:00:00,`1230000109,`1217752501201407033233368018,`1217752501201407033233368018,\
    `SUCCESS,`0.01\r\n总交易单数,应结订单总金额\r\n`1,`0.01\r\n";

/// The bill that links lead to, and the links given out.
#[derive(Clone, Debug)]
pub(super) struct Bills {
    content: Bytes,
    links: BTreeMap<String, Link>,
}

#[derive(Clone, Debug)]
struct Link {
    content: Bytes,
    gzip: bool,
}

impl Default for Bills {
    fn default() -> Self {
        Self { content: Bytes::from_static(SAMPLE.as_bytes()), links: BTreeMap::new() }
    }
}

impl Bills {
    pub(super) fn set(&mut self, content: Bytes) {
        self.content = content;
    }

    pub(super) fn content(&self) -> &Bytes {
        &self.content
    }

    /// Makes every link to a bill in an answer one of this sandbox, and announces the digest of
    /// what is behind it.
    pub(super) fn link(&mut self, answer: &mut Value, base: &str, gzip: bool) {
        match answer {
            Value::Array(list) => list.iter_mut().for_each(|item| self.link(item, base, gzip)),
            Value::Object(object) => {
                let leads_to_bill =
                    |url: &Value| url.as_str().is_some_and(|url| url.contains(PATH));
                if object.get("download_url").is_some_and(leads_to_bill) {
                    object.insert("download_url".to_owned(), self.give(base, gzip).into());
                    if let Some(digest) = object.get_mut("hash_value") {
                        *digest = sha1_hex(&self.content).into();
                    }
                }
                object.values_mut().for_each(|value| self.link(value, base, gzip));
            }
            _ => {}
        }
    }

    fn give(&mut self, base: &str, gzip: bool) -> String {
        // Without randomness two links would be the same, and so are their files.
        let token = Nonce::random().map(|nonce| nonce.as_str().to_owned()).unwrap_or_default();
        let url = format!("{base}{PATH}?token={token}");
        self.links.insert(token, Link { content: self.content.clone(), gzip });
        if gzip { url + "&tartype=gzip" } else { url }
    }

    /// The file behind a link and its media type.
    pub(super) fn take(&self, token: &str, gzip: bool) -> Option<(&'static str, Bytes)> {
        let link = self.links.get(token)?;
        if link.gzip || gzip {
            return Some(("application/x-gzip", compress(&link.content)));
        }
        Some(("text/plain", link.content.clone()))
    }
}

pub(super) fn compress(content: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let _ = encoder.write_all(content);
    encoder.finish().unwrap_or_default().into()
}
