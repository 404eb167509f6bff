//! Connections: many merchants share them, and none is used after the server would have closed it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use wxpay_api::sandbox::Sandbox;
use wxpay_api::{Client, Transport};

use crate::cancel;

const REFUSAL: &[u8] = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}";

/// A server that refuses everything and counts its connections.
async fn server() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(refuse_all(stream));
        }
    });
    (url, connections)
}

async fn refuse_all(mut stream: TcpStream) {
    let mut request = vec![0; 64 << 10];
    // Each request of these tests comes in one or two pieces, the body last.
    while let Ok(length @ 1..) = stream.read(&mut request).await {
        if request[..length].ends_with(b"}") && stream.write_all(REFUSAL).await.is_err() {
            return;
        }
    }
}

fn client(sandbox: &Sandbox, url: &str, transport: &Transport) -> Client {
    sandbox.client_builder().base_url(url).transport(transport).build().unwrap()
}

#[tokio::test]
async fn merchants_that_share_a_transport_share_connections() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let (url, connections) = server().await;
    let transport = Transport::new().unwrap();
    for _ in 0..20 {
        let wx = client(&sandbox, &url, &transport);
        assert_eq!(cancel(&wx).await.unwrap_err().api().unwrap().status, 403);
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

/// WeChat Pay closes idle connections after 8 seconds, and a request into a closing one is lost.
#[tokio::test]
async fn an_idle_connection_is_not_used_again() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let (url, connections) = server().await;
    let wx = client(&sandbox, &url, &Transport::new().unwrap());
    cancel(&wx).await.unwrap_err();
    tokio::time::sleep(Duration::from_secs(4)).await;
    cancel(&wx).await.unwrap_err();
    assert_eq!(connections.load(Ordering::SeqCst), 1, "after 4 seconds it is still good");
    tokio::time::sleep(Duration::from_millis(7100)).await;
    cancel(&wx).await.unwrap_err();
    assert_eq!(connections.load(Ordering::SeqCst), 2);
}
