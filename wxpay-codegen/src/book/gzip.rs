use std::io::{self, Write};

use flate2::{Compression, GzBuilder};

/// Compresses with a header that says who wrote it, and without the time and the name that it may
/// carry as well, so that the same content gives the same bytes.
pub(super) fn compress(content: &[u8], comment: String) -> io::Result<Vec<u8>> {
    let header = GzBuilder::new().mtime(0).comment(comment);
    let mut encoder = header.write(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}
