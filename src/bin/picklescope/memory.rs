//! How much memory a command may take.

use clap::ArgMatches;
use picklescope::Options;
use picklescope::api::standard_memory;
use picklescope::bytes::Limits;

/// What a process takes before it has read anything, and what the allocator keeps aside.
const OVERHEAD: u64 = 64 << 20;
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
        Self { total: given.unwrap_or_else(|| standard_memory().max(wanted)), unpacked }
    }

    /// The part of one of `count` workers.
    pub(crate) fn shared(self, count: u64) -> Self {
        Self { total: self.total / count, ..self }
    }

    /// The budgets of a reading.
    pub(crate) fn limits(self) -> Limits {
        self.options().limits()
    }

    /// The same for the library's face.
    pub(crate) fn options(self) -> Options {
        let options = Options::new().memory(self.total);
        self.unpacked.map_or(options.clone(), |bytes| options.unpacked(bytes))
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
}
