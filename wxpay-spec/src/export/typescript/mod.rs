//! Writes TypeScript declarations whose chains are the URLs, as the community's pages have them.

mod chain;
mod notification;
mod operation;
mod source;
mod types;

use crate::model::Spec;
use source::TsSource;

/// The beginning of every file.
const HEAD: &str = "\
// WeChat Pay APIv3 in TypeScript, by `cargo xtask export typescript`. Not checked by WeChat Pay.
//
// The chain of a call is its URL: `wxpay.v3.pay.transactions.jsapi.post(data, config)`. A parameter of the URL is
// `_out_trade_no_` in the chain, and a member of the config by its own name. Enums are open: other values may come.
/// <reference types=\"node\" />
import type { AxiosPromise, AxiosRequestConfig } from 'axios'
";

/// Writes TypeScript declarations of all descriptors, for axios.
///
/// A chain is a URL: `wxpay.v3.payscore.serviceorder._out_order_no_.cancel.post(data, config)`.
#[must_use]
pub fn typescript(spec: &Spec) -> String {
    let mut source = TsSource::new(HEAD);
    let types = types::TsTypes::of(spec);
    types::named(&mut source, spec, &types);
    notification::all(&mut source, spec, &types);
    chain::all(&mut source, spec, &types);
    source.into_text()
}
