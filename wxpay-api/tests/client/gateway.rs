//! A gateway between client and sandbox that lets requests through and replaces the responses.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One HTTP/1.1 message: its head up to the empty line, and its body.
pub(crate) struct Message {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// The values of the headers with this name, in any case.
    pub(crate) fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.head.lines().skip(1).filter_map(move |line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Self> {
        let mut bytes = Vec::new();
        let mut chunk = [0; 8 << 10];
        let end = loop {
            if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            match stream.read(&mut chunk).await.ok()? {
                0 => return None,
                length => bytes.extend_from_slice(&chunk[..length]),
            }
        };
        let mut body = bytes.split_off(end);
        let head = String::from_utf8(bytes).ok()?;
        let mut message = Self { head, body: Vec::new() };
        let length =
            message.headers("content-length").next().map_or(0, |text| text.parse().unwrap());
        while body.len() < length {
            match stream.read(&mut chunk).await.ok()? {
                0 => return None,
                length => body.extend_from_slice(&chunk[..length]),
            }
        }
        message.body = body;
        Some(message)
    }

    pub(crate) async fn write(&self, stream: &mut (impl AsyncWrite + Unpin)) -> Option<()> {
        stream.write_all(self.head.as_bytes()).await.ok()?;
        stream.write_all(&self.body).await.ok()
    }
}

/// Starts a gateway before `upstream`, and returns its URL. `replace` makes each response from the
/// upstream's response and the number of the request.
pub(crate) async fn start(
    upstream: &str,
    replace: impl Fn(usize, Message) -> Message + Send + Sync + 'static,
) -> String {
    let upstream = upstream.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let replace = Arc::new(replace);
    let count = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (upstream, replace, count) = (upstream.clone(), replace.clone(), count.clone());
            tokio::spawn(async move { connection(client, &upstream, &*replace, &count).await });
        }
    });
    url
}

async fn connection(
    mut client: TcpStream,
    upstream: &str,
    replace: &(impl Fn(usize, Message) -> Message + Sync),
    count: &AtomicUsize,
) -> Option<()> {
    let mut server = TcpStream::connect(upstream).await.ok()?;
    loop {
        let request = Message::read(&mut client).await?;
        request.write(&mut server).await?;
        let response = Message::read(&mut server).await?;
        let number = count.fetch_add(1, Ordering::SeqCst);
        replace(number, response).write(&mut client).await?;
    }
}

/// A response with this status, these headers and this body.
pub(crate) fn page(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Message {
    let body = body.into();
    let mut head = format!("HTTP/1.1 {status} Page\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    Message { head, body }
}
