//! No input crashes the sandbox.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wxpay_api::Retries;
use wxpay_api::sandbox::{PlannedResponse, Sandbox};

use crate::support::{Forgery, start};

/// Bytes that are the same in every run.
struct Bytes(u64);

impl Bytes {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Up to 200 bytes, made of pieces that a parser knows and of random ones.
    fn text(&mut self, pieces: &[&[u8]]) -> Vec<u8> {
        let mut text = Vec::new();
        for _ in 0..self.next() % 40 {
            match self.next() % 3 {
                0 => text.push(self.next() as u8),
                _ => text.extend_from_slice(pieces[self.next() as usize % pieces.len()]),
            }
        }
        text
    }
}

async fn assert_alive(sandbox: &Sandbox) {
    assert_eq!(Forgery::get("/v3/orders/latest").send(sandbox).await.status, 200);
}

#[tokio::test]
async fn bytes_that_are_not_http() {
    let sandbox = start().await;
    let pieces: [&[u8]; 6] = [b"GET ", b" HTTP/1.1", b"\r\n", b"Content-Length: 9", b"/v3/", b":"];
    let mut bytes = Bytes(7);
    for _ in 0..100 {
        let address = sandbox.url().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.unwrap();
        // The other side may close at any time.
        let _ = stream.write_all(&bytes.text(&pieces)).await;
        let _ = stream.shutdown().await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
    assert_alive(&sandbox).await;
}

#[tokio::test]
async fn bodies_that_are_not_json() {
    let sandbox = start().await;
    let pieces: [&[u8]; 9] =
        [b"{", b"}", b"[", b"]", b"\"appid\"", b":", b",", b"\"\\ud800\"", b"1e999"];
    let mut bytes = Bytes(11);
    for _ in 0..100 {
        let body = bytes.text(&pieces);
        let got = Forgery::post_bytes("/v3/orders", body).send(&sandbox).await;
        assert_eq!(got.status, 400);
    }
    let deep = "[".repeat(100_000);
    let got = Forgery::post_bytes("/v3/orders", deep.into()).send(&sandbox).await;
    assert_eq!(got.status, 400);
}

#[tokio::test]
async fn forms_that_are_invalid() {
    let sandbox = start().await;
    let pieces: [&[u8]; 8] = [
        b"--b\r\n",
        b"\r\n--b",
        b"--",
        b"\r\n\r\n",
        b"Content-Disposition: form-data; ",
        b"name=\"meta\"",
        b"name=\"picture\"; filename=\"",
        b"{}",
    ];
    let mut bytes = Bytes(13);
    for _ in 0..200 {
        let body = [b"--b\r\n", &bytes.text(&pieces)[..]].concat();
        let request = Forgery::new("POST", "/v3/media/upload", body);
        let request = request.header("Content-Type", "multipart/form-data; boundary=b");
        let got = request.signing_body("{}").send(&sandbox).await;
        assert!([400, 401].contains(&got.status), "{}", got.text());
    }
}

#[tokio::test]
async fn queries_of_all_kinds() {
    let sandbox = start().await;
    let pieces: [&[u8]; 9] =
        [b"limit", b"=", b"&", b"%", b"%e4%b8", b"partner", b"%7B", b"+", b"tags"];
    let mut bytes = Bytes(17);
    for _ in 0..100 {
        let mut query = bytes.text(&pieces);
        query.retain(u8::is_ascii_graphic);
        query.retain(|byte| !b"#<>\"`".contains(byte));
        let target = format!("/v3/orders/1?{}", String::from_utf8(query).unwrap());
        let got = Forgery::get(&target).send(&sandbox).await;
        assert!([200, 400].contains(&got.status), "{target}: {}", got.text());
    }
}

#[tokio::test]
async fn statuses_that_fit_no_response() {
    let sandbox = start().await;
    for status in [100, 101, 199, 204, 304, 999] {
        let response = PlannedResponse::json(json!({ "which": "1" })).status(status);
        sandbox.respond("GET", "/v3/orders/latest", response).unwrap();
        let client = sandbox.client_builder().retries(Retries::none()).build().unwrap();
        let _ = client.get("/v3/orders/latest").await;
        assert_alive(&sandbox).await;
    }
}
