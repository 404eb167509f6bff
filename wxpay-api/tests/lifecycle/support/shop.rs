//! A merchant's server, and the notifications that reached it.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::HeaderMap;
use http_body_util::{BodyExt, Full};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

type Received = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

pub(crate) struct Shop {
    pub(crate) url: String,
    received: Received,
}

impl Shop {
    /// Starts a server that responds with these statuses in turn, then always with the last one.
    pub(crate) async fn start(statuses: &[u16]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/notify", listener.local_addr().unwrap());
        let received = Received::default();
        let (statuses, kept) = (statuses.to_vec(), Arc::clone(&received));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (statuses, kept) = (statuses.clone(), Arc::clone(&kept));
                let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                    let (statuses, kept) = (statuses.clone(), Arc::clone(&kept));
                    async move {
                        let (head, content) = request.into_parts();
                        let content = content.collect().await.unwrap().to_bytes();
                        let mut kept = kept.lock().unwrap();
                        let status = statuses.get(kept.len()).or(statuses.last()).unwrap();
                        kept.push((head.headers, content));
                        let mut response = http::Response::new(Full::new(Bytes::new()));
                        *response.status_mut() = (*status).try_into().unwrap();
                        // A redirect leads back here, so that following it would be seen.
                        response.headers_mut().insert("Location", "/other".parse().unwrap());
                        Ok::<_, Infallible>(response)
                    }
                });
                let server = hyper::server::conn::http1::Builder::new();
                tokio::spawn(server.serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { url, received }
    }

    pub(crate) fn received(&self) -> Vec<(HeaderMap, Bytes)> {
        self.received.lock().unwrap().clone()
    }
}
