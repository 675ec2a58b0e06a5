//! `picklescope view`: the viewer in a browser, with a file open, from an address of this machine alone.

use super::input;
use super::output::{Output, Spelling, path, say};
use super::server::Server;
use super::site::{self, Site};
use clap::ArgMatches;
use picklescope::api::standard_memory;
use picklescope::opcode::visible;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The page was closed.
const CLOSED: u8 = 0;
const FAILED: u8 = 1;
/// The page was closed; the file was served in part.
const CUT: u8 = 2;

/// Serves until the page is closed.
pub(crate) fn run(words: &ArgMatches) -> u8 {
    serve(words).unwrap_or_else(|message| {
        say(&message);
        FAILED
    })
}

fn serve(words: &ArgMatches) -> Result<u8, String> {
    let name = words.get_one::<String>("file").map_or("", String::as_str);
    let memory = words.get_one::<u64>("limit-memory").copied().unwrap_or_else(standard_memory);
    let opened = input::open(Path::new(name), memory / 2).map_err(|error| format!("{}: {error}", path(name)))?;
    let site = site(words, &shown_name(name))?;
    let port = words.get_one::<u16>("port").copied().unwrap_or_default();
    let server = Server::new(port, site, opened.source);
    let server = server.map_err(|error| format!("there is no address to serve at: {error}"))?;
    let address = server.address();
    let mut out = Output::stdout(Spelling::Text, u64::MAX);
    let printed = writeln!(out, "{address}").and_then(|()| out.flush());
    printed.map_err(|error| format!("the address cannot be printed: {error}"))?;
    if let Some(cut) = &opened.cut {
        say(&format!("{}: {cut}", path(name)));
    }
    let browser = words.get_one::<String>("browser").map_or("default", String::as_str);
    if browser != "none" {
        open_address(browser, &address);
    }
    server.run();
    Ok(if opened.cut.is_some() { CUT } else { CLOSED })
}

/// What the page calls the file: its name without folders.
fn shown_name(name: &str) -> String {
    let base = Path::new(name).file_name().map_or(name.into(), |base| base.to_string_lossy());
    if name == "-" { "standard input".to_owned() } else { visible(&base).into_owned() }
}

fn site(words: &ArgMatches, file_name: &str) -> Result<Site, String> {
    let given = words.get_one::<PathBuf>("site");
    let folder = given.cloned().map_or_else(site::usual_folder, Ok);
    let folder = folder.map_err(|error| format!("where this program is cannot be found out: {error}; use --site"))?;
    let spelled = folder.to_string_lossy();
    Site::read(&folder, file_name).map_err(|error| {
        let missing = given.is_none() && error.kind() == io::ErrorKind::NotFound;
        if missing {
            let install =
                "pip install picklescope brings the page's files, make dist builds them, --site names their folder";
            return format!("the page's files are not at {}: {install}", path(&spelled));
        }
        format!("the page's files in {}: {error}", path(&spelled))
    })
}

/// Opens the address; who cannot is told by a line, since the address is printed anyway.
fn open_address(browser: &str, address: &str) {
    let mut command = match browser {
        "default" if cfg!(target_os = "macos") => Command::new("open"),
        "default" if cfg!(windows) => {
            let mut command = Command::new("rundll32");
            command.arg("url.dll,FileProtocolHandler");
            command
        }
        "default" => Command::new("xdg-open"),
        program => Command::new(program),
    };
    let quiet = command.arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Err(error) = quiet.spawn() {
        say(&format!("no browser could be started ({error}): open the address above"));
    }
}
