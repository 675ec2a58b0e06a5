//! Reports that `picklescope scan --cache FOLDER` keeps for the next scan.
//!
//! A report follows from the bytes of a file, its own name, the budgets, and this program, and from nothing else: a scan opens
//! no file beside the one that it reads. All of that is in the name of the entry, so an entry is right for whatever file asks for it.
//! Partial readings are not kept: what stopped them may be the machine.

use super::fixed::Fixed;
use super::memory::Memory;
use picklescope::api::input::Input;
use picklescope::view::{FileReport, ReadingStatus};
use sha2::{Digest, Sha256};
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Bytes of an entry; longer reports are not kept.
const LONGEST: u64 = 4 << 20;

/// Finds or makes the folder of this program's reports in `folder`, which must be the user's own and not a part of `scanned`: what
/// others put there would be taken for reports.
pub(crate) fn prepare(folder: &Path, scanned: &[&PathBuf]) -> Result<PathBuf, String> {
    let failed = |error: io::Error| format!("the cache {}: {error}", super::output::path(&folder.to_string_lossy()));
    let refused = |why: &str| Err(format!("the cache {} {why}", super::output::path(&folder.to_string_lossy())));
    let is_scanned = |place: &Path| {
        scanned.iter().any(|path| path.canonicalize().is_ok_and(|path| path.is_dir() && place.starts_with(path)))
    };
    // Nothing is made in a folder that is scanned; where the way there leads is certain only when it is there.
    let named = |path: &Path| if path.as_os_str().is_empty() { Path::new(".").to_owned() } else { path.to_owned() };
    let existing = folder.ancestors().find_map(|path| named(path).canonicalize().ok());
    let in_scanned = "is in a folder that is scanned, so its reports may be of whoever made that folder";
    if existing.is_some_and(|path| is_scanned(&path)) {
        return refused(in_scanned);
    }
    make(folder).map_err(failed)?;
    let place = folder.canonicalize().map_err(failed)?;
    if is_scanned(&place) {
        return refused(in_scanned);
    }
    if !is_own(&place).map_err(failed)? {
        return refused("belongs to or can be written by other users, so its reports may be of them");
    }
    let place = place.join(format!("{}-{}", env!("CARGO_PKG_VERSION"), program().map_err(failed)?));
    make(&place).map_err(failed)?;
    Ok(place)
}

/// Makes a folder, and those above it, for this user alone.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(unix)]
fn is_own(folder: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let facts = fs::metadata(folder)?;
    Ok(facts.uid() == rustix::process::geteuid().as_raw() && facts.mode() & 0o022 == 0)
}

#[cfg(not(unix))]
fn is_own(_: &Path) -> io::Result<bool> {
    Ok(true)
}

/// A checksum of this program: what its version alone does not tell are the rules of a build in between.
fn program() -> io::Result<String> {
    let mut file = File::open(std::env::current_exe()?)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 18];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex(&hash.finalize())),
            count => hash.update(&piece[..count]),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// The reports of this program, as a worker sees them.
pub(crate) struct Cache {
    folder: PathBuf,
    memory: Memory,
}

impl Cache {
    pub(crate) fn new(folder: PathBuf, memory: Memory) -> Self {
        Self { folder, memory }
    }

    /// The report on what was opened: the one that was kept, or what `scan` says, which is then kept. The file's path is `path`, and
    /// its own name `base`.
    pub(crate) fn report(
        &self,
        path: &str,
        base: &[u8],
        opened: Input,
        scan: impl FnOnce(Input) -> FileReport,
    ) -> FileReport {
        let Some(fixed) = opened.cut.is_none().then(|| Fixed::new(&opened.source)).flatten() else {
            return scan(opened);
        };
        let entry = self.entry(base, &fixed);
        if let Some(report) = load(&entry) {
            return FileReport { path: path.to_owned(), ..report };
        }
        let report = scan(Input { source: fixed.source.clone(), cut: None });
        if report.reading == ReadingStatus::Complete && !fixed.has_changed() {
            // A cache that cannot be written saves no time, and changes no report.
            let _ = store(&entry, &report);
        }
        report
    }

    /// Where the report on this content under this name is kept.
    fn entry(&self, base: &[u8], content: &Fixed) -> PathBuf {
        let unpacked = self.memory.limits().unpacked;
        let mut hash = Sha256::new();
        for number in [self.memory.total, unpacked, content.source.len(), base.len() as u64] {
            hash.update(number.to_le_bytes());
        }
        hash.update(base);
        hash.update(content.digest);
        let name = hex(&hash.finalize());
        self.folder.join(&name[..2]).join(&name[2..])
    }
}

/// An entry is a line with the checksum of what follows, and the report without its path. A damaged entry counts as absent.
fn load(entry: &Path) -> Option<FileReport> {
    let mut text = Vec::new();
    File::open(entry).ok()?.take(LONGEST).read_to_end(&mut text).ok()?;
    let (sum, body) = text.split_at_checked(64)?;
    if hex(&Sha256::digest(body)).as_bytes() != sum {
        return None;
    }
    let report: FileReport = serde_json::from_slice(body).ok()?;
    (report.reading == ReadingStatus::Complete).then_some(report)
}

fn store(entry: &Path, report: &FileReport) -> io::Result<()> {
    let body = serde_json::to_vec(&FileReport { path: String::new(), ..report.clone() })?;
    let Some(folder) = entry.parent().filter(|_| body.len() as u64 <= LONGEST - 64) else { return Ok(()) };
    make(folder)?;
    let unfinished = folder.join(format!("unfinished-{}", std::process::id()));
    fs::write(&unfinished, [hex(&Sha256::digest(&body)).into_bytes(), body].concat())?;
    // Whole or not at all, should this process end or another one write the same.
    fs::rename(unfinished, entry)
}
