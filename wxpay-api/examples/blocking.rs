//! A call without an async runtime and without this crate's HTTP client: `Core` signs and checks, and
//! ureq, a blocking HTTP client, carries the bytes. The sandbox is the only thing here that needs a
//! runtime.
//!
//! For WeChat Pay itself, take ureq with TLS, and leave out `to_sandbox`.

use std::error::Error;

use bytes::Bytes;
use http::uri::Uri;
use wxpay_api::sandbox::Sandbox;
use wxpay_api::v3::payscore::serviceorder::_out_order_no_::cancel;
use wxpay_api::v3::payscore::serviceorder::post as create;
use wxpay_api::{Core, FromResponse, Operation, WechatPayKeys};

/// How often a request is sent where its outcome stays unknown.
const ATTEMPTS: u32 = 3;

const APPID: &str = "wxd678efh567hg6787";
const SERVICE: &str = "500001";
const ORDER: &str = "2304203423948239423";

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let sandbox = runtime.block_on(Sandbox::start())?;

    let (id, public_key) = sandbox.wechatpay_public_key();
    let keys = WechatPayKeys::new().with_public_key(id, public_key)?;
    let core = Core::new(sandbox.merchant().clone(), keys)?;

    let request = create::Request::builder()
        .out_order_no(ORDER)
        .appid(APPID)
        .service_id(SERVICE)
        .service_introduction("某某酒店")
        .time_range(|t| t.start_time("OnAccept"))
        .risk_fund(|f| f.name("DEPOSIT").amount(10_000)) // fen
        .notify_url("https://shop.example.com/notify");
    let order = call(&core, sandbox.url(), create::operation(request))?;
    println!("created: {}", order.state.as_str());

    let request =
        cancel::post::Request::builder().appid(APPID).service_id(SERVICE).reason("用户投诉");
    let cancelled = call(&core, sandbox.url(), cancel::post::operation(ORDER, request))?;
    println!("cancelled: {cancelled:#?}");
    println!("WeChat Pay remembers the order: {}", sandbox.order(ORDER)?.state()?);
    Ok(())
}

/// Executes an operation. An order's number makes a repeat harmless.
fn call<O>(core: &Core, url: &str, operation: O) -> Result<O::Response, Box<dyn Error>>
where
    O: Operation,
    O::Response: FromResponse,
{
    let unsigned = core.prepare(operation)?;
    let http = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let mut attempt = 1;
    loop {
        // The same bytes under a new signature.
        let signed = unsigned.sign()?;
        match send(&http, to_sandbox(signed.request(), url)?) {
            Ok(response) => return Ok(signed.check(response)?.value),
            Err(error) if attempt < ATTEMPTS => {
                eprintln!("attempt {attempt}: {error}; sending it again");
                attempt += 1;
            }
            Err(error) => return Err(error),
        }
    }
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
