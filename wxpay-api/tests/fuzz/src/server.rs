//! The sandbox's server: requests of merchants, uploads, the control surface.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::LazyLock;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use wxpay_api::sandbox::{Sandbox, SandboxConnections};

/// Longer than any request may take.
const LONGEST: Duration = Duration::from_secs(10);
/// How many bytes a direction of a connection holds.
const BUFFER: usize = 64 << 10;

/// A sandbox whose connections are in memory.
struct Server {
    runtime: Runtime,
    /// Stops when it is dropped.
    _sandbox: Sandbox,
    connections: SandboxConnections,
    local: SocketAddr,
}

static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (sandbox, connections) = runtime.block_on(async {
        let builder = Sandbox::builder().journal_limit(100).resource_limit(1000);
        let sandbox = builder.start().await.unwrap();
        let connections = sandbox.connections().await;
        (sandbox, connections)
    });
    // The seeds of the corpus name this port.
    let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
    Server { runtime, _sandbox: sandbox, connections, local }
});

/// Sends bytes over one connection, and reads what comes back.
fn send(data: &[u8]) {
    let server = &*SERVER;
    server.runtime.block_on(async {
        let (mut client, stream) = duplex(BUFFER);
        let connections = server.connections.clone();
        let served = tokio::spawn(async move {
            connections.serve(stream, server.local, false).await;
        });
        let exchange = async {
            // The server may close the connection before all is written.
            let _ = client.write_all(data).await;
            let _ = client.shutdown().await;
            let _ = client.read_to_end(&mut Vec::new()).await;
        };
        timeout(LONGEST, exchange).await.unwrap();
        served.await.unwrap();
    });
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
