//! The HTTP/1.1 server.

use std::error::Error;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;

use super::account::Account;
use super::exchange::{course, exchange};
use super::outgoing::Outgoing;
use super::refusal::Refusal;
use super::request::Request;
use super::response::response;

/// More than any upload may have.
const LONGEST_BODY: usize = 64 << 20;

/// Serves until the task is aborted, which ends its connections too.
pub(super) async fn serve(listener: TcpListener, first: Account) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(connection(stream, first.clone()));
            }
            // Usually too many open files, which only time can heal.
            Err(_) => sleep(Duration::from_millis(20)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, first: Account) {
    // Without it answers only come later.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| answer(first.clone(), request));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // How a connection ends is the client's affair; one that the sandbox breaks is on purpose.
    if let Err(error) = (&mut connection).await
        && is_reset(&error)
    {
        // A socket that is closed so sends a TCP reset.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

fn is_reset(error: &hyper::Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::ConnectionReset)
}

/// An error ends the connection without an answer.
async fn answer(
    first: Account,
    request: hyper::Request<Incoming>,
) -> io::Result<http::Response<Outgoing>> {
    let (head, body) = request.into_parts();
    let request = Request::new(head);
    let course = course(&first.shared, &request);
    if let Some(end) = course.end_before_reading() {
        return Err(end);
    }
    let body = match Limited::new(body, LONGEST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Ok(too_long()),
        Err(error) => return Err(io::Error::other(error)),
    };
    // Keys and digests are work for a thread that may be busy.
    let (request, executes) = (request.with_body(body), course.executes());
    let exchange = spawn_blocking(move || exchange(first, &request, executes)).await?;
    if let Some(end) = course.end_after_reading() {
        return Err(end);
    }
    sleep(course.delay()).await;
    response(exchange, &course).map_err(io::Error::other)
}

fn too_long() -> http::Response<Outgoing> {
    let message = format!("a body has at most {LONGEST_BODY} bytes");
    let refusal = Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "PARAM_ERROR", message);
    let mut response = http::Response::new(Outgoing::whole(Bytes::from(refusal.body())));
    *response.status_mut() = refusal.status;
    response
}
