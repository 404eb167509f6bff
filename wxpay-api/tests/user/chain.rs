//! Calls in the forms that real services need.

use wxpay_api::sandbox::Sandbox;
use wxpay_api::{Client, Error, Outcome};

async fn sandbox() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    (sandbox, wx)
}

#[tokio::test]
async fn two_operations_in_one_function() {
    async fn cancel_and_query(wx: &Client, order: &str) -> Result<(String, String), Error> {
        let orders = wx.v3().payscore().serviceorder();
        let cancelled = orders
            .out_order_no(order)
            .cancel()
            .post(|r| r.appid("wxd678efh567hg6787").service_id("500001").reason("用户投诉"))
            .await?;
        let queried = orders
            .get(|r| r.service_id("500001").appid("wxd678efh567hg6787"))
            .with(|r| r.out_order_no(order))
            .await?;
        Ok((cancelled.out_order_no, queried.out_order_no))
    }
    let (_sandbox, wx) = sandbox().await;
    let (cancelled, queried) = cancel_and_query(&wx, "order-1").await.unwrap();
    assert_eq!((cancelled.as_str(), queried.as_str()), ("order-1", "order-1"));
}

#[tokio::test]
async fn optional_inputs_stand_anywhere_and_come_from_options() {
    use wxpay_api::WhenSome;
    let (sandbox, wx) = sandbox().await;
    for (note, expected) in [(Some("不想要了"), Some("不想要了")), (None, None)] {
        let refunds = wx.v3().refund().domestic().refunds();
        let refund = refunds
            .post(|r| {
                r.out_trade_no("order-1")
                    .when_some(note, |r, note| r.reason(note))
                    .out_refund_no("refund-1")
                    .goods_detail(|list| {
                        list.push(|g| {
                            g.goods_name("商品")
                                .merchant_goods_id("1217752501")
                                .when_some(note, |g, note| g.wechatpay_goods_id(note))
                                .unit_price(100)
                                .refund_amount(100)
                                .refund_quantity(1)
                        })
                    })
                    .amount(|a| a.refund(100).total(888).currency("CNY"))
            })
            .with(|r| r.when_some(None::<String>, |r, url| r.notify_url(url)));
        refund.await.unwrap();
        let body = sandbox.received().pop().unwrap().body;
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["reason"].as_str(), expected);
        assert_eq!(body["out_trade_no"], "order-1");
        assert_eq!(body["goods_detail"][0]["goods_name"], "商品");
        assert_eq!(body["goods_detail"][0]["wechatpay_goods_id"].as_str(), expected);
        assert!(body.get("notify_url").is_none());
    }
}

#[tokio::test]
async fn calls_run_as_tasks() {
    let (_sandbox, wx) = sandbox().await;
    let orders = wx.v3().payscore().serviceorder();
    let tasks: Vec<_> = (0..4)
        .map(|number| {
            let call = orders
                .out_order_no(format!("order-{number}"))
                .cancel()
                .post(|r| r.appid("wxd678efh567hg6787").service_id("500001").reason("用户投诉"));
            tokio::spawn(async move { call.await })
        })
        .collect();
    for (number, task) in tasks.into_iter().enumerate() {
        let cancelled = task.await.unwrap().unwrap();
        assert_eq!(cancelled.out_order_no, format!("order-{number}"));
    }
}

#[tokio::test]
async fn a_prepared_request_goes_where_a_closure_would() {
    use wxpay_api::v3::payscore::serviceorder::_out_order_no_::cancel::post::Request;
    let (_sandbox, wx) = sandbox().await;
    let prepared =
        Request::builder().appid("wxd678efh567hg6787").service_id("500001").reason("测试");
    let cancelled = wx
        .v3()
        .payscore()
        .serviceorder()
        .out_order_no("order-1")
        .cancel()
        .post(|_| prepared)
        .await
        .unwrap();
    assert_eq!(cancelled.out_order_no, "order-1");
}

#[tokio::test]
async fn an_api_error_keeps_wechat_pays_text() {
    let (_sandbox, wx) = sandbox().await;
    let error = wx.get("/v3/no/such/url").await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Refused);
    let api = error.api().unwrap();
    assert_eq!((api.status, api.code.as_str()), (404, "RESOURCE_NOT_EXISTS"));
    let beginning =
        format!("GET /v3/no/such/url: refused (request id {}", error.request_id().unwrap());
    assert!(error.to_string().starts_with(&beginning), "{error}");
    assert!(error.to_string().contains("the response is 404 RESOURCE_NOT_EXISTS"), "{error}");
}
