// SDK: wxpay-api, with tokio for `main`. It needs no proxy: the URL is a setting of the client.
//   cargo build && (. @dir@/env.sh && cargo run)    # with env.sh, cargo itself would download through the proxy
use wxpay_api::Config;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The variables WXPAY_… name the merchant and the files of its keys.
    let config = Config::from_env()?.ok_or("read @dir@/env.sh first")?;
    let wx = config.client_builder()?.base_url("@url@").build()?;
    let order = wx.v3().pay().transactions().native().post(|r| {
        r.appid("@appid@")
            .mchid(wx.id())
            .description("sandbox")
            .out_trade_no("rust-1")
            .amount(|a| a.total(100))
            .notify_url("http://127.0.0.1:3000/notify")
    });
    println!("{}", order.await?.code_url);
    Ok(())
}
