//! A report is one of the files: it says the same whatever of them was opened or shown before, and where the report's members are
//! numbers for the page, they are those of the page.

use crate::support;
use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::view::FileReport;
use picklescope::{Opened, Options};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Every file of a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut waiting = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// What `differs` says of each file, two at a time.
fn differing(files: &[PathBuf], differs: impl Fn(&str, Vec<u8>) -> Option<String> + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut wrong = Vec::new();
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let name = path.to_str().unwrap();
            wrong.extend(differs(name, fs::read(path).unwrap()).map(|how| format!("{name}: {how}")));
        }
        wrong
    };
    std::thread::scope(|scope| {
        let workers = [scope.spawn(work), scope.spawn(work)];
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

fn options() -> Options {
    Options::new().unpacked(16 << 20)
}

/// Where two reports differ, shortened.
fn difference(ours: &FileReport, theirs: &FileReport) -> Option<String> {
    let lines = |report: &FileReport| format!("{report:#?}").lines().map(str::to_owned).collect::<Vec<_>>();
    let (ours, theirs) = (lines(ours), lines(theirs));
    let at = (0..ours.len().max(theirs.len())).find(|&at| ours.get(at) != theirs.get(at))?;
    Some(format!("{:?} for {:?}", ours.get(at), theirs.get(at)))
}

#[test]
fn an_opened_file_has_the_report_of_a_scan() {
    let files = files(&support::tests().join("fixtures"));
    assert!(files.len() > 4000);
    let wrong = differing(&files, |name, bytes| {
        let mut opened = picklescope::open_bytes(name, bytes.clone(), &options());
        difference(&opened.report(), &picklescope::scan_bytes(name, bytes, &options()))
    });
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

/// Shows everything that is in a file, one after the other.
fn show_all(opened: &mut Opened) {
    for row in opened.members(40) {
        if let Some(id) = opened.bundle_mut().member(row.member) {
            let path = opened.bundle_mut().path(id);
            drop(opened.show(&path));
        }
    }
}

#[test]
fn what_was_shown_before_takes_no_part() {
    let fixtures = support::tests().join("fixtures");
    let mut wrapped = files(&fixtures.join("hostile-containers"));
    wrapped.extend(files(&fixtures.join("left-over")));
    wrapped.extend(files(&fixtures.join("torch")).into_iter().step_by(5));
    assert!(wrapped.len() > 80);
    let wrong = differing(&wrapped, |name, bytes| {
        let mut opened = picklescope::open_bytes(name, bytes.clone(), &options());
        show_all(&mut opened);
        difference(&opened.report(), &picklescope::scan_bytes(name, bytes, &options()))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn numbers_of_members_are_those_of_the_page() {
    let wrapped = files(&support::tests().join("fixtures/hostile-containers"));
    let wrong = differing(&wrapped, |name, bytes| {
        let limits = Limits { unpacked: 16 << 20, ..Limits::default() };
        let source: Arc<dyn Source> = Arc::new(MemorySource::new(bytes));
        let mut bundle = Bundle::open(vec![(name.to_owned(), source)], limits, &mut |_| {});
        let known = bundle.len();
        let mut report = bundle.report_here(name, u64::MAX, &mut |_| {});
        let grown = bundle.len();
        for finding in &mut report.findings {
            let path = bundle.path(bundle.member(finding.member)?);
            if path != finding.container && !(finding.container.is_empty() && path == name) {
                return Some(format!("{path} is not {}", finding.container));
            }
            finding.member = 0;
        }
        // Asked again, nothing is found twice.
        let again = bundle.report_here(name, u64::MAX, &mut |_| {});
        assert!(bundle.len() == grown && grown >= known, "{name}: {known}, {grown}, {}", bundle.len());
        let same = again.findings.len() == report.findings.len() && again.level == report.level;
        let all = bundle.report(name, u64::MAX, &mut |_| {});
        (!same || all.why != report.why || all.notes != report.notes).then(|| "the second differs".to_owned())
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
