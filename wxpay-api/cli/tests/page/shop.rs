//! A merchant's servers: one that gets notifications, and one with a page.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};
use serde_json::json;
use tokio::net::TcpListener;

use crate::program::Program;

/// A server that acknowledges every notification. It ends with the test's runtime.
pub(crate) struct Webhook {
    pub(crate) url: String,
    received: Arc<AtomicUsize>,
}

impl Webhook {
    pub(crate) async fn start() -> Self {
        let received = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&received);
        let routes = Router::new().route(
            "/notify",
            post(move || async move {
                counter.fetch_add(1, Ordering::SeqCst);
            }),
        );
        Self { url: format!("{}/notify", serve(routes).await), received }
    }

    pub(crate) fn count(&self) -> usize {
        self.received.load(Ordering::SeqCst)
    }
}

/// Serves a page on another port, and returns its URL.
pub(crate) async fn serve_page(html: String) -> String {
    serve(Router::new().route("/", get(|| async { Html(html) }))).await
}

async fn serve(routes: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    format!("http://{address}")
}

impl Program {
    /// Orders with a URL for notifications.
    pub(crate) async fn order_with_url(&self, segment: &str, number: &str, fen: i64, url: &str) {
        let order = json!({
            "appid": self.appid,
            "mchid": self.mchid,
            "description": "龙井茶 50g",
            "out_trade_no": number,
            "notify_url": url,
            "amount": { "total": fen },
        });
        let target = format!("/v3/pay/transactions/{segment}");
        let (status, response) = self.call("POST", &target, &order).await;
        assert_eq!(status, 200, "{response}");
    }
}
