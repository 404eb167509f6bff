//! The sandbox's server: requests of merchants, uploads, the control surface.

use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use wxpay_api::sandbox::Sandbox;

/// Longer than any request may take.
const LONGEST: Duration = Duration::from_secs(40);
/// The address that the seeds of the corpus name, in place of the sandbox's own.
const NAMED: &[u8] = b"127.0.0.1:8080";

struct Server {
    runtime: Runtime,
    /// Stops when it is dropped.
    _sandbox: Sandbox,
    address: SocketAddr,
}

static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let builder = Sandbox::builder().journal_limit(100).resource_limit(1000);
    let sandbox = runtime.block_on(builder.start()).unwrap();
    let address = sandbox.url().trim_start_matches("http://").parse().unwrap();
    Server { runtime, _sandbox: sandbox, address }
});

/// Sends bytes over one connection, and reads what comes back.
fn send(data: &[u8]) {
    let server = &*SERVER;
    let data = replaced(data, server.address.to_string().as_bytes());
    server.runtime.block_on(async {
        let mut client = TcpStream::connect(server.address).await.unwrap();
        let exchange = async {
            // The server may close the connection before all is written.
            let _ = client.write_all(&data).await;
            let _ = client.shutdown().await;
            let _ = client.read_to_end(&mut Vec::new()).await;
        };
        timeout(LONGEST, exchange).await.unwrap();
    });
}

/// Puts an address where the named one is.
fn replaced(data: &[u8], address: &[u8]) -> Vec<u8> {
    let Some(at) = data.windows(NAMED.len()).position(|window| window == NAMED) else {
        return data.to_vec();
    };
    let (before, rest) = data.split_at(at);
    let (_, after) = rest.split_at(NAMED.len());
    [before, address, &replaced(after, address)].concat()
}

/// Sends bytes as HTTP.
pub(crate) fn http(data: &[u8]) {
    send(data);
}

/// Sends bytes as the form of an upload.
pub(crate) fn upload(data: &[u8]) {
    let head = format!(
        "POST /v3/merchant/media/upload HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: multipart/form-data; boundary=b\r\n\
         Authorization: WECHATPAY2-SHA256-RSA2048 mchid=\"1230000109\",nonce_str=\"a\",timestamp=\"1\",serial_no=\"1\",signature=\"AAAA\"\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        data.len()
    );
    send(&[head.as_bytes(), data].concat());
}
