//! The server: as little HTTP as a download needs.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use crate::Failure;
use crate::arguments::File;
use crate::content::{Content, Pieces};
use crate::gcm::{Gcm, TAG};

/// Serves all files, one connection after the other, and prints the port first.
pub(crate) fn serve(arguments: &[String]) -> Result<(), Failure> {
    let megabytes = arguments.first().ok_or("the server needs the length of its files")?.parse()?;
    let mut files = Vec::new();
    for file in File::ALL {
        let content = Content::new(file.kind, megabytes);
        files.push((file, if file.gzip { content.gzip()? } else { content.plain() }));
    }
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?.port());
    io::stdout().flush()?;
    for stream in listener.incoming() {
        // A client that went away early has told its reason itself.
        let _ = answer(stream?, &files);
    }
    Ok(())
}

fn answer(stream: TcpStream, files: &[(File, Pieces)]) -> Result<(), Failure> {
    stream.set_nodelay(true)?;
    let mut requests = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    while let Some(target) = read_request(&mut requests)? {
        let (file, pieces) = files
            .iter()
            .find(|(file, _)| file.target() == target)
            .ok_or_else(|| format!("no file at {target}"))?;
        let tag = if file.is_encrypted() { TAG as u64 } else { 0 };
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n",
            pieces.length() + tag
        )?;
        match file.is_encrypted() {
            true => send_encrypted(&mut stream, pieces)?,
            false => pieces.each(|piece| Ok(stream.write_all(piece)?))?,
        }
    }
    Ok(())
}

fn send_encrypted(stream: &mut TcpStream, pieces: &Pieces) -> Result<(), Failure> {
    let mut gcm = Gcm::new()?;
    let mut encrypted = Vec::new();
    pieces.each(|piece| {
        encrypted.clear();
        encrypted.extend_from_slice(piece);
        gcm.encrypt(&mut encrypted)?;
        Ok(stream.write_all(&encrypted)?)
    })?;
    Ok(stream.write_all(&gcm.tag())?)
}

/// Reads a request without body, and returns its target; `None` if the client closed the connection.
fn read_request(requests: &mut impl BufRead) -> Result<Option<String>, Failure> {
    let mut first = String::new();
    if requests.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        if requests.read_line(&mut line)? == 0 {
            return Err("the request was cut short".into());
        }
    }
    Ok(first.split(' ').nth(1).map(str::to_owned))
}
