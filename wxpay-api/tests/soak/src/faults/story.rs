//! What a merchant does: orders, queries, closes, refunds, shares, transfers, bills, and a call that must not run twice.

use std::time::Duration;

use serde_json::json;
use wxpay_api::Error;

use super::call::Sort;
use super::lane::{Lane, Next};
use super::proxy::CALL;
use crate::report::Failure;

pub(crate) const PAYMENT: &str = "pay/transaction";
pub(crate) const REFUND: &str = "refund/refund";
pub(crate) const SHARE: &str = "profitsharing/order";
pub(crate) const TRANSFER: &str = "fund-app/transfer-bill";

const APPID: &str = "wxd678efh567hg6787";
const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
const PARTNER: &str = "86693852";
const NOTIFY_URL: &str = "https://shop.example.com/notify";
const TOTAL: i64 = 1000;
/// How often a caller tries again with the same numbers.
const TRIES: usize = 4;
/// How long an undisturbed call may take on a busy machine.
const UNDISTURBED: Duration = Duration::from_secs(30);

impl Lane {
    /// Lives so many stories, one after the other.
    pub(crate) async fn live(&mut self, stories: usize) -> Result<(), Failure> {
        self.add_partner().await?;
        self.place.proxy.set_clean(false);
        for story in 0..stories {
            let number = format!("s{}-{story}", self.name);
            match self.rng.u8(..6) {
                0..3 => self.order(&number).await?,
                3 => self.transfer(&number).await,
                4 => self.guide(&number).await,
                _ => self.bill().await,
            }
        }
        self.place.proxy.set_clean(true);
        Ok(())
    }

    /// Adds the receiver of shares, undisturbed.
    async fn add_partner(&self) -> Result<(), Error> {
        let add = self.wx().v3().profitsharing().receivers().add().post(|r| {
            r.appid(APPID)
                .r#type("MERCHANT_ID")
                .account(PARTNER)
                .relation_type("SERVICE_PROVIDER")
                .name("某某公司")
        });
        add.deadline(UNDISTURBED).await.map(drop)
    }

    async fn order(&mut self, number: &str) -> Result<(), Failure> {
        self.expect(PAYMENT, number, "");
        let shares = self.rng.u8(..4) == 0;
        let mut created = false;
        for _ in 0..TRIES {
            let made = self.prepay(number, shares).await;
            if Next::after(&made) != Next::Again {
                created = Next::after(&made) == Next::Done;
                break;
            }
        }
        self.query(number).await;
        if self.rng.u8(..4) == 0 {
            self.close(number).await;
            self.query(number).await;
            return Ok(());
        }
        // Only what exists can be paid. The caller may believe a replayed response.
        if !created || self.state(PAYMENT, number).as_deref() != Some("NOTPAY") {
            return Ok(());
        }
        let payment = self.place.sandbox.resource(PAYMENT, number)?;
        payment.pay()?;
        self.query(number).await;
        self.close(number).await;
        if shares {
            self.place.sandbox.advance(Duration::from_secs(60));
            let object = payment.object()?;
            let transaction = object.get("transaction_id").and_then(|it| it.as_str());
            self.share(number, transaction.unwrap_or_default()).await;
            return Ok(());
        }
        for part in 0..self.rng.usize(1..3) {
            self.refund(number, &format!("{number}-r{part}")).await;
        }
        self.query(number).await;
        Ok(())
    }

    async fn prepay(
        &mut self,
        number: &str,
        shares: bool,
    ) -> Option<Result<impl super::call::Answer + use<>, Error>> {
        self.make("prepay", Sort::Creates, number, |wx, name| {
            let mchid = wx.id().to_owned();
            let call = wx.v3().pay().transactions().jsapi().post(|r| {
                r.appid(APPID)
                    .mchid(mchid)
                    .description("咖啡")
                    .out_trade_no(number)
                    .amount(|a| a.total(TOTAL))
                    .notify_url(NOTIFY_URL)
                    .payer(|p| p.openid(OPENID))
                    .settle_info(|s| s.profit_sharing(shares))
            });
            call.header(CALL, name).reply()
        })
        .await
    }

    async fn query(&mut self, number: &str) {
        let _ = self
            .make("query", Sort::Safe, number, |wx, name| {
                let mchid = wx.id().to_owned();
                let order = wx.v3().pay().transactions().out_trade_no().out_trade_no(number);
                order.get(|r| r.mchid(mchid)).header(CALL, name).reply()
            })
            .await;
    }

    async fn close(&mut self, number: &str) {
        for _ in 0..TRIES {
            let made = self
                .make("close", Sort::Keyed, number, |wx, name| {
                    let mchid = wx.id().to_owned();
                    let order = wx.v3().pay().transactions().out_trade_no().out_trade_no(number);
                    order.close().post(|r| r.mchid(mchid)).header(CALL, name).reply()
                })
                .await;
            if Next::after(&made) != Next::Again {
                return;
            }
        }
    }

    async fn refund(&mut self, order: &str, number: &str) {
        self.expect(REFUND, number, "");
        for _ in 0..TRIES {
            let made = self
                .make("refund", Sort::Creates, number, |wx, name| {
                    let call = wx.v3().refund().domestic().refunds().post(|r| {
                        r.out_refund_no(number)
                            .out_trade_no(order)
                            .amount(|a| a.refund(300).total(TOTAL).currency("CNY"))
                    });
                    call.header(CALL, name).reply()
                })
                .await;
            if Next::after(&made) != Next::Again {
                break;
            }
        }
        let _ = self
            .make("refund query", Sort::Safe, number, |wx, name| {
                let refunds = wx.v3().refund().domestic().refunds();
                refunds.out_refund_no(number).get().header(CALL, name).reply()
            })
            .await;
    }

    async fn share(&mut self, order: &str, transaction: &str) {
        let number = format!("{order}-p");
        self.expect(SHARE, &number, transaction);
        for _ in 0..TRIES {
            let made = self
                .make("share", Sort::Creates, &number, |wx, name| {
                    let call = wx.v3().profitsharing().orders().post(|r| {
                        r.transaction_id(transaction)
                            .out_order_no(number.as_str())
                            .receivers(|list| {
                                list.push(|x| {
                                    x.r#type("MERCHANT_ID")
                                        .account(PARTNER)
                                        .amount(200)
                                        .description("分给商户")
                                })
                            })
                            .unfreeze_unsplit(false)
                            .appid(APPID)
                    });
                    call.header(CALL, name).reply()
                })
                .await;
            if Next::after(&made) != Next::Again {
                break;
            }
        }
        let _ = self
            .make("share query", Sort::Safe, &number, |wx, name| {
                let share = wx.v3().profitsharing().orders().out_order_no(number.as_str());
                share.get(|r| r.transaction_id(transaction)).header(CALL, name).reply()
            })
            .await;
    }

    async fn transfer(&mut self, number: &str) {
        // Its numbers have no hyphens.
        let number = number.replace('-', "x");
        self.expect(TRANSFER, &number, "");
        for _ in 0..TRIES {
            let made = self
                .make("transfer", Sort::Creates, &number, |wx, name| {
                    let call = wx.v3().fund_app().mch_transfer().transfer_bills().post(|r| {
                        r.appid(APPID)
                            .out_bill_no(number.as_str())
                            .openid(OPENID)
                            .user_name("张三")
                            .transfer_amount(200_000)
                            .transfer_remark("报销")
                            .notify_url(NOTIFY_URL)
                            .transfer_scene_id("1000")
                            .transfer_scene_report_infos(|list| {
                                list.push(|i| i.info_type("活动名称").info_content("新会员有礼"))
                            })
                    });
                    call.header(CALL, name).reply()
                })
                .await;
            if Next::after(&made) != Next::Again {
                break;
            }
        }
        let _ = self
            .make("transfer query", Sort::Safe, &number, |wx, name| {
                let bills = wx.v3().fund_app().mch_transfer().transfer_bills();
                bills.out_bill_no().out_bill_no(number.as_str()).get().header(CALL, name).reply()
            })
            .await;
    }

    /// Registers a guide, which WeChat Pay would do twice. The call is made once, whatever becomes of it.
    async fn guide(&mut self, number: &str) {
        let _ = self
            .make("register a guide", Sort::Once, number, |wx, name| {
                let call = wx.v3().smartguide().guides().post(|r| {
                    r.corpid("1234567890")
                        .store_id(12_345_678)
                        .userid(number)
                        .name("robert")
                        .mobile("13900000000")
                        .qr_code("https://open.work.weixin.qq.com/wwopen/userQRCode?vcode=xxx")
                        .avatar("https://example.com/avatar.png")
                });
                call.header(CALL, name).reply()
            })
            .await;
    }

    /// Applies for a bill, and downloads it.
    async fn bill(&mut self) {
        let made = self
            .make("apply for a bill", Sort::Safe, "", |wx, name| {
                let call = wx.v3().bill().tradebill().get(|r| r.bill_date("2025-03-01"));
                call.header(CALL, name).reply()
            })
            .await;
        let Some(Ok(link)) = made else { return };
        let _ = self
            .make("download a bill", Sort::Safe, "", |wx, name| {
                wx.download_url(&link.value).header(CALL, name).into_future()
            })
            .await;
    }

    /// Asks undisturbed whether a thing exists. The error tells why the response does not say it.
    pub(crate) async fn ask(
        &self,
        lifecycle: &str,
        number: &str,
        transaction: &str,
    ) -> Result<bool, String> {
        let wx = self.wx();
        let asked = match lifecycle {
            PAYMENT => {
                wx.get(format!("/v3/pay/transactions/out-trade-no/{number}?mchid={}", wx.id()))
            }
            REFUND => wx.get(format!("/v3/refund/domestic/refunds/{number}")),
            SHARE => {
                wx.get(format!("/v3/profitsharing/orders/{number}?transaction_id={transaction}"))
            }
            _ => wx.get(format!("/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{number}")),
        };
        match asked.deadline(UNDISTURBED).await {
            Ok(found) => {
                let numbers = ["out_refund_no", "out_bill_no", "out_order_no", "out_trade_no"];
                let named = numbers.iter().find_map(|name| found.get(name)).cloned();
                match named == Some(json!(number)) {
                    true => Ok(true),
                    false => Err(format!("the query for {number} found {named:?}")),
                }
            }
            Err(error) if error.api().is_some_and(|api| api.status == 404) => Ok(false),
            Err(error) => Err(error.to_string()),
        }
    }
}
