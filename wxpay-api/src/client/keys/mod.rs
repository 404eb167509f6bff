//! The WeChat Pay keys of a running client, and the downloads that keep them current.

pub(crate) mod certificate_download;
pub(crate) mod key_store;
pub(crate) mod renewal;
