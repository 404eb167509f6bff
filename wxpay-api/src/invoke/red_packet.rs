//! Red packets that a mini program's user collects, signed with the APIv2 key.

use serde::Serialize;

use super::invoker::Invoker;
use super::value::{InvokeError, appid as checked_appid, query};
use crate::client::percent_encode;
use crate::protocol::ApiV2Key;

/// A red packet that a mini program's user collects: the argument of `wx.sendBizRedPacket` ([protocol §9.3]).
///
/// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RedPacket {
    /// Unix seconds, as text.
    pub time_stamp: String,
    /// 1 to 32 characters.
    pub nonce_str: String,
    /// The packet's `package`, percent-encoded.
    pub package: String,
    /// `MD5`.
    pub sign_type: String,
    /// The signature in hexadecimal.
    pub pay_sign: String,
}

impl Invoker {
    /// Makes a red packet in the mini program `appid`, signed with the merchant's APIv2 key ([protocol §9.3]).
    ///
    /// Pass `package` as WeChat Pay returned it.
    ///
    /// # Errors
    /// [`InvokeError`] when a value is empty or malformed, or without random bytes for the nonce.
    ///
    /// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
    pub fn red_packet(
        &self,
        appid: &str,
        package: &str,
        key: &ApiV2Key,
    ) -> Result<RedPacket, InvokeError> {
        let (appid, package) = (checked_appid("appId", appid)?, query("package", package)?);
        let stamp = self.stamp()?;
        let pay_sign = key.md5(&[
            ("appId", &appid),
            ("timeStamp", &stamp.timestamp),
            ("nonceStr", &stamp.nonce),
            // The package is signed raw, and passed percent-encoded.
            ("package", &package),
        ]);
        Ok(RedPacket {
            time_stamp: stamp.timestamp,
            nonce_str: stamp.nonce,
            package: percent_encode(&package).to_string(),
            sign_type: "MD5".to_owned(),
            pay_sign,
        })
    }
}
