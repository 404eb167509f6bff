//! One customer of a sandbox.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::HeaderMap;

use super::SandboxError;
use super::courier::{Courier, PATIENCE, WebhookResponse};
use super::customer::Customer;
use super::delivery::{Delivery, DeliveryLog};
use super::keyring::KeyMode;
use super::notice::SandboxNotification;
use super::state::Shared;
use crate::client::{BuildError, Client, ClientBuilder};
use crate::protocol::issuing::Identity;
use crate::protocol::{ApiV3Key, Merchant};

/// A merchant's or a brand's account at a sandbox: its keys, its clients, its notifications.
///
/// [`Sandbox::add_merchant`](super::Sandbox::add_merchant) opens one; a sandbox is itself the account of
/// its first merchant. Cloning gives the same account.
#[derive(Clone)]
pub struct Account {
    pub(super) shared: Arc<Shared>,
    pub(super) customer: Arc<Customer>,
}

impl Account {
    pub(super) fn open(shared: Arc<Shared>, customer: Customer) -> Result<Self, SandboxError> {
        let customer = Arc::new(customer);
        shared.state().open(Arc::clone(&customer))?;
        Ok(Self { shared, customer })
    }

    /// A client of this account.
    ///
    /// # Errors
    /// [`BuildError`] when TLS, which no call here uses, cannot be set up.
    pub fn client(&self) -> Result<Client, BuildError> {
        self.client_builder().build()
    }

    /// A client with everything but your own settings. It holds the WeChat Pay public key, or the
    /// platform certificate if there is no public key for the account.
    pub fn client_builder(&self) -> ClientBuilder {
        let client = Client::builder(self.merchant().clone())
            .apiv3_key(self.apiv3_key())
            .base_url(&self.shared.url);
        if self.customer.keys().keyring.mode == KeyMode::CertificatesOnly {
            return client.platform_certificate(self.platform_certificate_pem());
        }
        let (id, pem) = self.wechatpay_public_key();
        client.wechatpay_public_key(id, pem)
    }

    /// The merchant or brand whose requests are accepted.
    #[must_use]
    pub fn merchant(&self) -> &Merchant {
        &self.customer.merchant
    }

    /// Its certificate and private key, like `apiclient_cert.pem` and `apiclient_key.pem`.
    ///
    /// # Errors
    /// [`SandboxError`] when the cryptographic library does not give the key away.
    pub fn merchant_pem(&self) -> Result<(String, String), SandboxError> {
        let identity = &self.customer.identity;
        Ok((identity.certificate_pem().to_owned(), identity.private_key_pem()?))
    }

    /// The WeChat Pay public key: its id `PUB_KEY_ID_…`, of this account alone, and its PEM text.
    #[must_use]
    pub fn wechatpay_public_key(&self) -> (String, String) {
        let keyring = &self.customer.keys().keyring;
        (keyring.public_key_id().to_owned(), keyring.public_key().public_key_pem())
    }

    /// The platform certificate that signs; it was issued for this account alone.
    #[must_use]
    pub fn platform_certificate_pem(&self) -> String {
        let keyring = &self.customer.keys().keyring;
        let signing = keyring.signing_certificate();
        signing.map(|identity| identity.certificate_pem().to_owned()).unwrap_or_default()
    }

    /// The APIv3 key that the account was opened with.
    #[must_use]
    pub fn apiv3_key(&self) -> &str {
        &self.customer.apiv3_key_text
    }

    /// Sets the APIv3 key that WeChat Pay encrypts with from now on, as if somebody had reset it on the
    /// merchant platform: clients with the old one no longer open certificates and notifications.
    ///
    /// # Errors
    /// [`SandboxError::Key`] unless it has 32 characters.
    pub fn reset_apiv3_key(&self, key: &str) -> Result<(), SandboxError> {
        self.customer.keys().apiv3_key = ApiV3Key::new(key)?;
        Ok(())
    }

    /// Sets which of its keys WeChat Pay uses with the account from now on, as when a merchant migrates
    /// ([protocol §3.4]).
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    pub fn set_key_mode(&self, mode: KeyMode) {
        self.customer.keys().keyring.mode = mode;
    }

    /// Issues a new platform certificate, which signs from now on wherever a certificate is asked for;
    /// `/v3/certificates` lists it beside the old ones ([protocol §3.3]).
    ///
    /// # Errors
    /// [`SandboxError`] when the cryptographic library makes no key.
    ///
    /// [protocol §3.3]: crate::docs::protocol::keys#33-first-download-renewal-rotation
    pub fn rotate_platform_certificate(&self) -> Result<(), SandboxError> {
        let identity = self.customer.new_certificate()?.build()?;
        let serial = serial(&identity);
        let keyring = &mut self.customer.keys().keyring;
        keyring.add(identity);
        keyring.sign_by(&serial)
    }

    /// Issues a platform certificate that is valid between these moments, and returns its serial number.
    /// `/v3/certificates` lists it beside the others; it signs once
    /// [`sign_by_certificate`](Account::sign_by_certificate) says so, whether it is valid or not.
    ///
    /// # Errors
    /// [`SandboxError`] when the cryptographic library makes no key, and for moments that X.509 cannot say.
    pub fn issue_platform_certificate(
        &self,
        from: SystemTime,
        to: SystemTime,
    ) -> Result<String, SandboxError> {
        let identity = self.customer.new_certificate()?.valid(from, to).build()?;
        let serial = serial(&identity);
        self.customer.keys().keyring.add(identity);
        Ok(serial)
    }

    /// Lets this platform certificate sign from now on wherever a certificate is asked for. In the last
    /// days before one expires WeChat Pay goes to and fro between two ([protocol §3.3]).
    ///
    /// # Errors
    /// [`SandboxError::UnknownCertificate`].
    ///
    /// [protocol §3.3]: crate::docs::protocol::keys#33-first-download-renewal-rotation
    pub fn sign_by_certificate(&self, serial: &str) -> Result<(), SandboxError> {
        self.customer.keys().keyring.sign_by(serial)
    }

    /// Takes a platform certificate out of use: it is no longer listed, and requests that name it are
    /// refused. If it signed, the one issued last does from now on.
    ///
    /// # Errors
    /// [`SandboxError::UnknownCertificate`].
    pub fn withdraw_platform_certificate(&self, serial: &str) -> Result<(), SandboxError> {
        self.customer.keys().keyring.withdraw(serial)
    }

    /// Headers and body of a notification, for a handler that is called directly.
    ///
    /// # Errors
    /// [`SandboxError::UnknownNotification`] names those that there are.
    pub fn notification(
        &self,
        notice: SandboxNotification,
    ) -> Result<(HeaderMap, Bytes), SandboxError> {
        let body = Bytes::from(notice.envelope(self)?.body);
        let headers = notice.headers(self, &body, notice.first_fault())?;
        Ok((headers, body))
    }

    /// Posts a notification to a URL on this machine once, and returns how it was received.
    ///
    /// # Errors
    /// [`SandboxError`] as [`Account::notification`], for any other machine, and when nothing answers
    /// within five seconds.
    pub async fn notify(
        &self,
        url: &str,
        notice: SandboxNotification,
    ) -> Result<WebhookResponse, SandboxError> {
        let (headers, body) = self.notification(notice)?;
        let courier = Courier::new(url, PATIENCE)?;
        courier.post(headers, body).await.map_err(SandboxError::Delivery)
    }

    /// Posts a notification to a URL on this machine until it is acknowledged with 200 or 204, as WeChat
    /// Pay does ([protocol §8.4]): always the same body, each copy signed anew. It is done when the
    /// schedule ends; spawn it to do something else meanwhile.
    ///
    /// `ENTRUST.TERMINATE_RETENTION` is sent once, and its answer must have the documented members
    /// ([§8.3]).
    ///
    /// # Errors
    /// [`SandboxError`] as [`Account::notification`], and for any other machine. That nothing answers is
    /// no error, and stands in the log.
    ///
    /// [protocol §8.4]: crate::docs::protocol::notifications#84-retry-schedule
    /// [§8.3]: crate::docs::protocol::notifications#83-acknowledgement
    pub async fn deliver(
        &self,
        url: &str,
        notice: SandboxNotification,
        delivery: Delivery,
    ) -> Result<DeliveryLog, SandboxError> {
        delivery.run(self, url, notice).await
    }
}

fn serial(identity: &Identity) -> String {
    identity.certificate().serial().to_string()
}

impl fmt::Debug for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Account").field("id", &self.customer.id()).finish_non_exhaustive()
    }
}
