//! An account's keys as the files that a service reads.

use std::fs;
use std::path::Path;

use super::customer::Kind;
use super::{Account, KeyMode, SandboxError};
use crate::config::Config;
use crate::protocol::Secret;

impl Account {
    /// Writes the keys into a folder that exists, under the names that they usually have, and returns the configuration
    /// that names them: `apiclient_cert.pem`, `apiclient_key.pem` and `pub_key.pem`, or `wechatpay.pem` if there is no
    /// public key for the account.
    ///
    /// A service that makes its clients of a [`Config`] is tested with it, at the sandbox's URL:
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wxpay_api::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::start().await?;
    /// let folder = tempfile::tempdir()?;
    /// let config = sandbox.write_config(folder.path())?;
    /// let wx = config.client_builder()?.base_url(sandbox.url()).build()?;
    /// assert!(wx.self_test().await.is_ok());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SandboxError::Write`] names the file that could not be written.
    pub fn write_config(&self, folder: impl AsRef<Path>) -> Result<Config, SandboxError> {
        let folder = folder.as_ref();
        let write = |name: &str, content: String| {
            let file = folder.join(name);
            match fs::write(&file, content) {
                Ok(()) => Ok(file),
                Err(source) => Err(SandboxError::Write { file, source }),
            }
        };
        let (certificate, private_key) = self.merchant_pem()?;
        let mut config = Config {
            certificate_file: Some(write("apiclient_cert.pem", certificate)?),
            private_key_file: Some(write("apiclient_key.pem", private_key)?),
            ..self.identity_config()
        };
        let mode = self.customer.keys().keyring.mode;
        if mode == KeyMode::CertificatesOnly {
            let certificate = write("wechatpay.pem", self.platform_certificate_pem())?;
            config.platform_certificate_files.push(certificate);
        } else {
            let (id, public_key) = self.wechatpay_public_key();
            config.wechatpay_public_key_id = Some(id);
            config.wechatpay_public_key_file = Some(write("pub_key.pem", public_key)?);
        }
        Ok(config)
    }

    /// The configuration with the keys as text, as a service has them whose secrets are environment variables.
    ///
    /// # Errors
    /// [`SandboxError`] when the cryptographic library does not give the key away.
    pub fn config(&self) -> Result<Config, SandboxError> {
        let (certificate, private_key) = self.merchant_pem()?;
        let mut config = Config {
            certificate: Some(Secret::from(certificate)),
            private_key: Some(Secret::from(private_key)),
            ..self.identity_config()
        };
        if self.customer.keys().keyring.mode == KeyMode::CertificatesOnly {
            config.platform_certificates.push(Secret::from(self.platform_certificate_pem()));
        } else {
            let (id, public_key) = self.wechatpay_public_key();
            config.wechatpay_public_key_id = Some(id);
            config.wechatpay_public_key = Some(Secret::from(public_key));
        }
        Ok(config)
    }

    /// Who the account is, and its APIv3 key.
    fn identity_config(&self) -> Config {
        let id = self.merchant().id().to_owned();
        let (mchid, brand_id) = match self.customer.kind {
            Kind::Brand => (None, Some(id)),
            _ => (Some(id), None),
        };
        let apiv3_key = Some(Secret::from(self.apiv3_key()));
        Config { mchid, brand_id, apiv3_key, ..Config::default() }
    }
}
