//! A command in a process of its own, and the one that watches it.

use super::crash::{self, Death};
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

/// First word of the command line of a process that is watched.
pub(crate) const WORD: &str = "--watched";

/// What glibc's allocator is told before a program begins (glibc manual, "Memory Allocation Tunables").
const ALLOCATOR: &str = "GLIBC_TUNABLES";

/// This program, to be started once more.
pub(crate) fn this_program() -> io::Result<Command> {
    // On Linux this works even when the file was replaced since.
    let link = PathBuf::from("/proc/self/exe");
    let path = if cfg!(target_os = "linux") && link.exists() { link } else { std::env::current_exe()? };
    let mut command = Command::new(path);
    // What Rust's runtime says of its end is looked at, and one line is made of it.
    command.env("RUST_BACKTRACE", "0");
    // A graph is a few long vectors: in pages of 4 KiB, making them is a third of the time of a reading. glibc 2.35 and later
    // then ask for huge pages, where the system has them on request; what the caller wishes goes first.
    if cfg!(target_os = "linux") && std::env::var_os(ALLOCATOR).is_none() {
        command.env(ALLOCATOR, "glibc.malloc.hugetlb=1");
    }
    #[cfg(unix)]
    if let Some(name) = std::env::args_os().next() {
        use std::os::unix::process::CommandExt;
        command.arg0(name);
    }
    Ok(command)
}

/// Runs the command line `words` (without the program's name) in another process; `None` when there can be none.
pub(crate) fn run(words: &[OsString], memory: u64) -> Option<ExitCode> {
    let mut command = this_program().ok()?;
    let mut child = command.arg(WORD).args(words).stderr(Stdio::piped()).spawn().ok()?;
    let error = child.stderr.take();
    // It ends when the process does, so this thread has nothing better to do.
    let said = error.map(|mut error| crash::forward(&mut error));
    let (noise, code) = said.map_or_else(Default::default, |said| (said.noise, said.code));
    let status = match (child.wait(), code) {
        (Ok(status), _) => status,
        (Err(_), Some(code)) => return Some(ExitCode::from(code)),
        (Err(error), None) => {
            let why = "how the command ended is not known; is SIGCHLD ignored where it was started?";
            super::output::say(&format!("{why} ({error})"));
            return Some(ExitCode::from(crash::INTERNAL));
        }
    };
    if let Some(code) = status.code() {
        return Some(ExitCode::from(u8::try_from(code).unwrap_or(crash::INTERNAL)));
    }
    match Death::of(status, &noise) {
        // As a shell has it.
        Death::Stopped(signal) => Some(ExitCode::from(u8::try_from(128 + signal).unwrap_or(crash::INTERNAL))),
        death => {
            super::output::say(&death.sentence(memory));
            Some(ExitCode::from(crash::INTERNAL))
        }
    }
}
