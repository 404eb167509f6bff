//! HTTP/1.1 messages as bytes: as much of them as the proxy changes.

use std::time::Instant;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The longest head and body of the soak.
const LONGEST: usize = 1 << 20;

/// A response of the sandbox.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    /// The body without chunks.
    pub(crate) body: Bytes,
    /// Whether the whole body came.
    pub(crate) is_whole: bool,
    pub(crate) at: Instant,
}

impl Message {
    /// Reads the bytes of a response up to the end of its connection; `None` if there is no whole head.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let end = head_end(bytes)?;
        let (head, rest) = bytes.split_at(end);
        let head = String::from_utf8_lossy(head);
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut message =
            Self { status, headers, body: Bytes::new(), is_whole: false, at: Instant::now() };
        if message.header("transfer-encoding").is_some() {
            (message.body, message.is_whole) = without_chunks(rest);
        } else {
            let length =
                message.header("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
            message.is_whole = rest.len() >= length;
            message.body = Bytes::copy_from_slice(rest);
        }
        Some(message)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(held, _)| held == name)?;
        Some(value)
    }

    /// Takes a header from another message.
    pub(crate) fn take(&mut self, name: &str, other: &Self) {
        self.headers.retain(|(held, _)| held != name);
        if let Some(value) = other.header(name) {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
    }

    /// Writes the response, announced as long as its body should be.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} X\r\n", self.status);
        for (name, value) in &self.headers {
            if !matches!(name.as_str(), "connection" | "transfer-encoding" | "content-length") {
                head += &format!("{name}: {value}\r\n");
            }
        }
        // A body that was cut stays cut.
        let length = self.body.len() + usize::from(!self.is_whole);
        if self.status != 204 {
            head += &format!("content-length: {length}\r\n");
        }
        let mut bytes = format!("{head}\r\n").into_bytes();
        if self.status != 204 {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}

/// A request of the client, as it came.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) bytes: Bytes,
    /// The call, by the header of the soak.
    pub(crate) call: Option<String>,
}

/// Reads the next request of a connection; `None` at its end.
pub(crate) async fn read_request(
    stream: &mut TcpStream,
    buffer: &mut BytesMut,
    header: &str,
) -> std::io::Result<Option<Request>> {
    loop {
        if let Some(end) = head_end(buffer) {
            let head = String::from_utf8_lossy(buffer.get(..end).unwrap_or_default()).into_owned();
            let value = |name: &str| {
                let mut fields = head.lines().filter_map(|line| line.split_once(": "));
                fields
                    .find(|(held, _)| held.eq_ignore_ascii_case(name))
                    .map(|(_, value)| value.to_owned())
            };
            let length: usize = value("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
            if buffer.len() >= end + length {
                let bytes = buffer.split_to(end + length).freeze();
                return Ok(Some(Request { bytes, call: value(header) }));
            }
        }
        if buffer.len() > LONGEST || stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

/// Returns the request with another byte in its body, if it has one.
pub(crate) fn spoiled(request: &[u8]) -> Vec<u8> {
    let mut spoiled = request.to_vec();
    let start = head_end(request).unwrap_or(request.len());
    if let Some(byte) = spoiled.get_mut(start..).and_then(|body| body.last_mut()) {
        *byte ^= 1;
    }
    spoiled
}

/// Sends a request on its own connection, and returns all bytes of the response.
pub(crate) async fn exchange(upstream: &str, request: &[u8]) -> Vec<u8> {
    let mut received = Vec::new();
    // A broken connection is a fault of the soak: what came before it counts.
    let _ = try_exchange(upstream, request, &mut received).await;
    received
}

async fn try_exchange(
    upstream: &str,
    request: &[u8],
    received: &mut Vec<u8>,
) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(upstream).await?;
    stream.set_nodelay(true)?;
    let line_end = request.windows(2).position(|two| two == b"\r\n").map_or(0, |at| at + 2);
    let (line, rest) = request.split_at(line_end);
    stream.write_all(&[line, b"connection: close\r\n", rest].concat()).await?;
    stream.read_to_end(received).await.map(drop)
}

/// Returns the position after the empty line.
fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}

/// Joins the chunks of a body. Returns whether the last one came.
fn without_chunks(mut rest: &[u8]) -> (Bytes, bool) {
    let mut body = BytesMut::new();
    loop {
        let Some(line_end) = rest.windows(2).position(|two| two == b"\r\n") else {
            return (body.freeze(), false);
        };
        let (line, after) = rest.split_at(line_end);
        let size = usize::from_str_radix(String::from_utf8_lossy(line).trim(), 16).unwrap_or(0);
        let after = after.get(2..).unwrap_or_default();
        if size == 0 {
            return (body.freeze(), true);
        }
        let Some(chunk) = after.get(..size) else {
            body.extend_from_slice(after);
            return (body.freeze(), false);
        };
        body.extend_from_slice(chunk);
        rest = after.get(size + 2..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::{Message, spoiled};

    #[test]
    fn a_response_is_read_and_written() {
        let bytes = b"HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        let message = Message::parse(bytes).unwrap();
        assert_eq!((message.status, message.header("a"), message.is_whole), (200, Some("b"), true));
        assert_eq!(message.to_bytes(), b"HTTP/1.1 200 X\r\na: b\r\ncontent-length: 2\r\n\r\n{}");
    }

    #[test]
    fn a_cut_response_stays_cut() {
        let message = Message::parse(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}").unwrap();
        assert!(!message.is_whole && message.to_bytes().ends_with(b"content-length: 3\r\n\r\n{}"));
    }

    #[test]
    fn only_a_body_is_spoiled() {
        let head = b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n";
        assert_eq!(spoiled(head), head);
        assert_eq!(spoiled(&[&head[..], b"{}"].concat()), [&head[..], b"{|"].concat());
    }

    #[test]
    fn chunks_are_joined() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let whole = format!("{head}2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
        let message = Message::parse(whole.as_bytes()).unwrap();
        assert_eq!((&message.body[..], message.is_whole), (&b"abc"[..], true));
        let cut = Message::parse(format!("{head}5\r\nab").as_bytes()).unwrap();
        assert_eq!((&cut.body[..], cut.is_whole), (&b"ab"[..], false));
    }
}
