//! What happens when this program itself fails: one line, one exit code, and no other file pays for it.
//!
//! Each command, and each worker of a scan, runs in a process of its own. Unwinding would catch a panic, but neither a stack
//! that overflows nor memory that is used up: both end the process, whatever `panic` is set to. A process that watches
//! another one sees all three alike, needs no proof about the code that runs in it, and takes a few milliseconds.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::ExitStatus;

/// This program failed (`EX_SOFTWARE` of `sysexits.h`).
pub(crate) const INTERNAL: u8 = 70;

/// Bytes of standard error that are looked at for the reason.
const TAIL: u64 = 4096;

/// Has a panic say one line and end the process.
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|facts| {
        let place = facts.location().map_or_else(String::new, |at| {
            let file = Path::new(at.file()).file_name().unwrap_or_default().to_string_lossy();
            format!(" at {file}:{}", at.line())
        });
        super::output::say(&internal(&format!("a panic{place}")));
        std::process::exit(i32::from(INTERNAL));
    }));
}

/// The sentence about a failure of this program.
pub(crate) fn internal(what: &str) -> String {
    format!("internal error; please report ({what})")
}

/// Has the operating system end this process when the one that started it is gone.
pub(crate) fn end_with_parent() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        // Without it the process ends when it has done its work.
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
    }
}

/// How a process ended that was to be watched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Death {
    /// For want of memory.
    Memory,
    /// By a signal that this program cannot have caused.
    Stopped(i32),
    /// In any other way; which.
    Other(String),
}

impl Death {
    /// What `status` and the end of standard error say.
    pub(crate) fn of(status: ExitStatus, error: &str) -> Self {
        if error.contains("memory allocation of") {
            return Self::Memory;
        }
        if error.contains("has overflowed its stack") {
            return Self::Other("the stack overflowed".to_owned());
        }
        if let Some((_, rest)) = error.split_once("please report (")
            && let Some((what, _)) = rest.split_once(')')
        {
            return Self::Other(what.to_owned());
        }
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
            return match signal {
                // Nobody else kills a process like this but a person.
                9 => Self::Other("killed, perhaps for want of memory".to_owned()),
                1 | 2 | 13 | 15 => Self::Stopped(signal),
                _ => Self::Other(format!("signal {signal}")),
            };
        }
        Self::Other(status.to_string())
    }

    /// The sentence for people; `memory` is what the process was given.
    pub(crate) fn sentence(&self, memory: u64) -> String {
        match self {
            Self::Memory => internal(&format!("out of memory within {memory} bytes; --limit-memory raises that")),
            Self::Stopped(signal) => format!("stopped by signal {signal}"),
            Self::Other(what) => internal(what),
        }
    }
}

/// The end of what a process said before it died.
pub(crate) fn last_words(error: &mut dyn Read) -> String {
    let mut bytes = Vec::new();
    // What cannot be read was not said.
    let _ = error.take(TAIL).read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// How a watched process says its exit code on standard error, as its last words: where SIGCHLD is ignored, as some that start
/// commands have it, the operating system forgets the code. No name or message has this character.
const ENDED: &[u8] = b"\x04ended ";

/// Says the exit code to the process that watches this one.
pub(crate) fn tell_end(code: u8) {
    // Nobody watches then.
    let _ = io::stderr().write_all(&[ENDED, format!("{code}\n").as_bytes()].concat());
}

/// What a process said on standard error that is not to be handed on.
pub(crate) struct Said {
    /// What Rust's runtime says of its end.
    pub(crate) noise: String,
    /// Its exit code, if it came to that.
    pub(crate) code: Option<u8>,
}

/// Hands on what a process says on standard error, but for what is said of its end, which is returned.
pub(crate) fn forward(error: &mut dyn Read) -> Said {
    const NOISE: [&[u8]; 4] = [b"memory allocation of", b"thread '", b"fatal runtime error", b"note: run with"];
    let mut out = io::stderr();
    let (mut noise, mut line, mut code) = (Vec::new(), Vec::new(), None);
    let mut piece = [0; 4096];
    while let Ok(count @ 1..) = error.read(&mut piece) {
        for &byte in &piece[..count] {
            line.push(byte);
            if byte != b'\n' && line.len() < TAIL as usize {
                continue;
            }
            if let Some(number) = line.strip_prefix(ENDED) {
                code = std::str::from_utf8(number).ok().and_then(|number| number.trim_end().parse().ok());
            } else if NOISE.iter().any(|words| line.starts_with(words)) {
                noise.extend_from_slice(&line[..line.len().min(TAIL as usize - noise.len().min(TAIL as usize))]);
            } else if line != b"\n" {
                // Nobody is left to be told that this failed.
                let _ = out.write_all(&line);
            }
            line.clear();
        }
    }
    let _ = out.write_all(&line);
    Said { noise: String::from_utf8_lossy(&noise).into_owned(), code }
}

/// For the tests: fails while the file at `path` is opened, when the environment says so: `panic=NAME`, `overflow=NAME`,
/// `memory=NAME` or `abort=NAME` with a part of its name.
#[cfg(debug_assertions)]
pub(crate) fn perhaps(path: &Path) {
    let Ok(wish) = std::env::var("PICKLESCOPE_CRASH") else { return };
    let text = if path == Path::new("-") { "standard input".into() } else { path.to_string_lossy() };
    for (way, name) in wish.split(',').filter_map(|one| one.split_once('=')) {
        match way {
            _ if !text.contains(name) => {}
            "panic" => panic!("the environment says so"),
            "overflow" => drop(std::hint::black_box(deeper(&[1; 4096]))),
            "memory" => drop(std::hint::black_box(vec![1_u8; 8 << 30])),
            _ => std::process::abort(),
        }
    }
}

#[cfg(debug_assertions)]
#[allow(unconditional_recursion, reason = "to overflow the stack")]
fn deeper(room: &[u8; 4096]) -> u64 {
    let more = std::hint::black_box([room[0]; 4096]);
    deeper(&more) + u64::from(std::hint::black_box(more[4095]))
}

#[cfg(not(debug_assertions))]
pub(crate) fn perhaps(_: &Path) {}
