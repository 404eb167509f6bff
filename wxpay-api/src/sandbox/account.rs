//! The account of a merchant or a brand: its clients, keys and notifications.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::HeaderMap;

use super::error::SandboxError;
use super::keys::keyring::KeyMode;
use super::keys::saved::SavedAccount;
use super::keys::write::write_private;
use super::keys::{AccountKind, AccountState};
use super::notifications::SandboxNotification;
use super::notifications::delivery::{Delivery, DeliveryLog};
use super::notifications::webhook_client::{RESPONSE_TIMEOUT, WebhookResponse};
use super::state::Shared;
use crate::client::{BuildError, Client, ClientBuilder};
use crate::config::Config;
use crate::protocol::issuing::Identity;
use crate::protocol::{ApiV3Key, Merchant, Secret};

/// How long a platform certificate is valid: five years.
pub(super) const CERTIFICATE_LIFETIME: Duration = Duration::from_secs(5 * 365 * 24 * 60 * 60);

/// The account of a merchant or a brand at a sandbox.
///
/// [`Sandbox::add_merchant`](super::Sandbox::add_merchant) adds one. A sandbox derefs to the
/// account of its first merchant. Clones are the same account.
#[derive(Clone)]
pub struct Account {
    pub(super) shared: Arc<Shared>,
    pub(super) state: Arc<AccountState>,
}

impl Account {
    /// Builds a client of this account.
    ///
    /// # Errors
    /// [`BuildError`] if TLS cannot be set up, although no call to a sandbox uses it.
    pub fn client(&self) -> Result<Client, BuildError> {
        self.client_builder().build()
    }

    /// Returns a builder of a client of this account, for your own settings.
    ///
    /// The client has the WeChat Pay public key, or the platform certificate if the account has no public key.
    pub fn client_builder(&self) -> ClientBuilder {
        let client = Client::builder(self.merchant().clone())
            .apiv3_key(self.apiv3_key())
            .base_url(&self.shared.url);
        if self.state.keys().keyring.mode == KeyMode::Certificates {
            return client.platform_certificate(self.platform_certificate_pem());
        }
        let (id, pem) = self.wechatpay_public_key();
        client.wechatpay_public_key(id, pem)
    }

    /// Returns the merchant or brand of the account.
    #[must_use]
    pub fn merchant(&self) -> &Merchant {
        &self.state.merchant
    }

    /// Returns the certificate and private key of the merchant, as in `apiclient_cert.pem` and `apiclient_key.pem`.
    ///
    /// # Errors
    /// [`SandboxError`] if the cryptographic library cannot export the key.
    pub fn merchant_pem(&self) -> Result<(String, String), SandboxError> {
        let identity = &self.state.identity;
        Ok((identity.certificate_pem().to_owned(), identity.private_key_pem()?))
    }

    /// Returns the WeChat Pay public key: its id `PUB_KEY_ID_…`, which only this account has, and its PEM text.
    #[must_use]
    pub fn wechatpay_public_key(&self) -> (String, String) {
        let keyring = &self.state.keys().keyring;
        (keyring.public_key_id().to_owned(), keyring.public_key().public_key_pem())
    }

    /// Returns the platform certificate that signs. It was issued for this account alone.
    #[must_use]
    pub fn platform_certificate_pem(&self) -> String {
        let keyring = &self.state.keys().keyring;
        let signing = keyring.signing_certificate();
        signing.map(|identity| identity.certificate_pem().to_owned()).unwrap_or_default()
    }

    /// Returns the first APIv3 key of the account.
    #[must_use]
    pub fn apiv3_key(&self) -> &str {
        &self.state.apiv3_key_text
    }

    /// Returns the APIv2 key of the account, which signs jumps of PayScore, coupons and red packets ([protocol §9.3]).
    ///
    /// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
    #[must_use]
    pub fn apiv2_key(&self) -> &str {
        &self.state.apiv2_key_text
    }

    /// Sets the APIv3 key that WeChat Pay encrypts with from now on, as a reset on the merchant platform does.
    ///
    /// Clients with the old key can no longer decrypt certificates and notifications.
    ///
    /// # Errors
    /// [`SandboxError::Key`] unless it has 32 characters.
    pub fn reset_apiv3_key(&self, key: &str) -> Result<(), SandboxError> {
        self.state.keys().apiv3_key = ApiV3Key::new(key)?;
        self.changed();
        Ok(())
    }

    /// Sets which of its keys WeChat Pay uses with the account from now on: before, during or after the switch to
    /// the public key ([protocol §3.4]).
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    pub fn set_key_mode(&self, mode: KeyMode) {
        self.state.keys().keyring.mode = mode;
        self.changed();
    }

    /// Sets the share of notifications, in percent, that the public key signs during the switch. A certificate signs
    /// the others.
    ///
    /// WeChat Pay raises the share within a week: 0.1, 1, 5, 10, 20, 50 and 100 % ([protocol §3.4]). The sandbox
    /// begins with 100 %.
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    pub fn set_public_key_share(&self, percent: f64) {
        self.state.keys().keyring.set_share(percent);
        self.changed();
    }

    /// The time between the listing of a platform certificate and its first signature, at least ([protocol §3.3]).
    ///
    /// [protocol §3.3]: crate::docs::protocol::keys#33-first-download-renewal-rotation
    pub const ROTATION_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

    /// Rotates the platform certificate in WeChat Pay's order, and returns the new serial number ([protocol §3.3]).
    ///
    /// `/v3/certificates` lists the new certificate beside the old ones from now on. It signs when `pause` is over.
    /// WeChat Pay's pause is [`ROTATION_PAUSE`](Account::ROTATION_PAUSE) or longer, so that clients can download the
    /// certificate before they need it. After [`Duration::ZERO`], a client meets a key that it could not download.
    ///
    /// [`announce_platform_certificate`](Account::announce_platform_certificate) and
    /// [`sign_by_certificate`](Account::sign_by_certificate) are the two steps.
    ///
    /// # Errors
    /// [`SandboxError`] if the cryptographic library cannot generate a key.
    ///
    /// [protocol §3.3]: crate::docs::protocol::keys#33-first-download-renewal-rotation
    pub fn rotate_platform_certificate(&self, pause: Duration) -> Result<String, SandboxError> {
        let identity = self.state.new_certificate()?.build()?;
        let serial = serial(&identity);
        match Instant::now().checked_add(pause) {
            Some(from) => self.state.keys().keyring.add_signing_from(identity, from),
            // The pause never ends.
            None => self.state.keys().keyring.add(identity),
        }
        self.changed();
        Ok(serial)
    }

    /// Issues a new platform certificate, and returns its serial number: the first step of a rotation.
    ///
    /// `/v3/certificates` lists it beside the old ones. It signs after
    /// [`sign_by_certificate`](Account::sign_by_certificate), the second step.
    ///
    /// # Errors
    /// [`SandboxError`] if the cryptographic library cannot generate a key.
    pub fn announce_platform_certificate(&self) -> Result<String, SandboxError> {
        let now = SystemTime::now();
        self.issue_platform_certificate(now, now + CERTIFICATE_LIFETIME)
    }

    /// Issues a platform certificate that is valid between these times, and returns its serial number.
    ///
    /// `/v3/certificates` lists it beside the others. It signs after
    /// [`sign_by_certificate`](Account::sign_by_certificate), whether it is valid or not.
    ///
    /// # Errors
    /// [`SandboxError`] if the cryptographic library cannot generate a key, and for times that X.509 cannot express.
    pub fn issue_platform_certificate(
        &self,
        from: SystemTime,
        to: SystemTime,
    ) -> Result<String, SandboxError> {
        let identity = self.state.new_certificate()?.valid(from, to).build()?;
        let serial = serial(&identity);
        self.state.keys().keyring.add(identity);
        self.changed();
        Ok(serial)
    }

    /// Signs with this platform certificate from now on, wherever a certificate signs.
    ///
    /// WeChat Pay does so a day after it listed the certificate, at the earliest; the sandbox leaves that to the test.
    /// In the last days before a certificate expires, WeChat Pay alternates between two ([protocol §3.3]).
    ///
    /// # Errors
    /// [`SandboxError::UnknownCertificate`] if the account has no certificate with this serial number.
    ///
    /// [protocol §3.3]: crate::docs::protocol::keys#33-first-download-renewal-rotation
    pub fn sign_by_certificate(&self, serial: &str) -> Result<(), SandboxError> {
        self.state.keys().keyring.sign_by(serial)?;
        self.changed();
        Ok(())
    }

    /// Withdraws a platform certificate: the sandbox no longer lists it, and refuses requests that name it.
    ///
    /// If it was the one that signs, the last one issued signs from now on.
    ///
    /// # Errors
    /// [`SandboxError::UnknownCertificate`] if the account has no certificate with this serial number.
    pub fn withdraw_platform_certificate(&self, serial: &str) -> Result<(), SandboxError> {
        self.state.keys().keyring.withdraw(serial)?;
        self.changed();
        Ok(())
    }

    /// Copies the account with all its keys, for [`SandboxBuilder::accounts`](super::SandboxBuilder::accounts) of a
    /// later sandbox.
    ///
    /// # Errors
    /// [`SandboxError`] if the cryptographic library cannot export a key.
    pub fn save(&self) -> Result<SavedAccount, SandboxError> {
        self.state.save()
    }

    /// Shows the account to the program that embeds the sandbox, after a change.
    pub(super) fn changed(&self) {
        self.shared.watchers.account_changed(self);
    }

    /// Writes the keys to files in an existing folder, and returns the configuration that names the files.
    ///
    /// The files have their usual names: `apiclient_cert.pem`, `apiclient_key.pem` and `pub_key.pem`, or `wechatpay.pem`
    /// if the account has no public key. Only their owner can read them. Use it to test a service that builds its clients from a [`Config`]:
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
    /// [`SandboxError::Write`] with the file that could not be written.
    pub fn write_config(&self, folder: impl AsRef<Path>) -> Result<Config, SandboxError> {
        let folder = folder.as_ref();
        let write = |name: &str, content: String| write_private(folder.join(name), &content);
        let (certificate, private_key) = self.merchant_pem()?;
        let mut config = Config {
            certificate_file: Some(write("apiclient_cert.pem", certificate)?),
            private_key_file: Some(write("apiclient_key.pem", private_key)?),
            ..self.identity_config()
        };
        let mode = self.state.keys().keyring.mode;
        if mode == KeyMode::Certificates {
            let certificate = write("wechatpay.pem", self.platform_certificate_pem())?;
            config.platform_certificate_files.push(certificate);
        } else {
            let (id, public_key) = self.wechatpay_public_key();
            config.wechatpay_public_key_id = Some(id);
            config.wechatpay_public_key_file = Some(write("pub_key.pem", public_key)?);
        }
        Ok(config)
    }

    /// Returns the configuration with the keys as text, for a service whose secrets are environment variables.
    ///
    /// # Errors
    /// [`SandboxError`] if the cryptographic library cannot export the key.
    pub fn config(&self) -> Result<Config, SandboxError> {
        let (certificate, private_key) = self.merchant_pem()?;
        let mut config = Config {
            certificate: Some(Secret::from(certificate)),
            private_key: Some(Secret::from(private_key)),
            ..self.identity_config()
        };
        if self.state.keys().keyring.mode == KeyMode::Certificates {
            config.platform_certificates.push(Secret::from(self.platform_certificate_pem()));
        } else {
            let (id, public_key) = self.wechatpay_public_key();
            config.wechatpay_public_key_id = Some(id);
            config.wechatpay_public_key = Some(Secret::from(public_key));
        }
        Ok(config)
    }

    /// Returns the configuration with the account's id and APIv3 key.
    fn identity_config(&self) -> Config {
        let id = self.merchant().id().to_owned();
        let (mchid, brand_id) = match self.state.kind {
            AccountKind::Brand => (None, Some(id)),
            _ => (Some(id), None),
        };
        let apiv3_key = Some(Secret::from(self.apiv3_key()));
        Config { mchid, brand_id, apiv3_key, ..Config::default() }
    }

    /// Sets the URL to which the sandbox sends notifications of this account by itself, as the merchant platform does:
    /// of an event type, or of all that begin with a text, such as `COMPLAINT.`. `None` ends it.
    ///
    /// A resource with a `notify_url` of its own goes before it.
    pub fn set_notify_url(&self, event: &str, url: Option<&str>) {
        // The account exists, and the log has what the storage said.
        let _ = self.shared.world().set_notify_url(Some(self.state.id()), event, url);
    }

    /// Returns the headers and the body of a notification, for a test that calls its handler directly.
    ///
    /// # Errors
    /// [`SandboxError::UnknownNotification`] lists the known names.
    pub fn notification(
        &self,
        notification: SandboxNotification,
    ) -> Result<(HeaderMap, Bytes), SandboxError> {
        let now = self.shared.world().moment();
        let encrypted = notification.encrypt(&self.state, &self.shared.routes, now)?;
        let body = Bytes::from(encrypted.body);
        let headers = notification.headers(&self.state, &body, notification.first_fault())?;
        Ok((headers, body))
    }

    /// Posts a notification once to a URL on this machine or in a private network, and returns the response.
    ///
    /// # Errors
    /// [`SandboxError`] as for [`Account::notification`], for a URL elsewhere
    /// ([`SandboxBuilder::allow_webhook_host`](super::SandboxBuilder::allow_webhook_host) allows it), and if the server does not
    /// respond within five seconds.
    pub async fn notify(
        &self,
        url: &str,
        notification: SandboxNotification,
    ) -> Result<WebhookResponse, SandboxError> {
        let (headers, body) = self.notification(notification)?;
        let client = self.shared.webhooks.client(url, RESPONSE_TIMEOUT).await?;
        client.post(headers, body).await.map_err(SandboxError::Delivery)
    }

    /// Posts a notification to a URL on this machine or in a private network until the server acknowledges it with 200 or 204, as WeChat Pay
    /// does ([protocol §8.4]).
    ///
    /// All copies have the same body and their own signatures. The future ends with the schedule at the latest; spawn
    /// it to do something else meanwhile. `ENTRUST.TERMINATE_RETENTION` is sent once, and its response must have the
    /// documented members ([§8.3]).
    ///
    /// # Errors
    /// [`SandboxError`] as for [`Account::notification`], and for a URL elsewhere. A server that does not
    /// respond is not an error; the log contains the attempt.
    ///
    /// [protocol §8.4]: crate::docs::protocol::notifications#84-retry-schedule
    /// [§8.3]: crate::docs::protocol::notifications#83-acknowledgement
    pub async fn deliver(
        &self,
        url: &str,
        notification: SandboxNotification,
        delivery: Delivery,
    ) -> Result<DeliveryLog, SandboxError> {
        let prepared = delivery.prepare(&self.shared, &self.state, url, notification).await?;
        prepared.run(|_| (), || false).await
    }
}

fn serial(identity: &Identity) -> String {
    identity.certificate().serial().to_string()
}

impl fmt::Debug for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Account").field("id", &self.state.id()).finish_non_exhaustive()
    }
}
