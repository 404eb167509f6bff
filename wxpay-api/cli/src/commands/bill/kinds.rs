//! The kinds of bills, and the request for each.

use clap::{Args, ValueEnum};
use wxpay_api::{Client, DownloadStream, FileLink};

use crate::output::Failure;

/// A kind of bill.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(super) enum BillKind {
    /// Payments and refunds of a day (交易账单).
    Trade,
    /// Movements of money of a day (资金账单).
    FundFlow,
    /// Profit sharing of a day (分账账单).
    ProfitSharing,
    /// Withdrawals that failed on a day (提现异常文件).
    Withdraw,
    /// Fund flow of one sub-merchant, encrypted (单个子商户资金账单); needs `--sub-mchid`.
    SubMerchantFundFlow,
    /// Fund flow of all sub-merchants of a platform, encrypted (二级商户资金账单).
    EcommerceFundFlow,
    /// PayScore orders of a day, encrypted (支付分对账单); needs `--service-id`.
    Payscore,
    /// Payments of a company for another (企业支付账单); needs `--sub-mchid`.
    Business,
    /// Purchases of foreign currency (购付汇账单).
    FundsToOversea,
    /// Profit sharing overseas. WeChat Pay announces no digest: only TLS protects it.
    GlobalProfitSharing,
    /// Refunds of profit sharing overseas. WeChat Pay announces no digest: only TLS protects it.
    GlobalProfitSharingRefund,
}

/// Which bill to request.
#[derive(Args, Clone, Debug)]
pub(super) struct BillRequest {
    /// The kind of bill.
    #[arg(value_enum, value_name = "KIND")]
    pub(super) kind: BillKind,
    /// The Beijing day, such as 2025-03-01. Its bill is there from 10:00 of the next day.
    #[arg(value_name = "DATE")]
    pub(super) date: String,
    /// Lets WeChat Pay compress the file on its way. What is saved is not compressed.
    #[arg(long)]
    gzip: bool,
    /// Only a part of a trade bill: ALL, SUCCESS, REFUND, RECHARGE_REFUND, …
    #[arg(long, value_name = "TYPE")]
    bill_type: Option<String>,
    /// The account of a fund-flow bill: BASIC, OPERATION, FEES, …
    #[arg(long, value_name = "ACCOUNT")]
    account_type: Option<String>,
    /// The sub-merchant.
    #[arg(long, value_name = "MCHID")]
    sub_mchid: Option<String>,
    /// The PayScore service.
    #[arg(long, value_name = "ID")]
    service_id: Option<String>,
}

const GZIP: &str = "GZIP";
const ALGORITHM: &str = "AEAD_AES_256_GCM";

/// Sets an optional input if it is given.
macro_rules! given {
    ($call:expr, $name:ident, $value:expr) => {
        match $value {
            Some(value) => $call.with(|request| request.$name(value)),
            None => $call,
        }
    };
}

impl BillRequest {
    /// Requests the bill, and opens its file or files. Links live for seconds, so this is one step.
    pub(super) async fn open(&self, wx: &Client) -> Result<DownloadStream, Failure> {
        use BillKind as K;
        let Self { date, sub_mchid, .. } = self;
        let sub_mchid = sub_mchid.as_deref();
        let gzip = self.gzip.then_some(GZIP);
        match self.kind {
            K::Trade => {
                let call = wx.v3().bill().tradebill().get(|r| r.bill_date(date));
                let call = given!(call, tar_type, gzip);
                let call = given!(call, sub_mchid, sub_mchid);
                let call = given!(call, bill_type, self.bill_type.as_deref());
                plain(wx, &call.await?).await
            }
            K::FundFlow => {
                let call = wx.v3().bill().fundflowbill().get(|r| r.bill_date(date));
                let call = given!(call, tar_type, gzip);
                let call = given!(call, sub_mchid, sub_mchid);
                let call = given!(call, account_type, self.account_type.as_deref());
                plain(wx, &call.await?).await
            }
            K::ProfitSharing => {
                let call = wx.v3().profitsharing().bills().get(|r| r.bill_date(date));
                let call = given!(call, tar_type, gzip);
                let call = given!(call, sub_mchid, sub_mchid);
                plain(wx, &call.await?).await
            }
            K::Withdraw => {
                let bills = wx.v3().merchant().fund().withdraw().bill_type().bill_type("NO_SUCC");
                let call = bills.get(|r| r.bill_date(date));
                let call = given!(call, tar_type, gzip);
                plain(wx, &call.await?).await
            }
            K::FundsToOversea => {
                let bills = wx.v3().funds_to_oversea().bill_download_url();
                let call = bills.get(|r| r.bill_date(date));
                let call = given!(call, sub_mchid, sub_mchid);
                plain(wx, &call.await?).await
            }
            _ => self.open_special(wx, gzip).await,
        }
    }

    /// Opens an encrypted bill, or one whose request has another form.
    async fn open_special(
        &self,
        wx: &Client,
        gzip: Option<&str>,
    ) -> Result<DownloadStream, Failure> {
        use BillKind as K;
        let Self { date, sub_mchid, .. } = self;
        let account_type = self.account_type.as_deref();
        match self.kind {
            K::SubMerchantFundFlow => {
                let sub_mchid = required(sub_mchid.as_deref(), "--sub-mchid")?;
                let bills = wx.v3().bill().sub_merchant_fundflowbill();
                let call = bills.get(|r| {
                    r.sub_mchid(sub_mchid)
                        .bill_date(date)
                        .algorithm(ALGORITHM)
                        .account_type(account_type.unwrap_or("BASIC"))
                });
                let call = given!(call, tar_type, gzip);
                Ok(wx.download_encrypted(&call.await?).stream().await?)
            }
            K::EcommerceFundFlow => {
                let bills = wx.v3().ecommerce().bill().fundflowbill();
                let call = bills.get(|r| {
                    r.bill_date(date)
                        .account_type(account_type.unwrap_or("ALL"))
                        .algorithm(ALGORITHM)
                });
                let call = given!(call, tar_type, gzip);
                Ok(wx.download_encrypted(&call.await?).stream().await?)
            }
            K::Payscore => {
                let service_id = required(self.service_id.as_deref(), "--service-id")?;
                let bills = wx.v3().payscore().merchant_bill();
                let call = bills.get(|r| {
                    r.bill_date(date).encryption_algorithm(ALGORITHM).service_id(service_id)
                });
                let call = given!(call, tar_type, gzip);
                Ok(wx.download_encrypted(&call.await?).stream().await?)
            }
            K::Business => {
                let sub_mchid = required(sub_mchid.as_deref(), "--sub-mchid")?;
                let bills = wx.v3().webizpay().bill().trade_bill();
                let bill = bills.post(|r| {
                    r.sp_mchid(wx.id()).sub_mchid(sub_mchid).date(date).r#type("QYZFALL")
                });
                let bill = bill.await?;
                // The algorithm is optional here; that of bills is SHA-1.
                let file = wx.download_url(&bill.download_url);
                let file = match (bill.hash_value.as_str(), bill.hash_type.as_str()) {
                    ("", _) => file.unchecked(),
                    (digest, "SHA256") => file.sha256(digest),
                    (digest, _) => file.sha1(digest),
                };
                Ok(file.stream().await?)
            }
            _ => self.open_global(wx).await,
        }
    }

    /// Opens a bill overseas, which has no announced digest.
    async fn open_global(&self, wx: &Client) -> Result<DownloadStream, Failure> {
        let Self { date, sub_mchid, .. } = self;
        let sub_mchid = sub_mchid.as_deref();
        let bills = wx.v3().global().profit_sharing();
        let link = match self.kind {
            BillKind::GlobalProfitSharingRefund => {
                let call = bills.refunds().bill_download_url().get();
                let call = call.with(|r| r.bill_date(date));
                given!(call, sub_mchid, sub_mchid).await?
            }
            _ => {
                let call = bills.bill_download_url().get();
                let call = call.with(|r| r.bill_date(date));
                given!(call, sub_mchid, sub_mchid).await?
            }
        };
        Ok(wx.download_url(&link.download_url).unchecked().stream().await?)
    }
}

async fn plain(wx: &Client, link: impl Into<FileLink>) -> Result<DownloadStream, Failure> {
    Ok(wx.download_url(link).stream().await?)
}

fn required<'a>(value: Option<&'a str>, option: &str) -> Result<&'a str, Failure> {
    value.ok_or_else(|| Failure::new(format!("this kind of bill needs `{option}`")))
}
