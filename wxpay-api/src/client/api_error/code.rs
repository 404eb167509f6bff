//! The error codes that WeChat Pay's documentation names (PROTOCOL §10.2).
//!
//! There are more, and each API may have its own: compare [`ApiError::code`](crate::ApiError::code) with a text of yours where
//! these do not suffice. [`ApiError::advice`](crate::ApiError::advice) says for any of them what to do about it.

/// 400: the request's number was used before, for something else or by an attempt whose answer was lost.
pub const ALREADY_EXISTS: &str = "ALREADY_EXISTS";
/// 429: too often; also when a request met another one for the same order, such as closing it while the user pays.
pub const FREQUENCY_LIMITED: &str = "FREQUENCY_LIMITED";
/// 400: not possible with these parameters or in this state.
pub const INVALID_REQUEST: &str = "INVALID_REQUEST";
/// 400: there is no such merchant.
pub const MCH_NOT_EXISTS: &str = "MCH_NOT_EXISTS";
/// 403: the merchant has no right to do this.
pub const NO_AUTH: &str = "NO_AUTH";
/// 400: there is no bill for that day or account, and there will be none.
pub const NO_STATEMENT_EXIST: &str = "NO_STATEMENT_EXIST";
/// 403: not enough money.
pub const NOT_ENOUGH: &str = "NOT_ENOUGH";
/// 404: there is no such order.
pub const ORDER_NOT_EXIST: &str = "ORDER_NOT_EXIST";
/// 400: a parameter is wrong; [`ApiError::details`](crate::ApiError::details) says which.
pub const PARAM_ERROR: &str = "PARAM_ERROR";
/// 429: too often.
pub const RATELIMIT_EXCEED: &str = "RATELIMIT_EXCEED";
/// 429: too often, in another spelling.
pub const RATELIMIT_EXCEEDED: &str = "RATELIMIT_EXCEEDED";
/// 404: there is no such thing.
pub const RESOURCE_NOT_EXISTS: &str = "RESOURCE_NOT_EXISTS";
/// 403: a business rule forbids it.
pub const RULE_LIMIT: &str = "RULE_LIMIT";
/// 401: the signature is wrong, or the clock; [`ApiError::sign_difference`](crate::ApiError::sign_difference) says more.
pub const SIGN_ERROR: &str = "SIGN_ERROR";
/// The bill is still being made.
pub const STATEMENT_CREATING: &str = "STATEMENT_CREATING";
/// 500: WeChat Pay failed, and what it did is unknown. A wrong serial or merchant number may look like this too.
pub const SYSTEM_ERROR: &str = "SYSTEM_ERROR";
/// 403: the user's account cannot take part.
pub const USER_ACCOUNT_ABNORMAL: &str = "USER_ACCOUNT_ABNORMAL";
