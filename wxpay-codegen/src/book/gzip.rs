use std::io::{self, Write};

use flate2::{Compression, GzBuilder};

/// Compresses without the time and the name that a gzip header may carry, so that the same content
/// gives the same bytes.
pub(super) fn compress(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}
