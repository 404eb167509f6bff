//! Cancels a PayScore order and shows the whole protocol on the way.
//!
//! With nothing configured it makes the order first, on a sandbox that it starts itself, and no money moves. With
//! `WXPAY_CONFIG=config.yaml` (see `wxpay_api::Config`), or `WXPAY_MCHID` and its companions in the
//! environment, it talks to WeChat Pay: name the order with `WXPAY_OUT_ORDER_NO`, `WXPAY_APPID` and
//! `WXPAY_SERVICE_ID`.

use std::error::Error;
use std::path::Path;

use wxpay_api::sandbox::Sandbox;
use wxpay_api::{Client, Config, Reply};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    match configured()? {
        Some(wx) => {
            let order = Order {
                out_order_no: setting("WXPAY_OUT_ORDER_NO")?,
                appid: setting("WXPAY_APPID")?,
                service_id: setting("WXPAY_SERVICE_ID")?,
            };
            cancel(&wx, order).await
        }
        None => {
            let sandbox = Sandbox::start().await?;
            println!("Nothing is configured, so this runs on a sandbox at {}.\n", sandbox.url());
            let (wx, order) = (sandbox.client()?, Order::sample());
            make(&wx, &order).await?;
            let made = sandbox.order(&order.out_order_no)?;
            made.event("confirm")?;
            println!(
                "0. The order to cancel is made, and the user confirms it: {}\n",
                made.state()?
            );
            cancel(&wx, order).await?;
            println!("\nWeChat Pay remembers the order: {}", made.state()?);
            Ok(())
        }
    }
}

/// The client that the config file or the environment describes.
fn configured() -> Result<Option<Client>, Box<dyn Error>> {
    let config = match std::env::var_os("WXPAY_CONFIG") {
        Some(file) => {
            let folder = Path::new(&file).parent().unwrap_or(Path::new("."));
            let config: Config = serde_yaml::from_str(&std::fs::read_to_string(&file)?)?;
            Some(config.relative_to(folder))
        }
        None => Config::from_env()?,
    };
    Ok(config.map(|config| config.client()).transpose()?)
}

/// Which order to cancel.
struct Order {
    out_order_no: String,
    appid: String,
    service_id: String,
}

impl Order {
    fn sample() -> Self {
        Self {
            out_order_no: "2304203423948239423".to_owned(),
            appid: "wxd678efh567hg6787".to_owned(),
            service_id: "500001".to_owned(),
        }
    }
}

/// Creates the order. The sandbox sends its notifications only to servers on this machine, and this program has none.
async fn make(wx: &Client, order: &Order) -> wxpay_api::Result<()> {
    let orders = wx.v3().payscore().serviceorder();
    let call = orders.post(|r| {
        r.out_order_no(&order.out_order_no)
            .appid(&order.appid)
            .service_id(&order.service_id)
            .service_introduction("某某酒店")
            .time_range(|t| t.start_time("OnAccept"))
            .risk_fund(|f| f.name("DEPOSIT").amount(10_000)) // fen
            .notify_url("https://shop.example.com/notify")
    });
    call.await.map(drop)
}

async fn cancel(wx: &Client, order: Order) -> Result<(), Box<dyn Error>> {
    let reply = wx
        .v3()
        .payscore()
        .serviceorder()
        .out_order_no(order.out_order_no)
        .cancel()
        .post(|r| r.appid(order.appid).service_id(order.service_id).reason("用户投诉"))
        .reply()
        .await?;
    show(&reply);
    println!("5. The typed response\n\n{:#?}", reply.value);
    Ok(())
}

/// What the environment says; nothing is assumed about a real order.
fn setting(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|_| format!("{name} says which order to cancel; it is not set"))
}

/// Prints both directions: what was signed and sent, what came back and was verified.
fn show<T>(reply: &Reply<T>) {
    let sent = reply.sent();
    let authorization = &sent.authorization;
    println!("1. Signed: five lines, with the merchant's private key (SHA256 with RSA)\n");
    block(&sent.signed_message);
    println!("2. Sent to {}\n", sent.origin);
    println!("  | {} {}", sent.method, sent.target);
    println!(
        "  | Authorization: WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"{}\",timestamp=\"{}\",\
         serial_no=\"{}\",signature=\"{}\"",
        authorization.id(),
        authorization.nonce(),
        authorization.timestamp(),
        authorization.serial(),
        short(authorization.signature()),
    );
    println!("  | Wechatpay-Serial: {}\n  |", sent.wechatpay_serial);
    block(&sent.body.to_bytes());
    println!("3. Received\n");
    println!("  | {}", reply.http_status());
    for name in ["Request-ID", "Wechatpay-Serial", "Wechatpay-Timestamp", "Wechatpay-Nonce"] {
        println!("  | {name}: {}", header(reply, name));
    }
    println!("  | Wechatpay-Signature: {}\n  |", short(&header(reply, "Wechatpay-Signature")));
    block(reply.body());
    println!("4. Verified: three lines, with the WeChat Pay key that the response names\n");
    block(reply.verified_message());
}

fn header<T>(reply: &Reply<T>, name: &str) -> String {
    let value = reply.headers().get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or("none").to_owned()
}

/// The beginning of a signature: a whole one could be used by others for five minutes.
fn short(signature: &str) -> String {
    format!("{}…", signature.chars().take(16).collect::<String>())
}

fn block(bytes: &[u8]) {
    for line in String::from_utf8_lossy(bytes).lines() {
        println!("  | {line}");
    }
    println!();
}
