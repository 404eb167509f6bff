//! The fixed server: answers every request with the same signed response, as fast as a thread for each connection can.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Failure;
use crate::bare::Signer;
use crate::keys::{Keys, PUBLIC_KEY_ID};

/// A response is signed anew this often. Clients refuse signatures that are five minutes old.
const FRESH: Duration = Duration::from_secs(60);

const TRANSACTION: &str = include_str!("transaction.json");

/// Serves until the process ends. The first line of the output is the URL.
pub(crate) fn serve(keys: &Keys) -> Result<(), Failure> {
    let signer = Signer::new(&keys.wechatpay_key()?)?;
    let response = Arc::new(RwLock::new(response(&signer)?));
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    let current = Arc::clone(&response);
    thread::spawn(move || {
        loop {
            thread::sleep(FRESH);
            if let Ok(next) = self::response(&signer) {
                *current.write().unwrap_or_else(PoisonError::into_inner) = next;
            }
        }
    });
    for stream in listener.incoming() {
        let (stream, response) = (stream?, Arc::clone(&response));
        // A client that closes its connection ends the thread.
        thread::spawn(move || answer(stream, &response));
    }
    Ok(())
}

/// Answers the requests of one connection. They have no bodies, and come one after the other.
fn answer(mut stream: TcpStream, response: &RwLock<Arc<[u8]>>) -> Result<(), Failure> {
    stream.set_nodelay(true)?;
    let (mut received, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut chunk)?;
        if length == 0 {
            return Ok(());
        }
        received.extend(chunk.iter().take(length));
        if received.ends_with(b"\r\n\r\n") {
            received.clear();
            let bytes = Arc::clone(&response.read().unwrap_or_else(PoisonError::into_inner));
            stream.write_all(&bytes)?;
        }
    }
}

fn response(signer: &Signer) -> Result<Arc<[u8]>, Failure> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    let body = TRANSACTION.trim_end();
    let nonce = "c5ac7061fccab6bf3e254dcf98995b8c";
    let signature = signer.sign(format!("{now}\n{nonce}\n{body}\n").as_bytes())?;
    let head = format!(
        "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: {}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=8\r\n\
         Cache-Control: no-cache, must-revalidate\r\nX-Content-Type-Options: nosniff\r\n\
         Request-ID: 08F3A0B5BC0610E60418B7BBB0552085E50228A8C101-0\r\nContent-Language: zh-CN\r\n\
         Wechatpay-Nonce: {nonce}\r\nWechatpay-Signature: {}\r\nWechatpay-Timestamp: {now}\r\n\
         Wechatpay-Serial: {PUBLIC_KEY_ID}\r\nWechatpay-Signature-Type: WECHATPAY2-SHA256-RSA2048\r\n\r\n",
        body.len(),
        STANDARD.encode(signature),
    );
    Ok([head.as_bytes(), body.as_bytes()].concat().into())
}
