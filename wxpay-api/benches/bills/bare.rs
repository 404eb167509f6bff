//! The download without the client: reqwest, the same digests, and the bare primitives where the file needs them.

use std::io::Write;

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use flate2::write::MultiGzDecoder;
use tokio::fs::File as Writer;
use tokio::io::AsyncWriteExt;

use crate::Failure;
use crate::arguments::Goal;
use crate::download::Download;
use crate::gcm::{Gcm, TAG};

/// Downloads the file. What is an encrypted bill's digest covers is not documented, so that it takes two.
pub(crate) async fn download(
    client: reqwest::Client,
    download: &Download,
    mut writer: Writer,
) -> Result<(), Failure> {
    let mut response = client.get(download.url()).send().await?.error_for_status()?;
    let mut received = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    let mut plain_text = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    let mut gunzip = download.file.gzip.then(|| MultiGzDecoder::new(Vec::new()));
    let mut decryption = match download.file.is_encrypted() {
        true => Some(Gcm::new()?),
        false => None,
    };
    let mut left = response.content_length().ok_or("the file has no length")?;
    let mut tag = Vec::new();
    let mut buffer = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let mut piece = &chunk[..];
        if let Some(gcm) = &mut decryption {
            received.update(&chunk);
            let text = usize::try_from(left.saturating_sub(TAG as u64))?.min(chunk.len());
            let (text, of_tag) = chunk.split_at(text);
            tag.extend_from_slice(of_tag);
            left -= chunk.len() as u64;
            buffer.clear();
            buffer.extend_from_slice(text);
            gcm.decrypt(&mut buffer)?;
            piece = &buffer;
        }
        let unpacked = match &mut gunzip {
            Some(gunzip) => {
                gunzip.get_mut().clear();
                gunzip.write_all(piece)?;
                gunzip.get_ref()
            }
            None => piece,
        };
        plain_text.update(unpacked);
        if download.goal == Goal::Writing {
            writer.write_all(unpacked).await?;
        }
    }
    if let Some(gunzip) = gunzip {
        let mut gunzip = gunzip;
        gunzip.get_mut().clear();
        let rest = gunzip.finish()?;
        plain_text.update(&rest);
        writer.write_all(&rest).await?;
    }
    writer.flush().await?;
    if decryption.is_some_and(|gcm| gcm.tag()[..] != tag[..]) {
        return Err("the tag is wrong".into());
    }
    let sha1: String =
        plain_text.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    std::hint::black_box(received.finish());
    match sha1 == download.sha1 {
        true => Ok(()),
        false => Err(format!("the digest is {sha1} instead of {}", download.sha1).into()),
    }
}
