//! WeChat Pay APIv3.
