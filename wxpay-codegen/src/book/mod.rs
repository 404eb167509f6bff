//! The sandbox's books: what it knows of each family, as compressed JSON.
//!
//! A book says what the descriptors say, in wire names, so that it comes from them directly and not
//! from the intermediate representation.

mod gather;
mod schema;

use std::collections::BTreeSet;
use std::io::{self, Write};

use flate2::{Compression, GzBuilder};
use schema::Book;
use wxpay_spec::model::{CORE, Spec};

use crate::ir::Source;
use crate::print;

/// The families that have a book: those with operations or notifications, and always the core.
pub(crate) fn families(spec: &Spec) -> Vec<String> {
    let of_endpoints = spec.endpoints.values().map(|endpoint| endpoint.family.as_str());
    let of_notifications = spec.notifications.values().map(|entry| entry.family.as_str());
    let families: BTreeSet<_> = of_endpoints.chain(of_notifications).chain([CORE]).collect();
    families.into_iter().map(str::to_owned).collect()
}

/// Where a family's book lies.
pub(crate) fn path(family: &str) -> String {
    format!("sandbox/{family}.json.gz")
}

/// The books, by path.
pub(crate) fn books<'a>(
    spec: &'a Spec,
    families: &'a [String],
) -> impl Iterator<Item = (String, Vec<u8>)> + 'a {
    families.iter().map(|family| {
        let book = gather::book(spec, |other| other == family);
        (path(family), compressed(&book, print::library_mark(&Source::Several)))
    })
}

/// One book of everything, for a crate of somebody else's.
pub(crate) fn whole(spec: &Spec) -> Vec<u8> {
    compressed(&gather::book(spec, |_| true), print::SINGLE_MARK.to_owned())
}

fn compressed(book: &Book<'_>, mark: String) -> Vec<u8> {
    // Neither a map with text keys nor a `Vec` that is written to has a way to fail.
    let json = serde_json::to_vec(book).unwrap_or_default();
    compress(&json, mark).unwrap_or_default()
}

/// Compresses with a header that says who wrote it, and without the time and the name that it may
/// carry as well, so that the same content gives the same bytes.
fn compress(content: &[u8], comment: String) -> io::Result<Vec<u8>> {
    let header = GzBuilder::new().mtime(0).comment(comment);
    let mut encoder = header.write(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}
