//! What a reading may cost, and what is read.

use crate::bundle::Progress;
use crate::bytes::Limits;
use std::fmt;
use std::sync::Arc;
#[cfg(not(target_arch = "wasm32"))]
use std::sync::OnceLock;

/// The default where the machine does not say what it has, and the most that is taken unasked.
const UNKNOWN: u64 = 2 << 30;

/// With less, not even the first bytes of a file could be told from what is no pickle.
const LEAST: u64 = 16 << 20;

/// Told of progress, from whatever thread reads.
type Watcher = Arc<dyn Fn(Progress) + Send + Sync>;

/// What a reading may cost, and what of a file is opened.
///
/// ```
/// use picklescope::Options;
///
/// let options = Options::new().memory(512 << 20).unpacked(64 << 20).member("archive/data.pkl");
/// let opened = picklescope::open_bytes("model.pt", b"PK".to_vec(), &options);
/// assert!(!opened.overview().complete);
/// ```
#[derive(Clone, Default)]
pub struct Options {
    memory: Option<u64>,
    unpacked: Option<u64>,
    member: Option<String>,
    watcher: Option<Watcher>,
}

impl fmt::Debug for Options {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { memory, unpacked, member, .. } = self;
        let mut fields = out.debug_struct("Options");
        fields.field("memory", memory).field("unpacked", unpacked).field("member", member).finish_non_exhaustive()
    }
}

impl Options {
    /// The standard: a quarter of the machine's memory, 4 GiB at most (in WebAssembly 2 GiB), and the member that a file is about.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Bytes of memory that reading and everything made of it may take, about; less than 16 MiB count as 16 MiB. Where they are used up,
    /// the reading stops and says so.
    #[must_use]
    pub fn memory(self, bytes: u64) -> Self {
        Self { memory: Some(bytes), ..self }
    }

    /// Bytes that one compressed stream may unpack to, a quarter of the memory at most and by default, no more than 1 GiB.
    #[must_use]
    pub fn unpacked(self, bytes: u64) -> Self {
        Self { unpacked: Some(bytes), ..self }
    }

    /// The member of an archive or of several files that is opened, by its path: `archive/data.pkl`. Without it the one is
    /// opened that the file is about.
    #[must_use]
    pub fn member(self, path: impl Into<String>) -> Self {
        Self { member: Some(path.into()), ..self }
    }

    /// Tells of progress while something is read, often.
    #[must_use]
    pub fn watched(self, watcher: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self { watcher: Some(Arc::new(watcher)), ..self }
    }

    /// The budgets of a reading.
    #[doc(hidden)]
    #[must_use]
    pub fn limits(&self) -> Limits {
        let within = Limits::within(self.total());
        Limits { unpacked: self.unpacked.map_or(within.unpacked, |bytes| bytes.min(self.total() / 4)), ..within }
    }

    /// Bytes that are read of what has no places, a pipe or a device.
    #[doc(hidden)]
    #[must_use]
    pub fn input(&self) -> u64 {
        self.total() / 4
    }

    fn total(&self) -> u64 {
        #[cfg(not(target_arch = "wasm32"))]
        let standard = standard_memory;
        #[cfg(target_arch = "wasm32")]
        let standard = || UNKNOWN;
        self.memory.map_or_else(standard, |bytes| bytes.max(LEAST))
    }

    pub(super) fn wanted_member(&self) -> Option<&str> {
        self.member.as_deref()
    }

    /// Hands progress on to whoever watches.
    pub(super) fn progress(&self) -> impl FnMut(Progress) + use<> {
        let watcher = self.watcher.clone();
        move |progress| {
            if let Some(watcher) = &watcher {
                watcher(progress);
            }
        }
    }
}

/// A quarter of the machine's memory, or of what this process may use of it. Looked up once.
#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
#[must_use]
pub fn standard_memory() -> u64 {
    const MOST: u64 = 4 << 30;
    static FOUND: OnceLock<u64> = OnceLock::new();
    *FOUND.get_or_init(|| installed().map_or(UNKNOWN, |bytes| (bytes / 4).clamp(LEAST, MOST)))
}

#[cfg(not(target_arch = "wasm32"))]
fn installed() -> Option<u64> {
    use std::fs;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_has_room() {
        let limits = Options::new().memory(1 << 30).limits();
        assert_eq!((limits.memory, limits.unpacked), (1 << 29, 1 << 28));
        assert_eq!(Options::new().memory(1 << 30).unpacked(5).limits().unpacked, 5);
        assert_eq!(Options::new().memory(1 << 40).limits().unpacked, Limits::default().unpacked);
    }
}
