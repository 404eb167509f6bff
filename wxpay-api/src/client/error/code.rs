//! The error codes that WeChat Pay's pages, its own SDKs and real responses name.
//!
//! There are more codes, and each API may have its own: compare
//! [`ApiError::code`](crate::ApiError::code) with the text of a code that is missing here.
//! [`ApiError::advice`](crate::ApiError::advice) says for every code what to do.

/// 403: the payer's or the receiver's account cannot take part.
pub const ACCOUNT_ERROR: &str = "ACCOUNT_ERROR";
/// 400: the request's number was used before, for something else or by an attempt whose response was lost.
pub const ALREADY_EXISTS: &str = "ALREADY_EXISTS";
/// 400: the appid and the merchant number do not belong together.
pub const APPID_MCHID_NOT_MATCH: &str = "APPID_MCHID_NOT_MATCH";
/// 500: a bank failed, and what it did is unknown.
pub const BANK_ERROR: &str = "BANK_ERROR";
/// 429: too often; also when a request met another one for the same order, such as closing it while the user pays.
pub const FREQUENCY_LIMITED: &str = "FREQUENCY_LIMITED";
/// 400: the order's state does not allow it.
pub const INVALID_ORDER_STATE: &str = "INVALID_ORDER_STATE";
/// 400: not possible with these parameters or in this state.
pub const INVALID_REQUEST: &str = "INVALID_REQUEST";
/// 500: the transaction number is wrong.
pub const INVALID_TRANSACTIONID: &str = "INVALID_TRANSACTIONID";
/// 400: there is no such merchant.
pub const MCH_NOT_EXISTS: &str = "MCH_NOT_EXISTS";
/// 404: there is no such batch or bill of transfers.
pub const NOT_FOUND: &str = "NOT_FOUND";
/// 403: the merchant has no right to do this.
pub const NO_AUTH: &str = "NO_AUTH";
/// 400: there is no bill for that day or account, and there will be none.
pub const NO_STATEMENT_EXIST: &str = "NO_STATEMENT_EXIST";
/// 403: not enough money.
pub const NOT_ENOUGH: &str = "NOT_ENOUGH";
/// 500: the openid and the appid do not belong together.
pub const OPENID_MISMATCH: &str = "OPENID_MISMATCH";
/// 400: the order is cancelled already.
pub const ORDER_CANCELED: &str = "ORDER_CANCELED";
/// 400: the order is closed already.
pub const ORDER_CLOSED: &str = "ORDER_CLOSED";
/// 400: the order is completed already.
pub const ORDER_DONE: &str = "ORDER_DONE";
/// 404: there is no such order.
pub const ORDER_NOT_EXIST: &str = "ORDER_NOT_EXIST";
/// 400: the order is paid already.
pub const ORDER_PAID: &str = "ORDER_PAID";
/// 403: the order's number was used before.
pub const OUT_TRADE_NO_USED: &str = "OUT_TRADE_NO_USED";
/// 400: a parameter is wrong; [`ApiError::details`](crate::ApiError::details) says which.
pub const PARAM_ERROR: &str = "PARAM_ERROR";
/// 429: too often.
pub const RATELIMIT_EXCEED: &str = "RATELIMIT_EXCEED";
/// 429: too often, in another spelling.
pub const RATELIMIT_EXCEEDED: &str = "RATELIMIT_EXCEEDED";
/// 403: a limit of the coupon or of its time forbids it.
pub const REQUEST_BLOCKED: &str = "REQUEST_BLOCKED";
/// 400: it is there already.
pub const RESOURCE_ALREADY_EXISTS: &str = "RESOURCE_ALREADY_EXISTS";
/// 404: there is no such thing.
pub const RESOURCE_NOT_EXISTS: &str = "RESOURCE_NOT_EXISTS";
/// 403: a business rule forbids it.
pub const RULE_LIMIT: &str = "RULE_LIMIT";
/// 401: the signature is wrong, or the clock; [`ApiError::sign_difference`](crate::ApiError::sign_difference) says more.
pub const SIGN_ERROR: &str = "SIGN_ERROR";
/// 400: the bill is still being made.
pub const STATEMENT_CREATING: &str = "STATEMENT_CREATING";
/// 500: WeChat Pay failed, and what it did is unknown. A wrong serial or merchant number may look like this too.
pub const SYSTEM_ERROR: &str = "SYSTEM_ERROR";
/// 403: the payment failed for a reason of the business.
pub const TRADE_ERROR: &str = "TRADE_ERROR";
/// 403: the user's account cannot take part.
pub const USER_ACCOUNT_ABNORMAL: &str = "USER_ACCOUNT_ABNORMAL";
/// The merchant's account is abnormal, as real responses to transfers say. No page lists its status.
pub const USER_ERROR: &str = "USER_ERROR";
/// 202: the user is paying, so that nothing is decided yet.
pub const USER_PAYING: &str = "USER_PAYING";
