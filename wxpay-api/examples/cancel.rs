//! Cancels a PayScore order and shows the whole protocol on the way.
//!
//! With nothing configured it talks to a sandbox that it starts itself, and no money moves. With
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
        Some(wx) => cancel(&wx).await,
        None => {
            let sandbox = Sandbox::start().await?;
            println!("Nothing is configured, so this runs on a sandbox at {}.\n", sandbox.url());
            cancel(&sandbox.client()?).await
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

async fn cancel(wx: &Client) -> Result<(), Box<dyn Error>> {
    let out_order_no = setting("WXPAY_OUT_ORDER_NO", "2304203423948239423");
    let appid = setting("WXPAY_APPID", "wxd678efh567hg6787");
    let service_id = setting("WXPAY_SERVICE_ID", "500001");
    let reply = wx
        .v3()
        .payscore()
        .serviceorder()
        .out_order_no(out_order_no)
        .cancel()
        .post(|r| r.appid(appid).service_id(service_id).reason("用户投诉"))
        .reply()
        .await?;
    show(&reply);
    println!("The typed answer:\n\n{:#?}", reply.value());
    Ok(())
}

fn setting(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}

/// Prints both directions: what was signed and sent, what came back and was verified.
fn show<T>(reply: &Reply<T>) {
    let sent = reply.sent();
    println!("Sent: {} {}{}\n", sent.method, sent.origin, sent.target);
    block(&sent.body);
    println!("Signed, five lines with the merchant's private key (SHA256 with RSA):\n");
    block(&sent.signed_message);
    let authorization = &sent.authorization;
    println!("  mchid {}, certificate {}", authorization.mchid(), authorization.serial());
    println!(
        "  Wechatpay-Serial {} asks for an answer signed with that key\n",
        sent.wechatpay_serial
    );
    println!("Received: {}, Request-ID {}\n", reply.status(), reply.request_id().unwrap_or("none"));
    block(reply.body());
    println!("Verified, three lines with WeChat Pay's public key:\n");
    block(reply.verified_message());
    for name in ["Wechatpay-Serial", "Wechatpay-Timestamp", "Wechatpay-Nonce"] {
        if let Some(value) = reply.headers().get(name).and_then(|value| value.to_str().ok()) {
            println!("  {name} {value}");
        }
    }
    println!();
}

fn block(bytes: &[u8]) {
    for line in String::from_utf8_lossy(bytes).lines() {
        println!("  | {line}");
    }
    println!();
}
