//! A call without an async runtime and without this crate's HTTP client: `Core` signs and checks, and
//! ureq, a blocking HTTP client, carries the bytes. The sandbox is the only thing here that needs a
//! runtime.
//!
//! For WeChat Pay itself, take ureq with TLS, and leave out `to_sandbox`.

use std::error::Error;

use bytes::Bytes;
use http::uri::Uri;
use wxpay_api::sandbox::Sandbox;
use wxpay_api::v3::payscore::serviceorder::_out_order_no_::cancel::post::{Request, operation};
use wxpay_api::{Core, WechatPayKeys};

/// How often a request is sent where its outcome stays unknown.
const ATTEMPTS: u32 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let sandbox = runtime.block_on(Sandbox::builder().examples().start())?;

    let (id, public_key) = sandbox.wechatpay_public_key();
    let keys = WechatPayKeys::new().with_public_key(id, public_key)?;
    let core = Core::new(sandbox.merchant().clone(), keys)?;

    let request =
        Request::builder().appid("wxd678efh567hg6787").service_id("500001").reason("用户投诉");
    let unsigned = core.prepare(operation("2304203423948239423", request))?;
    let http = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();

    for attempt in 1..=ATTEMPTS {
        // The same bytes under a new signature; the order's number makes a repeat harmless.
        let signed = unsigned.sign()?;
        let response = match send(&http, to_sandbox(signed.request(), sandbox.url())?) {
            Ok(response) => response,
            Err(error) if attempt < ATTEMPTS => {
                eprintln!("attempt {attempt}: {error}; sending it again");
                continue;
            }
            Err(error) => return Err(error),
        };
        let reply = signed.check(response)?;
        println!("cancelled: {:#?}", reply.value);
        break;
    }
    Ok(())
}

/// Sends a request and reads the whole response.
fn send(
    http: &ureq::Agent,
    request: http::Request<Bytes>,
) -> Result<http::Response<Bytes>, Box<dyn Error>> {
    let (head, body) = request.into_parts();
    let response = http.run(http::Request::from_parts(head, body.as_ref()))?;
    let (head, mut body) = response.into_parts();
    Ok(http::Response::from_parts(head, body.read_to_vec()?.into()))
}

/// The same request to another host: the signature covers path and query, not the host.
fn to_sandbox(
    mut request: http::Request<Bytes>,
    url: &str,
) -> Result<http::Request<Bytes>, Box<dyn Error>> {
    let mut parts = url.parse::<Uri>()?.into_parts();
    let target = request.uri().path_and_query().cloned();
    parts.path_and_query = target;
    *request.uri_mut() = Uri::from_parts(parts)?;
    Ok(request)
}
