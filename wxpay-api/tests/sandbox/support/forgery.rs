//! Requests in which everything can be wrong.

use std::time::{SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wxpay_api::Merchant;
use wxpay_api::protocol::Nonce;
use wxpay_api::sandbox::Sandbox;

/// A request of which a test can falsify every part. Without changes it is right.
pub(crate) struct Forgery {
    method: String,
    target: String,
    body: Vec<u8>,
    signed: (String, String, Vec<u8>),
    clock: i64,
    signer: Option<Merchant>,
    headers: Vec<(String, String)>,
    rewrite: Vec<(String, String)>,
}

/// The response.
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Forgery {
    pub(crate) fn get(target: &str) -> Self {
        Self::new("GET", target, Vec::new())
    }

    pub(crate) fn post(target: &str, body: &Value) -> Self {
        Self::post_bytes(target, body.to_string().into_bytes())
    }

    pub(crate) fn post_bytes(target: &str, body: Vec<u8>) -> Self {
        Self::new("POST", target, body).header("Content-Type", "application/json")
    }

    pub(crate) fn new(method: &str, target: &str, body: Vec<u8>) -> Self {
        Self {
            signed: (method.to_owned(), target.to_owned(), body.clone()),
            method: method.to_owned(),
            target: target.to_owned(),
            body,
            clock: 0,
            signer: None,
            headers: vec![
                ("Accept".to_owned(), "application/json".to_owned()),
                ("User-Agent".to_owned(), "forgery".to_owned()),
            ],
            rewrite: Vec::new(),
        }
    }

    /// Signs another method than the one that is sent.
    pub(crate) fn signing_method(mut self, method: &str) -> Self {
        self.signed.0 = method.to_owned();
        self
    }

    pub(crate) fn signing_target(mut self, target: &str) -> Self {
        self.signed.1 = target.to_owned();
        self
    }

    pub(crate) fn signing_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.signed.2 = body.into();
        self
    }

    pub(crate) fn clock(self, seconds: i64) -> Self {
        Self { clock: seconds, ..self }
    }

    pub(crate) fn signer(self, merchant: &Merchant) -> Self {
        Self { signer: Some(merchant.clone()), ..self }
    }

    /// Sets a header, and replaces any other of that name.
    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        let mut changed = self.without(name);
        changed.headers.push((name.to_owned(), value.to_owned()));
        changed
    }

    /// Leaves out a header, also the one of the signature or of the key.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(held, _)| !held.eq_ignore_ascii_case(name));
        self.rewrite.push((format!("without {}", name.to_ascii_lowercase()), String::new()));
        self
    }

    /// Changes the text of the `Authorization` header after signing.
    pub(crate) fn rewrite(mut self, from: &str, to: &str) -> Self {
        self.rewrite.push((from.to_owned(), to.to_owned()));
        self
    }

    pub(crate) async fn send(self, sandbox: &Sandbox) -> Got {
        Got::parse(&self.raw(sandbox).await)
    }

    /// Returns the bytes of the response.
    pub(crate) async fn raw(self, sandbox: &Sandbox) -> Vec<u8> {
        let mut stream = self.connect(sandbox).await;
        let mut response = Vec::new();
        stream.read_to_end(&mut response).await.unwrap();
        response
    }

    /// Counts the bytes of the response without keeping them.
    pub(crate) async fn count(self, sandbox: &Sandbox) -> u64 {
        let mut stream = self.connect(sandbox).await;
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.unwrap()
    }

    async fn connect(&self, sandbox: &Sandbox) -> TcpStream {
        let address = sandbox.url().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&self.bytes(sandbox)).await.unwrap();
        stream
    }

    fn bytes(&self, sandbox: &Sandbox) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        let mut headers = self.headers.clone();
        self.add(&mut headers, "Host", "sandbox".to_owned());
        self.add(&mut headers, "Wechatpay-Serial", sandbox.wechatpay_public_key().0);
        self.add(&mut headers, "Authorization", self.authorization(sandbox));
        headers.push(("Content-Length".to_owned(), self.body.len().to_string()));
        headers.push(("Connection".to_owned(), "close".to_owned()));
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        [head.as_bytes(), b"\r\n", &self.body].concat()
    }

    /// Adds a header, unless a test set it or left it out.
    fn add(&self, headers: &mut Vec<(String, String)>, name: &str, value: String) {
        let left_out = format!("without {}", name.to_ascii_lowercase());
        if !self.rewrite.iter().any(|(from, _)| *from == left_out) {
            headers.push((name.to_owned(), value));
        }
    }

    fn authorization(&self, sandbox: &Sandbox) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let timestamp = now.saturating_add_signed(self.clock);
        let (method, target, body) = &self.signed;
        let nonce = Nonce::random().unwrap();
        let signer = self.signer.as_ref().unwrap_or(sandbox.merchant());
        let header =
            signer.authorization(method, target, timestamp, nonce, body).unwrap().to_header();
        self.rewrite.iter().fold(header, |header, (from, to)| header.replace(from, to))
    }
}

impl Got {
    fn parse(response: &[u8]) -> Self {
        let end = response.windows(4).position(|window| window == b"\r\n\r\n").expect("a response");
        let head = std::str::from_utf8(&response[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(": ").unwrap_or((line.trim_end_matches(':'), ""));
            (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
        });
        let headers: HeaderMap = headers.collect();
        let body = match headers.get("Transfer-Encoding") {
            Some(_) => unchunked(&response[end + 4..]),
            None => response[end + 4..].to_vec(),
        };
        Self { status, headers, body }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Decodes the received part of a chunked body.
fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let length = std::str::from_utf8(&rest[..end]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        rest = &rest[end + 2..];
        body.extend_from_slice(&rest[..length.min(rest.len())]);
        rest = rest.get(length + 2..).unwrap_or_default();
    }
    body
}
