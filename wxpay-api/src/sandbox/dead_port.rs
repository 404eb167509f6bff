//! A port that refuses every connection.

use std::io;

use tokio::net::TcpSocket;

/// Nobody listens on it, and as long as this lives nobody else can.
#[derive(Debug)]
pub(super) struct DeadPort {
    pub(super) url: String,
    _socket: TcpSocket,
}

impl DeadPort {
    pub(super) fn reserve() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        let url = format!("http://{}", socket.local_addr()?);
        Ok(Self { url, _socket: socket })
    }
}
