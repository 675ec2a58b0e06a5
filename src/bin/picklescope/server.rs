//! Serves the page and one file to whoever has the token, over HTTP on the loopback interface.
//!
//! One request a connection, only GET, and only names that were known before the first request: nothing in a request becomes a path.
//! What must be true of a request stands in [`Server::answer`].

use super::site::Site;
use picklescope::bytes::Source;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// Bytes of a request.
const REQUEST: usize = 16 << 10;
/// Time for a request to arrive, and for a piece of the answer to leave.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections at a time. A browser has six to one server.
const CONNECTIONS: usize = 64;
/// Bytes of the file that are sent at a time.
const PIECE: usize = 1 << 18;
/// Time between two signs of life. Firefox gives up an answer after five silent minutes.
const BEAT: Duration = Duration::from_secs(30);
/// Time in which a page that was closed may be there again: it is reloaded.
const RELOAD: Duration = Duration::from_secs(5);

/// With every answer: no cache, no other page and no frame gets at it, and the address, which has the token, goes nowhere.
const HEADERS: &str = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\
    Cross-Origin-Resource-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\n\
    Content-Security-Policy: frame-ancestors 'none'\r\nConnection: close\r\n";

/// What is served, and to whom.
pub(crate) struct Server {
    listener: TcpListener,
    authority: String,
    token: String,
    site: Site,
    file: Arc<dyn Source>,
    connections: AtomicUsize,
}

/// A page came or went.
enum Visit {
    Begins,
    Ends,
}

/// One of the connections that are counted.
struct Counted(Arc<Server>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Server {
    /// Takes an address of this machine alone. Nothing is answered yet.
    pub(crate) fn new(port: u16, site: Site, file: Arc<dyn Source>) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddrV4::new(Ipv4Addr::LOCALHOST, port))?;
        let mut token = [0; 16];
        getrandom::fill(&mut token).map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Self {
            authority: listener.local_addr()?.to_string(),
            listener,
            token: data_encoding::HEXLOWER.encode(&token),
            site,
            file,
            connections: AtomicUsize::new(0),
        })
    }

    /// What to open.
    pub(crate) fn address(&self) -> String {
        format!("http://{}/{}/", self.authority, self.token)
    }

    /// Answers until the page was there and is closed.
    pub(crate) fn run(self) {
        let (visits, seen) = channel();
        let server = Arc::new(self);
        // It ends with the process.
        std::thread::spawn(move || server.accept(&visits));
        wait(&seen);
    }

    fn accept(self: Arc<Self>, visits: &Sender<Visit>) {
        for stream in self.listener.incoming() {
            let Ok(stream) = stream else {
                // Too many open files, say: trying again at once would only keep the processor busy.
                std::thread::sleep(Duration::from_millis(100));
                continue;
            };
            if self.connections.fetch_add(1, Ordering::Relaxed) >= CONNECTIONS {
                self.connections.fetch_sub(1, Ordering::Relaxed);
                continue;
            }
            let (counted, visits) = (Counted(Arc::clone(&self)), visits.clone());
            // A connection that breaks costs itself. Without a thread it is closed.
            let _ = std::thread::Builder::new().spawn(move || counted.0.answer(stream, &visits));
        }
    }

    /// Answers one request, if it may be: `GET` of a known name below the token, at this very address. The last keeps out pages of
    /// other sites whose name was made to mean this machine.
    fn answer(&self, mut stream: TcpStream, visits: &Sender<Visit>) -> io::Result<()> {
        stream.set_write_timeout(Some(PATIENCE))?;
        let head = match head(&mut stream) {
            Ok(head) => head,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return refuse(&mut stream, "400 Bad Request");
            }
            Err(error) => return Err(error),
        };
        let Some(request) = Request::of(&head) else { return refuse(&mut stream, "400 Bad Request") };
        if request.host != self.authority {
            return refuse(&mut stream, "403 Forbidden");
        }
        if request.method != "GET" {
            return refuse(&mut stream, "405 Method Not Allowed");
        }
        let Some(name) = self.name(request.target) else { return refuse(&mut stream, "404 Not Found") };
        match (name, self.site.asset(name)) {
            ("file", _) => self.send_file(&mut stream),
            ("alive", _) => {
                let _ = visits.send(Visit::Begins);
                let ended = stay(&mut stream);
                let _ = visits.send(Visit::Ends);
                ended
            }
            (_, Some(asset)) => {
                start(&mut stream, "200 OK", &length(asset.media_type, asset.bytes.len() as u64))?;
                stream.write_all(&asset.bytes)
            }
            (_, None) => refuse(&mut stream, "404 Not Found"),
        }
    }

    /// What stands behind the token in a request's target. How long the comparison takes says nothing of the token.
    fn name<'t>(&self, target: &'t str) -> Option<&'t str> {
        let (token, name) = target.strip_prefix('/')?.split_once('/')?;
        let differing = token.bytes().zip(self.token.bytes()).fold(0, |all, (one, other)| all | (one ^ other));
        let is_right = token.len() == self.token.len() && differing == 0;
        is_right.then(|| name.split_once('?').map_or(name, |(name, _)| name))
    }

    fn send_file(&self, stream: &mut TcpStream) -> io::Result<()> {
        start(stream, "200 OK", &length("application/octet-stream", self.file.len()))?;
        let mut piece = vec![0; PIECE];
        let mut offset = 0;
        while offset < self.file.len() {
            let read = self.file.read_at(offset, &mut piece).map_err(|error| io::Error::other(error.to_string()))?;
            if read == 0 {
                // The file has become shorter: the browser sees that something is missing.
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let read = read.min(usize::try_from(self.file.len() - offset).unwrap_or(usize::MAX));
            stream.write_all(&piece[..read])?;
            offset += read as u64;
        }
        Ok(())
    }
}

/// Waits until pages were there and none is for a while.
fn wait(seen: &Receiver<Visit>) {
    let mut open: usize = 0;
    let mut was_open = false;
    loop {
        let next = if was_open && open == 0 {
            seen.recv_timeout(RELOAD)
        } else {
            seen.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match next {
            Ok(Visit::Begins) => (open, was_open) = (open + 1, true),
            Ok(Visit::Ends) => open = open.saturating_sub(1),
            Err(_) => return,
        }
    }
}

/// An answer that lasts as long as the page does: whoever asked for it never closes it otherwise.
fn stay(stream: &mut TcpStream) -> io::Result<()> {
    start(stream, "200 OK", "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n")?;
    stream.set_read_timeout(Some(BEAT))?;
    loop {
        match stream.read(&mut [0; 64]) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                stream.write_all(b"1\r\n\n\r\n")?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn length(media_type: &str, bytes: u64) -> String {
    format!("Content-Type: {media_type}\r\nContent-Length: {bytes}\r\n")
}

fn start(stream: &mut TcpStream, status: &str, headers: &str) -> io::Result<()> {
    stream.write_all(format!("HTTP/1.1 {status}\r\n{headers}{HEADERS}\r\n").as_bytes())
}

fn refuse(stream: &mut TcpStream, status: &str) -> io::Result<()> {
    start(stream, status, &length("text/plain", 0))
}

/// The lines of a request. What comes later than it should, or is longer, is no request.
fn head(stream: &mut TcpStream) -> io::Result<String> {
    let end = Instant::now() + PATIENCE;
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    let size = loop {
        let left = end.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        stream.set_read_timeout(Some(left))?;
        let read = stream.read(&mut piece)?;
        if read == 0 || Instant::now() > end {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        // The end may lie across two pieces.
        let seen = bytes.len().saturating_sub(3);
        bytes.extend_from_slice(&piece[..read]);
        if let Some(at) = bytes[seen..].windows(4).position(|four| four == b"\r\n\r\n") {
            break seen + at;
        }
        if bytes.len() > REQUEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
    };
    bytes.truncate(size);
    String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// What counts of a request.
#[derive(PartialEq, Eq, Debug)]
struct Request<'h> {
    method: &'h str,
    target: &'h str,
    host: &'h str,
}

impl<'h> Request<'h> {
    /// The request in these lines. A request must name exactly one host.
    fn of(head: &'h str) -> Option<Self> {
        let (first, lines) = head.split_once("\r\n")?;
        let mut words = first.split(' ');
        let (method, target, version) = (words.next()?, words.next()?, words.next()?);
        if words.next().is_some() || !version.starts_with("HTTP/1.") {
            return None;
        }
        let headers = lines.split("\r\n").filter_map(|line| line.split_once(':'));
        let mut hosts = headers.filter(|(name, _)| name.eq_ignore_ascii_case("host"));
        let (_, host) = hosts.next()?;
        hosts.next().is_none().then(|| Self { method, target, host: host.trim() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_one_host() {
        let request = Request { method: "GET", target: "/a/", host: "127.0.0.1:1" };
        assert_eq!(Request::of("GET /a/ HTTP/1.1\r\nAccept: *\r\nhOst: 127.0.0.1:1"), Some(request));
        for head in [
            "GET /a/ HTTP/1.1",
            "GET /a/ HTTP/1.1\r\nAccept: *",
            "GET /a/ HTTP/1.1\r\nHost: a\r\nHost: a",
            "GET /a/ b HTTP/1.1\r\nHost: a",
            "GET /a/\r\nHost: a",
            "GET /a/ HTTP/2\r\nHost: a",
            "",
        ] {
            assert_eq!(Request::of(head), None, "{head:?}");
        }
    }
}
