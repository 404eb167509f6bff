//! Requests that were signed before, sent with as little as HTTP needs.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use wxpay_api::protocol::Nonce;
use wxpay_api::sandbox::Sandbox;

use crate::Failure;

const TARGET: &str = "/v3/pay/transactions/jsapi";

/// Requests as they go over the wire.
pub(crate) struct Prepared {
    host: String,
    requests: Vec<Vec<u8>>,
}

impl Prepared {
    /// Signs so many prepay calls, each of another order.
    pub(crate) fn sign(sandbox: &Sandbox, count: usize) -> Result<Self, Failure> {
        let merchant = sandbox.merchant();
        let mut requests = Vec::with_capacity(count);
        for index in 0..count {
            let order = json!({
                "appid": "wxd678efh567hg6787",
                "mchid": merchant.id(),
                "description": "QQ公仔",
                "out_trade_no": format!("order-{index}"),
                "notify_url": "https://shop.example/notify",
                "amount": { "total": 888 },
                "payer": { "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
            });
            requests.push(sign(sandbox, "POST", TARGET, &order.to_string())?);
        }
        Ok(Self { host: host(sandbox).to_owned(), requests })
    }

    /// Sends all of them over so many connections, each request after the response to the one before.
    pub(crate) async fn send(self, connections: usize) -> Result<(), Failure> {
        let mut shares = vec![Vec::new(); connections];
        for (index, request) in self.requests.into_iter().enumerate() {
            if let Some(share) = shares.get_mut(index % connections) {
                share.push(request);
            }
        }
        let mut tasks = JoinSet::new();
        for share in shares {
            tasks.spawn(send(self.host.clone(), share));
        }
        while let Some(finished) = tasks.join_next().await {
            finished??;
        }
        Ok(())
    }
}

async fn send(host: String, requests: Vec<Vec<u8>>) -> Result<(), Failure> {
    let mut connection = Connection::open(&host).await?;
    for request in requests {
        connection.exchange(&request).await?;
    }
    Ok(())
}

/// Signs a request, and writes it as it goes over the wire.
pub(crate) fn sign(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    body: &str,
) -> Result<Vec<u8>, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let merchant = sandbox.merchant();
    let signed = merchant.authorization(method, target, now, Nonce::random()?, body.as_bytes())?;
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\n\
         Accept: application/json\r\nContent-Type: application/json\r\n\
         User-Agent: wxpay-bench\r\nContent-Length: {}\r\n\r\n{body}",
        host(sandbox),
        signed.to_header(),
        body.len()
    );
    Ok(request.into_bytes())
}

fn host(sandbox: &Sandbox) -> &str {
    sandbox.url().trim_start_matches("http://")
}

/// A connection to the sandbox.
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(host: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::new() })
    }

    /// Sends a request, and waits for its response, which must be a success.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<(), Failure> {
        self.stream.write_all(request).await?;
        self.received.clear();
        while !is_whole(&self.received)? {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err("the sandbox closed the connection".into());
            }
        }
        match self.received.starts_with(b"HTTP/1.1 200 ") {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&self.received).into()),
        }
    }
}

/// Returns whether a response is there with its whole body.
fn is_whole(received: &[u8]) -> Result<bool, Failure> {
    let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(false);
    };
    let (head, body) = received.split_at(end + 4);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.ok_or("a response has no Content-Length")?.trim().parse()?;
    Ok(body.len() >= length)
}
