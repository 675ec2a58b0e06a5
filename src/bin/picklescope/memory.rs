//! How much memory a command may take.

use clap::ArgMatches;
use picklescope::bytes::Limits;
use std::fs;

/// What a process takes before it has read anything, and what the allocator keeps aside.
const OVERHEAD: u64 = 64 << 20;
/// The default where the machine does not say what it has, and the most that is taken unasked.
const UNKNOWN: u64 = 2 << 30;
const MOST: u64 = 4 << 30;
/// The least that can be asked for.
pub(crate) const LEAST: u64 = 16 << 20;

/// The budget of a command, or of one of several workers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Memory {
    /// Bytes in all.
    pub(crate) total: u64,
    /// Bytes that a compressed stream may unpack to, if the command line says so.
    pub(crate) unpacked: Option<u64>,
}

impl Memory {
    /// What the command line says: `--limit-memory` and `--max-unpacked`. Whoever lets a stream unpack to more than there is
    /// room for without saying anything of memory gets that room.
    pub(crate) fn of(matches: &ArgMatches) -> Self {
        let unpacked = matches.get_one::<u64>("max-unpacked").copied();
        let wanted = unpacked.map_or(0, |bytes| bytes.saturating_mul(4));
        let given = matches.get_one::<u64>("limit-memory").copied();
        Self { total: given.unwrap_or_else(|| default().max(wanted)), unpacked }
    }

    /// The budgets of a reading.
    pub(crate) fn limits(self) -> Limits {
        let within = Limits::within(self.total);
        Limits { unpacked: self.unpacked.map_or(within.unpacked, |bytes| bytes.min(self.total / 4)), ..within }
    }

    /// Bytes of a pipe or a device that are read.
    pub(crate) fn input(self) -> u64 {
        self.total / 4
    }

    /// Has the operating system hold this process to it: what the budgets missed ends the process, not the machine.
    pub(crate) fn enforce(self) {
        #[cfg(unix)]
        {
            use rustix::process::{Resource, getrlimit, setrlimit};
            let most = self.total.saturating_add(OVERHEAD);
            let mut limit = getrlimit(Resource::As);
            limit.current = Some(limit.current.map_or(most, |current| current.min(most)));
            // Where there is no such limit, the budgets have to do.
            let _ = setrlimit(Resource::As, limit);
        }
    }
}

/// A quarter of the machine's memory, or of what this process may use of it.
fn default() -> u64 {
    installed().map_or(UNKNOWN, |bytes| (bytes / 4).clamp(LEAST, MOST))
}

fn installed() -> Option<u64> {
    let number = |text: String| text.trim().parse::<u64>().ok();
    let group = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let allowed = group.iter().filter_map(|path| fs::read_to_string(path).ok().and_then(number)).min();
    let facts = fs::read_to_string("/proc/meminfo").ok();
    let kilobytes = facts.and_then(|facts| {
        let line = facts.lines().find_map(|line| line.strip_prefix("MemTotal:"))?.trim().to_owned();
        line.strip_suffix("kB").and_then(|count| count.trim().parse::<u64>().ok())
    });
    let machine = kilobytes.map(|count| count.saturating_mul(1024));
    machine.map(|bytes| allowed.map_or(bytes, |allowed| allowed.min(bytes)))
}

/// A number of bytes as people write it: `4096`, `512M`, `2G`, `1.5GiB`.
pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    let wrong = || format!("expected a number of bytes such as 4096, 512M or 2G, found {text}");
    let lower = text.trim().to_ascii_lowercase();
    let number = lower.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &lower[number.len()..] {
        _ if number.is_empty() => return Err(wrong()),
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        "t" | "tb" | "tib" => 1_u64 << 40,
        _ => return Err(wrong()),
    };
    let number = number.trim_end();
    if let Ok(count) = number.parse::<u64>() {
        return count.checked_mul(unit).ok_or_else(wrong);
    }
    let is_decimal = number.contains('.') && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let count = number.parse::<f64>().ok().filter(|_| is_decimal && unit > 1).ok_or_else(wrong)?;
    Ok((count * unit as f64) as u64)
}

/// The same for the memory of a command, which needs some.
pub(crate) fn memory(text: &str) -> Result<u64, String> {
    match bytes(text)? {
        enough @ LEAST.. => Ok(enough),
        _ => Err(format!("expected at least {LEAST} bytes, found {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_bytes() {
        let right =
            [("0", 0), ("4096", 4096), ("512M", 512 << 20), ("2G", 2 << 30), ("1.5GiB", 3 << 29), ("1 k", 1024)];
        for (text, expected) in right {
            assert_eq!(bytes(text), Ok(expected), "{text}");
        }
        for text in ["", "G", "-1", "2X", "1.5", "1e9", "nan", "inf", "99999999999T", "0x10"] {
            assert!(bytes(text).is_err(), "{text}");
        }
        assert!(memory("1M").is_err() && memory("16M") == Ok(LEAST));
    }

    #[test]
    fn what_is_asked_for_has_room() {
        let limits = Memory { total: 1 << 30, unpacked: None }.limits();
        assert_eq!((limits.memory, limits.unpacked), (1 << 29, 1 << 28));
        let limits = Memory { total: 1 << 30, unpacked: Some(5) }.limits();
        assert_eq!(limits.unpacked, 5);
        assert_eq!(Memory { total: 1 << 40, unpacked: None }.limits().unpacked, Limits::default().unpacked);
    }
}
