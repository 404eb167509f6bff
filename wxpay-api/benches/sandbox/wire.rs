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
        let host = sandbox.url().trim_start_matches("http://").to_owned();
        let merchant = sandbox.merchant();
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
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
            let body = order.to_string();
            let nonce = Nonce::random()?;
            let signed = merchant.authorization("POST", TARGET, now, nonce, body.as_bytes())?;
            let request = format!(
                "POST {TARGET} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {}\r\n\
                 Accept: application/json\r\nContent-Type: application/json\r\n\
                 User-Agent: wxpay-bench\r\nContent-Length: {}\r\n\r\n{body}",
                signed.to_header(),
                body.len()
            );
            requests.push(request.into_bytes());
        }
        Ok(Self { host, requests })
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
    let mut stream = TcpStream::connect(host).await?;
    stream.set_nodelay(true)?;
    let mut received = Vec::new();
    for request in requests {
        stream.write_all(&request).await?;
        received.clear();
        while !is_whole(&received)? {
            if stream.read_buf(&mut received).await? == 0 {
                return Err("the sandbox closed the connection".into());
            }
        }
        if !received.starts_with(b"HTTP/1.1 200 ") {
            return Err(String::from_utf8_lossy(&received).into());
        }
    }
    Ok(())
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
