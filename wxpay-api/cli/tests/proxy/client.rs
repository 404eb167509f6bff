//! The library's own client, with its default hosts, goes through the proxy by two settings.

use std::time::Duration;

use wxpay_api::{Client, Present, Transport};

use crate::support::{HOST, Setup};

const ORDER: &str = "order-1";

/// A client that knows nothing of the sandbox but its keys.
pub(crate) fn client(setup: &Setup) -> Client {
    let transport = Transport::builder()
        .proxy(setup.proxy_url())
        .root_certificates(setup.ca())
        .http1_only()
        .pool_max_idle_per_host(0)
        .build()
        .unwrap();
    let config = setup.sandbox.config().unwrap();
    config.client_builder().unwrap().transport(&transport).build().unwrap()
}

#[tokio::test]
async fn an_order_lives_from_its_creation_to_its_bill() {
    let setup = Setup::new().await;
    let wx = client(&setup);
    let order = wx.v3().pay().transactions().native().post(|r| {
        r.appid("wxd678efh567hg6787")
            .mchid(wx.id())
            .description("QQ公仔")
            .out_trade_no(ORDER)
            .amount(|a| a.total(100))
            .notify_url("https://shop.example/notify")
    });
    order.await.unwrap();
    setup.sandbox.order(ORDER).unwrap().pay().unwrap();
    let query = wx.v3().pay().transactions().out_trade_no().out_trade_no(ORDER);
    let paid = query.get(|r| r.mchid(wx.id())).await.unwrap();
    assert_eq!(paid.trade_state.as_str(), "SUCCESS");
    let refund = wx.v3().refund().domestic().refunds().post(|r| {
        r.out_trade_no(ORDER)
            .out_refund_no("refund-1")
            .amount(|a| a.refund(40).total(100).currency("CNY"))
    });
    refund.await.unwrap();
    setup.sandbox.resource("refund/refund", "refund-1").unwrap().event("succeed").unwrap();
    let time = paid.success_time.present().unwrap().to_string();
    setup.sandbox.advance(Duration::from_secs(34 * 60 * 60));
    let bill = wx.v3().bill().tradebill().get(|r| r.bill_date(&time[..10])).await.unwrap();
    assert!(
        bill.download_url.starts_with("https://api.mch.weixin.qq.com/v3/billdownload/file?token="),
        "{}",
        bill.download_url
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bill.csv");
    wx.download_url(&bill).stream().await.unwrap().save_to(&file).await.unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(ORDER) && text.contains("refund-1"), "{text}");
    for request in setup.sandbox.received() {
        assert_eq!(request.headers["host"], HOST);
    }
}

#[tokio::test]
async fn the_self_test_is_content() {
    let setup = Setup::new().await;
    let report = client(&setup).self_test().await;
    assert!(report.is_ok(), "{report:?}");
}

#[tokio::test]
async fn every_host_is_served_to_an_ordinary_http_client() {
    let setup = Setup::new().await;
    let certificate = reqwest::Certificate::from_pem(&setup.ca()).unwrap();
    let http = reqwest::Client::builder()
        .proxy(reqwest::Proxy::https(setup.proxy_url()).unwrap())
        .tls_certs_only([certificate])
        .build()
        .unwrap();
    for host in wxpay_api::sandbox::OfficialHost::all() {
        let response = http.get(format!("https://{host}/v3/certificates")).send().await.unwrap();
        assert_eq!(response.status(), 401, "{host}");
        let text = response.text().await.unwrap();
        assert!(text.contains("SIGN_ERROR"), "{host}: {text}");
    }
    assert_eq!(setup.sandbox.received().len(), wxpay_api::sandbox::OfficialHost::all().count());
}

/// An h5_url leads to the sandbox's own page, which browsers reach without the proxy.
#[tokio::test]
async fn the_links_of_an_order_are_reachable() {
    let setup = Setup::new().await;
    let wx = client(&setup);
    let order = wx.v3().pay().transactions().h5().post(|r| {
        r.appid("wxd678efh567hg6787")
            .mchid(wx.id())
            .description("QQ公仔")
            .out_trade_no(ORDER)
            .amount(|a| a.total(100))
            .notify_url("https://shop.example/notify")
            .scene_info(|s| s.h5_info(|h| h.r#type("Wap")).payer_client_ip("14.23.150.211"))
    });
    let link = order.await.unwrap().h5_url;
    assert!(link.starts_with(setup.sandbox.url()), "{link}");
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let page = http.get(link).send().await.unwrap();
    assert_eq!(page.status(), 200);
}
