//! Receives notifications with actix-web: verified, decrypted, acted upon once, acknowledged.
//!
//! It starts a sandbox and the merchant's server, has the sandbox send what comes in practice, prints what
//! happens and ends. Any other framework is served alike: headers and raw body in, status and body out.

mod notify;

use std::error::Error;

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::rt::{System, spawn};
use actix_web::web::{Bytes, Data, PayloadConfig, post};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use wxpay_api::replay::MemoryReplayGuard;
use wxpay_api::sandbox::Sandbox;
use wxpay_api::{Acknowledgement, Client};

struct Service {
    wx: Client,
    guard: MemoryReplayGuard,
}

async fn notified(service: Data<Service>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let headers = headers(request.headers());
    match service.wx.notification(&headers, &body).await {
        Ok(notification) => response(notify::paid(&service.guard, &notification).await),
        Err(error) => {
            println!("  the merchant refuses it: {error}");
            response(error.into())
        }
    }
}

/// actix-web has header types of its own.
fn headers(theirs: &HeaderMap) -> http::HeaderMap {
    let mut headers = http::HeaderMap::new();
    for (name, value) in theirs {
        let name = http::HeaderName::try_from(name.as_str());
        if let (Ok(name), Ok(value)) = (name, http::HeaderValue::from_bytes(value.as_bytes())) {
            // Several values stay several: a doubled signature is refused.
            headers.append(name, value);
        }
    }
    headers
}

fn response(acknowledgement: Acknowledgement) -> HttpResponse {
    let status = StatusCode::from_u16(acknowledgement.status().as_u16());
    let mut response = HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    match acknowledgement.body().is_empty() {
        true => response.finish(),
        false => response.content_type("application/json").body(acknowledgement.body().clone()),
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let service = Data::new(Service { wx: sandbox.client()?, guard: MemoryReplayGuard::new() });
    let app = move || {
        App::new()
            .app_data(service.clone())
            .app_data(PayloadConfig::new(1 << 20))
            .route("/wechatpay/notify", post().to(notified))
    };
    let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0))?;
    let address = server.addrs().first().copied().ok_or("no address")?;
    let server = server.run();
    let handle = server.handle();
    spawn(server);
    notify::send(&sandbox, &format!("http://{address}/wechatpay/notify")).await?;
    handle.stop(true).await;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    System::new().block_on(run())
}
