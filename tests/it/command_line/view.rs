//! `picklescope view`: who gets the file from the server, and who does not. What a browser makes of it is in tests/e2e/view.test.mjs.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

const FILE: &[u8] = b"\x80\x04]\x94(K\x01K\x02e.";
const PAGE: &str = "<head><meta charset=\"utf-8\"></head>";

/// A folder with a file and something that stands for the page.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("view-{name}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(path.join("site/below")).unwrap();
    fs::write(path.join("two \"<b>\".pkl"), FILE).unwrap();
    fs::write(path.join("other.pkl"), b"N.").unwrap();
    for (name, text) in [("index.html", PAGE), ("boot-1.js", "run()"), ("boot-1.js.br", "?"), ("below/a.js", "no()")] {
        fs::write(path.join("site").join(name), text).unwrap();
    }
    path
}

/// A server, ended with the test.
struct Served {
    child: Child,
    authority: String,
    token: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    fn new(folder: &Path, words: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_picklescope"));
        command.args(["view", "--browser", "none", "--site", "site"]).args(words).current_dir(folder);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let rest = address.trim_end().strip_prefix("http://").unwrap();
        let (authority, token) = rest.strip_suffix('/').unwrap().split_once('/').unwrap();
        Self { authority: authority.to_owned(), token: token.to_owned(), child }
    }

    fn connect(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.authority).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    /// Status, headers and body of the answer.
    fn ask(&self, request: &str) -> (u32, String, Vec<u8>) {
        let mut answer = Vec::new();
        self.connect(request).read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), head, answer[end + 4..].to_vec())
    }

    fn get(&self, target: &str) -> (u32, String, Vec<u8>) {
        self.ask(&format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", self.authority))
    }

    fn stopped(&mut self, within: Duration) -> Option<ExitStatus> {
        let end = Instant::now() + within;
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        None
    }
}

#[test]
fn the_page_and_the_file_are_served_to_who_has_the_address() {
    let served = Served::new(&folder("served"), &["two \"<b>\".pkl"]);
    let token = &served.token;
    assert!(served.authority.starts_with("127.0.0.1:"), "{}", served.authority);
    assert!(token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
    let (status, head, page) = served.get(&format!("/{token}/"));
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains("<meta name=\"picklescope-file\" content=\"two &quot;&lt;b&gt;&quot;.pkl\">"), "{page}");
    assert!(head.contains("Content-Type: text/html"), "{head}");
    let wanted =
        ["no-store", "nosniff", "no-referrer", "Cross-Origin-Resource-Policy: same-origin", "frame-ancestors 'none'"];
    assert!(status == 200 && wanted.iter().all(|word| head.contains(word)), "{head}");
    let (status, head, bytes) = served.get(&format!("/{token}/file"));
    assert_eq!((status, &bytes[..]), (200, FILE));
    assert!(head.contains("application/octet-stream"), "{head}");
    let (status, head, script) = served.get(&format!("/{token}/boot-1.js?js=a"));
    assert_eq!((status, &script[..]), (200, &b"run()"[..]));
    assert!(head.contains("text/javascript"), "{head}");
    // Another one has another token.
    assert_ne!(Served::new(&folder("again"), &["other.pkl"]).token, *token);
}

#[test]
fn whoever_lacks_the_token_gets_nothing() {
    let served = Served::new(&folder("token"), &["other.pkl"]);
    let token = &served.token;
    let (wrong, short) = ("0".repeat(32), &token[..31]);
    for target in ["/", "/file", "/index.html", "//file", &format!("/{wrong}/file"), &format!("/{short}/file")] {
        assert_eq!(served.get(target).0, 404, "{target}");
    }
    for target in [format!("/{token}"), format!("/{token}0/file"), format!("/{token}/file/"), format!("{token}/file")] {
        assert_eq!(served.get(&target).0, 404, "{target}");
    }
}

#[test]
fn only_the_file_and_the_pages_own_files_are_served() {
    let served = Served::new(&folder("paths"), &["other.pkl"]);
    let names = [
        "two%20%22%3Cb%3E%22.pkl",
        "other.pkl",
        "../other.pkl",
        "..%2fother.pkl",
        "%2e%2e/other.pkl",
        "site/index.html",
        "below/a.js",
        "below",
        ".",
        "..",
        "/etc/passwd",
        "boot-1.js.br",
        "./boot-1.js",
        "\\..\\other.pkl",
        "file\0",
    ];
    for name in names {
        assert_eq!(served.get(&format!("/{}/{name}", served.token)).0, 404, "{name:?}");
    }
}

#[test]
fn only_this_very_address_is_answered() {
    let served = Served::new(&folder("host"), &["other.pkl"]);
    let (token, port) = (&served.token, served.authority.split_once(':').unwrap().1);
    for host in ["evil.example", &format!("evil.example:{port}"), &format!("localhost:{port}"), "127.0.0.1", ""] {
        let (status, _, body) = served.ask(&format!("GET /{token}/file HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert_eq!((status, body.len()), (403, 0), "{host}");
    }
    let own = &served.authority;
    for (request, status) in [
        (format!("GET /{token}/file HTTP/1.1\r\n\r\n"), 400),
        (format!("GET /{token}/file HTTP/1.1\r\nHost: {own}\r\nHost: evil.example\r\n\r\n"), 400),
        (format!("POST /{token}/file HTTP/1.1\r\nHost: {own}\r\nContent-Length: 0\r\n\r\n"), 405),
        (format!("OPTIONS /{token}/file HTTP/1.1\r\nHost: {own}\r\n\r\n"), 405),
        (format!("CONNECT {own} HTTP/1.1\r\nHost: {own}\r\n\r\n"), 405),
        ("\r\n\r\n".to_owned(), 400),
        (format!("GET /{token}/file HTTP/1.1\r\nHost: {own}\r\nX: {}\r\n\r\n", "x".repeat(12 << 10)), 200),
    ] {
        assert_eq!(served.ask(&request).0, status, "{:?}", &request[..40.min(request.len())]);
    }
    // A request without end is given up, and the next one answered.
    let mut endless = served.connect("GET / HTTP/1.1\r\n");
    let pushed = (0..64).all(|_| endless.write_all(&[b'x'; 4096]).is_ok());
    let mut answer = Vec::new();
    let _ = endless.read_to_end(&mut answer);
    assert!(!pushed || answer.is_empty() || answer.starts_with(b"HTTP/1.1 400"), "{answer:?}");
    assert_eq!(served.get(&format!("/{token}/file")).0, 200);
}

#[test]
fn a_large_file_comes_whole_and_what_was_opened_is_what_comes() {
    let folder = folder("large");
    let bytes: Vec<u8> = (0..20_000_001u32).map(|index| (index % 251) as u8).collect();
    fs::write(folder.join("large.pkl"), &bytes).unwrap();
    let served = Served::new(&folder, &["large.pkl"]);
    // Another file of the same name is not the one that was opened.
    #[cfg(unix)]
    {
        fs::remove_file(folder.join("large.pkl")).unwrap();
        fs::write(folder.join("large.pkl"), b"other").unwrap();
    }
    assert!(served.get(&format!("/{}/file", served.token)).2 == bytes);
}

#[test]
fn it_stops_when_the_page_is_closed_and_not_when_it_is_reloaded() {
    let mut served = Served::new(&folder("stops"), &["other.pkl"]);
    let request = format!("GET /{}/alive HTTP/1.1\r\nHost: {}\r\n\r\n", served.token, served.authority);
    let visit = |served: &Served| {
        let mut stream = served.connect(&request);
        let mut line = String::new();
        BufReader::new(&mut stream).read_line(&mut line).unwrap();
        assert_eq!(line, "HTTP/1.1 200 OK\r\n");
        stream
    };
    // Whoever only looks at a file does not end it.
    served.get(&format!("/{}/", served.token));
    drop(visit(&served));
    let again = visit(&served);
    assert!(served.stopped(Duration::from_secs(7)).is_none());
    drop(again);
    assert!(served.stopped(Duration::from_secs(60)).is_some_and(|status| status.success()));
}

#[test]
fn what_cannot_be_served_is_said() {
    let folder = folder("refused");
    fs::create_dir(folder.join("empty")).unwrap();
    fs::create_dir(folder.join("foreign")).unwrap();
    fs::write(folder.join("foreign/index.html"), "<html>").unwrap();
    let cases: [(&[&str], &str); 6] = [
        (&["--site", "site", "missing.pkl"], "missing.pkl: "),
        (&["--site", "site", "site"], "is a directory"),
        (&["--site", "empty", "other.pkl"], "has no index.html"),
        (&["--site", "foreign", "other.pkl"], "has another index.html"),
        (&["other.pkl"], "the page's files are not at"),
        (&["--port", "99999", "other.pkl"], "invalid value"),
    ];
    for (words, message) in cases {
        let mut command = Command::new(env!("CARGO_BIN_EXE_picklescope"));
        let output = command.args(["view", "--browser", "none"]).args(words).current_dir(&folder).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(message) && output.stdout.is_empty(), "{words:?}: {said}");
        assert_eq!(output.status.code(), Some(1), "{words:?}");
    }
}

#[test]
fn the_browser_gets_the_address() {
    let folder = folder("browser");
    let mut command = Command::new(env!("CARGO_BIN_EXE_picklescope"));
    command.args(["view", "--site", "site", "--browser", "no-such-browser", "other.pkl"]).current_dir(&folder);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut said).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(said.contains("no browser could be started") && said.contains("open the address above"), "{said}");
}
