use super::{Call, Client, Download, DownloadCall, FromResponse, OperationKind, PathValues, Typed};

/// One step of the chain `wx.v3().payscore()…`: the client and the path's values so far.
///
/// Generated nodes are newtypes of it.
#[derive(Clone, Debug)]
pub struct Node {
    client: Client,
    path: PathValues,
}

impl Node {
    /// Where a chain starts.
    #[must_use]
    pub fn root(client: &Client) -> Self {
        Self { client: client.clone(), path: PathValues::default() }
    }

    /// The next step, over a literal segment.
    #[must_use]
    pub fn child(&self) -> Self {
        self.clone()
    }

    /// The next step, over a parameter.
    #[must_use]
    pub fn parameter(&self, value: impl Into<String>) -> Self {
        let mut next = self.clone();
        next.path.push(value.into());
        next
    }

    /// The end of a chain.
    pub fn call<K: OperationKind<Response: FromResponse>>(
        &self,
        request: K::Request,
    ) -> Call<Typed<K>> {
        self.client.call(Typed::new(self.path.clone(), request))
    }

    /// The end of a chain that downloads a raw file.
    pub fn download<K: OperationKind<Response = Download>>(
        &self,
        request: K::Request,
    ) -> DownloadCall<Typed<K>> {
        self.client.download(Typed::new(self.path.clone(), request))
    }
}
