//! Downloads into files: no file looks complete before it is.

use std::path::Path;
use std::time::Duration;

use tokio::time::timeout;
use wxpay_api::ErrorKind;
use wxpay_api::protocol::digest::sha1_hex;

use crate::streams::{BILL, gzip, served, stalled};

fn files(folder: impl AsRef<Path>) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[tokio::test]
async fn a_file_appears_only_when_complete() {
    let (_sandbox, wx, link) = served(gzip(BILL.as_bytes())).await;
    let link = link.hash("SHA1", sha1_hex(BILL.as_bytes()));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bill.csv");
    let mut stream = wx.download_url(link.clone()).stream().await.unwrap();
    assert_eq!(stream.save_to(&path).await.unwrap(), BILL.len() as u64);
    assert_eq!(std::fs::read(&path).unwrap(), BILL.as_bytes());

    std::fs::write(&path, "old").unwrap();
    let mut stream = wx.download_url(link.clone().hash("SHA1", "00")).stream().await.unwrap();
    let error = stream.save_to(&path).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Digest { .. }), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    assert_eq!(files(&folder), 1, "no part of it is left");

    let mut stream = wx.download_url(link.clone()).stream().await.unwrap();
    let error = stream.save_to(folder.path().join("no/such/folder")).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Write(_)), "{error}");

    let mut written = Vec::new();
    wx.download_url(link).stream().await.unwrap().copy_to(&mut written).await.unwrap();
    assert_eq!(written, BILL.as_bytes());
}

#[tokio::test]
async fn two_downloads_to_one_path_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bill.csv");
    let (one, two) = (vec![b'1'; 8 << 20], vec![b'2'; 8 << 20]);
    let (_one, wx, link) = served(one.clone()).await;
    let mut first = wx.download_url(link.hash("SHA1", sha1_hex(&one))).stream().await.unwrap();
    let (_two, wx, link) = served(two.clone()).await;
    let mut second = wx.download_url(link.hash("SHA1", sha1_hex(&two))).stream().await.unwrap();
    let (first, second) = tokio::join!(first.save_to(&path), second.save_to(&path));
    assert_eq!((first.unwrap(), second.unwrap()), (8 << 20, 8 << 20));
    let saved = std::fs::read(&path).unwrap();
    assert!(saved == one || saved == two, "a mixture of both");
    assert_eq!(files(&folder), 1);
}

#[tokio::test]
async fn an_abandoned_download_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let (wx, link) = stalled().await;
    let mut stream = wx.download_url(link).unchecked().stream().await.unwrap();
    let saving = stream.save_to(folder.path().join("bill.csv"));
    assert!(timeout(Duration::from_millis(300), saving).await.is_err());
    assert_eq!(files(&folder), 0);
}

#[tokio::test]
async fn a_stream_that_was_partly_read_is_not_saved() {
    let (_sandbox, wx, link) = served(BILL).await;
    let link = link.hash("SHA1", sha1_hex(BILL.as_bytes()));
    let mut stream = wx.download_url(link).stream().await.unwrap();
    stream.chunk().await.unwrap().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let error = stream.save_to(folder.path().join("bill.csv")).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Stopped), "{error}");
    assert_eq!(files(&folder), 0);
}

#[tokio::test]
async fn no_piece_follows_a_failed_write() {
    let (_sandbox, wx, link) = served(BILL).await;
    let link = link.hash("SHA1", sha1_hex(BILL.as_bytes()));
    for give_up in [true, false] {
        let mut stream = wx.download_url(link.clone()).stream().await.unwrap();
        let (mut full, other_end) = tokio::io::duplex(1);
        match give_up {
            true => {
                let copying = stream.copy_to(&mut full);
                assert!(timeout(Duration::from_millis(300), copying).await.is_err());
            }
            false => {
                drop(other_end);
                let error = stream.copy_to(&mut full).await.unwrap_err();
                assert!(matches!(error.kind(), ErrorKind::Write(_)), "{error}");
                assert!(error.to_string().contains("nothing was changed"), "{error}");
            }
        }
        let error = stream.copy_to(&mut Vec::new()).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Stopped), "{error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_is_written_through_a_planted_symbolic_link() {
    let folder = tempfile::tempdir().unwrap();
    let precious = folder.path().join("precious");
    std::fs::write(&precious, "kept").unwrap();
    let path = folder.path().join("bill.csv");
    for laid in ["bill.csv.part", "bill.csv"] {
        std::os::unix::fs::symlink(&precious, folder.path().join(laid)).unwrap();
    }
    let (_sandbox, wx, link) = served(BILL).await;
    let link = link.hash("SHA1", sha1_hex(BILL.as_bytes()));
    wx.download_url(link).stream().await.unwrap().save_to(&path).await.unwrap();
    assert_eq!(std::fs::read(&precious).unwrap(), b"kept");
    assert_eq!(std::fs::read(&path).unwrap(), BILL.as_bytes());
}
