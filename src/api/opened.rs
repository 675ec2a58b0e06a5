//! What was opened, and everything that can be asked about it.

use super::array::ArrayLayout;
use super::error::Error;
use super::frame::{self, ColumnValues, Frame};
use super::input::{File, Input, memory};
use super::options::Options;
use super::value::Value;
use crate::bundle::{Bundle, MemberId, ReportScope};
use crate::bytes::Source;
use crate::document::{Document, Walk};
use crate::explain::stubs::AllowList;
use crate::export::{self, DisOptions, Memo};
use crate::graph::NodeId;
use crate::lens::{Lens, Table, capitalised};
use crate::view::card::Format;
use crate::view::{Environment, ExportAsk, FileReport, MemberRow, NoteFacts, Overview, SizeReport, tree_text};
use std::io::Write;
#[cfg(not(target_arch = "wasm32"))]
use std::path::Path;
use std::sync::Arc;

/// Bytes of storages that are held against their checksums.
const CHECKED: u64 = 64 << 20;

/// What was opened: one file, or several that belong together. One member of it is read, the pickle that it is about; everything
/// asked is answered of that.
///
/// It may go from thread to thread. Two threads cannot ask at the same time; put it behind a lock for that.
///
/// ```
/// use picklescope::Options;
///
/// let opened = picklescope::open_bytes("two.pkl", b"\x80\x04]\x94(K\x01K\x02e.".to_vec(), &Options::new());
/// let facts = std::thread::spawn(move || opened.overview()).join().unwrap();
/// assert_eq!((facts.protocol, facts.objects), (Some(4), 3));
/// assert_eq!(facts.verdict.word, "Data only");
/// ```
pub struct Opened {
    bundle: Bundle,
    name: String,
    options: Options,
    /// Files that were not read to their end, and why.
    cut: Vec<(String, String)>,
}

/// Opens a file and reads the pickle that it is about: the one in a compressed stream, `data.pkl` of a torch archive. A damaged
/// file is opened as well; [`Overview::reading`] says how far the reading went.
///
/// ```no_run
/// use picklescope::Options;
///
/// let opened = picklescope::open("model.pt", &Options::new())?;
/// println!("{}", opened.overview().reading);
/// # Ok::<(), picklescope::Error>(())
/// ```
///
/// # Errors
/// [`Error::Open`] when the file cannot be opened, [`Error::NoMember`] when the member that the options name is not in it.
#[cfg(not(target_arch = "wasm32"))]
pub fn open(path: impl AsRef<Path>, options: &Options) -> Result<Opened, Error> {
    open_together(&[path], options)
}

/// Opens files that belong together: a pickle and the side files of joblib or gensim, or the out-of-band buffers of protocol 5.
///
/// ```no_run
/// use picklescope::Options;
///
/// let opened = picklescope::open_together(&["model.pkl", "model.pkl_01.npy"], &Options::new())?;
/// # Ok::<(), picklescope::Error>(())
/// ```
///
/// # Errors
/// As [`open`].
#[cfg(not(target_arch = "wasm32"))]
pub fn open_together(paths: &[impl AsRef<Path>], options: &Options) -> Result<Opened, Error> {
    use super::file;
    let mut files = Vec::new();
    for path in paths {
        let name = file::path_text(path.as_ref());
        match file::open(path.as_ref(), options.input()) {
            Ok(input) => files.push((name, input)),
            Err(error) => return Err(Error::Open { name, error }),
        }
    }
    Opened::new(files, options)
}

/// Opens bytes in memory, like [`open`]. `name` stands for a file name: answers show it, and its ending counts. A member that the
/// options name and that is not there leaves the one that the bytes are about.
///
/// ```
/// use picklescope::Options;
///
/// let opened = picklescope::open_bytes("cut.pkl", b"\x80\x04]\x94(K\x01K".to_vec(), &Options::new());
/// assert!(!opened.overview().complete);
/// ```
#[must_use]
pub fn open_bytes(name: &str, bytes: Vec<u8>, options: &Options) -> Opened {
    Opened::read(vec![(name.to_owned(), Input { source: memory(bytes), cut: None })], options)
}

/// Opens any source, like [`open_bytes`].
///
/// ```
/// use picklescope::{MemorySource, Options};
/// use std::sync::Arc;
///
/// let source = Arc::new(MemorySource::new(b"N.".to_vec()));
/// let opened = picklescope::open_source("none.pkl", source, &Options::new());
/// assert_eq!(opened.value("obj").unwrap().text, "None");
/// ```
#[must_use]
pub fn open_source(name: &str, source: Arc<dyn Source>, options: &Options) -> Opened {
    Opened::read(vec![(name.to_owned(), Input { source: Arc::new(File(source)), cut: None })], options)
}

impl Opened {
    /// Opens files and reads the member that the options name.
    #[doc(hidden)]
    pub fn new(files: Vec<(String, Input)>, options: &Options) -> Result<Self, Error> {
        let mut opened = Self::unread(files, options);
        let member = opened.wanted()?;
        opened.show_member(member);
        Ok(opened)
    }

    /// Opens any source, like [`open_source`], and reads the member that the options name or refuses.
    #[doc(hidden)]
    pub fn of_source(name: &str, source: Arc<dyn Source>, options: &Options) -> Result<Self, Error> {
        Self::new(vec![(name.to_owned(), Input { source: Arc::new(File(source)), cut: None })], options)
    }

    fn read(files: Vec<(String, Input)>, options: &Options) -> Self {
        let mut opened = Self::unread(files, options);
        let member = opened.wanted().unwrap_or_else(|_| opened.bundle.shown());
        opened.show_member(member);
        opened
    }

    fn unread(files: Vec<(String, Input)>, options: &Options) -> Self {
        let name = files.first().map(|(name, _)| name.clone()).unwrap_or_default();
        let cut = files.iter().filter_map(|(name, input)| Some((name.clone(), input.cut.clone()?))).collect();
        let files = files.into_iter().map(|(name, input)| (name, input.source)).collect();
        Self { bundle: Bundle::new(files, options.limits()), name, options: options.clone(), cut }
    }

    /// The member that the options name, or the one that the files are about.
    fn wanted(&mut self) -> Result<MemberId, Error> {
        let main = self.bundle.main(&mut self.options.progress());
        match self.options.wanted_member() {
            None => Ok(main),
            Some(path) => {
                let found = self.bundle.find(path, &mut self.options.progress());
                found.ok_or_else(|| Error::NoMember { path: path.to_owned() })
            }
        }
    }

    fn show_member(&mut self, member: MemberId) {
        // Numbers that are given are worth reading them once more.
        self.bundle.check_storages_up_to(CHECKED);
        self.bundle.show(member, &mut self.options.progress());
    }

    /// The facts: what the file is, how far the reading went, what it imports, the verdict.
    #[must_use]
    pub fn overview(&self) -> Overview {
        let mut facts = self.document().overview();
        self.cut_words().iter().for_each(|why| facts.not_whole(why));
        facts
    }

    /// Which versions of which packages wrote the file, and what cannot load it.
    ///
    /// ```
    /// use picklescope::Options;
    ///
    /// let bytes = b"\x80\x04\x8c\x0bcollections\x94\x8c\x0bOrderedDict\x94\x93\x94)R.".to_vec();
    /// let opened = picklescope::open_bytes("x.pkl", bytes, &Options::new());
    /// assert_eq!(opened.environment().packages[0].name, "Python");
    /// ```
    #[must_use]
    pub fn environment(&self) -> Environment {
        self.document().environment()
    }

    /// The names that a loader's `Unpickler.find_class` is asked for, as the file spells them: of protocols below 3 before the
    /// names of Python 2 are mapped. What is suspicious or dangerous is apart, with the reason.
    ///
    /// ```
    /// use picklescope::Options;
    ///
    /// let opened = picklescope::open_bytes("x.pkl", b"c__builtin__\nset\n(]tR.".to_vec(), &Options::new());
    /// let list = opened.allow_list();
    /// assert_eq!(list.allowed().collect::<Vec<_>>(), [("__builtin__", "set")]);
    /// assert!(list.source().contains("def find_class(self, module, name):"));
    /// ```
    #[must_use]
    pub fn allow_list(&self) -> AllowList {
        AllowList::of(self.document())
    }

    /// What is odd about the bytes that the values are made of: a checksum that does not match.
    #[must_use]
    pub fn notes(&self) -> &[NoteFacts] {
        self.document().notes()
    }

    /// What loading everything that was opened would do, as [`scan_bytes`](crate::scan_bytes) says it, whatever was shown before.
    ///
    /// ```
    /// use picklescope::{Options, Outcome};
    ///
    /// let mut opened = picklescope::open_bytes("x.pkl", b"cos\nsystem\n(S'id'\ntR.".to_vec(), &Options::new());
    /// assert_eq!(opened.report().level, Outcome::Dangerous);
    /// ```
    pub fn report(&mut self) -> FileReport {
        let mut report = self.bundle.report(&self.name, u64::MAX, &mut self.options.progress());
        let names = self.bundle.files() > 1;
        for (name, cut) in self.cut.iter().rev() {
            report.not_whole(&if names { format!("{name}: {cut}") } else { capitalised(cut) });
        }
        report
    }

    /// Everything that is in what was opened, in order: files, entries of archives, what compressed streams hold.
    ///
    /// ```
    /// use picklescope::Options;
    ///
    /// let mut opened = picklescope::open_bytes("none.pkl", b"N.".to_vec(), &Options::new());
    /// assert_eq!(opened.members(10)[0].name, "none.pkl");
    /// ```
    pub fn members(&mut self, most: usize) -> Vec<MemberRow> {
        let mut rows = Vec::new();
        let mut take = |row: &MemberRow| {
            if rows.len() < most {
                rows.push(row.clone());
            }
            rows.len() < most
        };
        self.bundle.every_row(&mut take, &mut self.options.progress());
        rows
    }

    /// Reads another member, by its path; from then on everything is answered of that.
    ///
    /// # Errors
    /// [`Error::NoMember`] when no member has that path.
    pub fn show(&mut self, path: &str) -> Result<(), Error> {
        let found = self.bundle.find(path, &mut self.options.progress());
        self.show_member(found.ok_or_else(|| Error::NoMember { path: path.to_owned() })?);
        Ok(())
    }

    /// The object tree as indented lines, down to `depth` levels and at most `items` rows below each, as `picklescope tree`
    /// prints it.
    ///
    /// ```
    /// use picklescope::Options;
    ///
    /// let mut opened = picklescope::open_bytes("two.pkl", b"\x80\x04]\x94(K\x01K\x02e.".to_vec(), &Options::new());
    /// assert_eq!(opened.tree(2, 1), "pickle: list 2 items [1, 2]\n  0: 1\n  … 1 more\n");
    /// ```
    pub fn tree(&mut self, depth: u64, items: u64) -> String {
        let mut text = String::new();
        self.walk(depth, items, &mut |event| {
            match event {
                Walk::Row(row) => text.push_str(&crate::opcode::visible(&tree_text::line(&row, 0))),
                Walk::More { level, left } => text.push_str(&tree_text::more(level, left, 0)),
            }
            text.push('\n');
        });
        text
    }

    /// Visits the rows of the object tree, down to `depth` levels and at most `items` below each.
    ///
    /// ```
    /// use picklescope::{Options, Walk};
    ///
    /// let mut opened = picklescope::open_bytes("two.pkl", b"\x80\x04]\x94(K\x01K\x02e.".to_vec(), &Options::new());
    /// let mut labels = Vec::new();
    /// opened.walk(2, 10, &mut |event| {
    ///     if let Walk::Row(row) = event {
    ///         labels.push(row.label);
    ///     }
    /// });
    /// assert_eq!(labels, ["pickle", "0", "1"]);
    /// ```
    pub fn walk(&mut self, depth: u64, items: u64, visit: &mut dyn FnMut(Walk)) {
        let walked = self.document_mut().walk(depth, items, &mut |event| {
            visit(event);
            Ok(())
        });
        // Nothing is written, so nothing fails.
        drop(walked);
    }

    /// The value at a path, `obj['model'].steps[0]`, as the rows of the tree and the page spell it.
    ///
    /// # Errors
    /// [`Error::NoValue`] when the path leads to none.
    pub fn value(&self, path: &str) -> Result<Value, Error> {
        let node = self.node(path)?;
        let found = self.document().inspect_alone(node).map(|found| Value::of(path, found));
        found.ok_or_else(|| Error::NoValue { path: path.to_owned(), why: format!("{path} is not a single value") })
    }

    /// How the array at a path lies in the file.
    ///
    /// # Errors
    /// [`Error::NoValue`] when the path leads to no value, [`Error::NoArray`] when that has no numbers.
    pub fn array(&self, path: &str) -> Result<ArrayLayout, Error> {
        let node = NodeId(self.node(path)?);
        let array = self.document().lens().array(node).ok_or_else(|| "this value is no array".to_owned());
        let layout = array.and_then(|array| ArrayLayout::of(&array));
        layout.map_err(|why| Error::NoArray { path: path.to_owned(), why })
    }

    /// What the table at a path consists of: a frame, series, index or array of pandas.
    ///
    /// # Errors
    /// [`Error::NoValue`] when the path leads to no value, [`Error::NoTable`] when that is no table.
    pub fn frame(&self, path: &str) -> Result<Frame, Error> {
        self.with_table(path, |lens, table| Ok(Frame::of(lens, table)))
    }

    /// Values of the table at a path from row `first` on, at most `count` of each column of [`Opened::frame`].
    ///
    /// # Errors
    /// As [`Opened::frame`], and [`Error::NoTable`] when values cannot be read.
    pub fn frame_values(&self, path: &str, first: u64, count: usize) -> Result<Vec<ColumnValues>, Error> {
        self.with_table(path, |lens, table| frame::values(lens, table, first, count))
    }

    fn with_table<T>(
        &self,
        path: &str,
        ask: impl FnOnce(&Lens<'_>, &Table<'_>) -> Result<T, String>,
    ) -> Result<T, Error> {
        let node = NodeId(self.node(path)?);
        let lens = self.document().lens();
        let table = lens.table(node).ok_or_else(|| "this value is no table of pandas".to_owned());
        table.and_then(|table| ask(&lens, &table)).map_err(|why| Error::NoTable { path: path.to_owned(), why })
    }

    /// What is large, as `picklescope size` says it: the outline down to `depth` levels and at most `most` rows of each.
    ///
    /// ```
    /// use picklescope::Options;
    ///
    /// let mut opened = picklescope::open_bytes("two.pkl", b"\x80\x04]\x94(K\x01K\x02e.".to_vec(), &Options::new());
    /// assert_eq!(opened.size(1, 10)?.total, 11);
    /// # Ok::<(), picklescope::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotMeasured`] when that would take more memory than the options allow.
    pub fn size(&mut self, depth: usize, most: usize) -> Result<SizeReport, Error> {
        let measured = self.bundle.measured();
        let (document, sizes) = measured.map_err(|why| Error::NotMeasured { why })?;
        Ok(SizeReport::of(document, &sizes, depth, most))
    }

    /// The opcode listing, as `picklescope dis` prints it: what `python -m pickletools` prints for what that can read.
    ///
    /// ```
    /// use picklescope::Options;
    ///
    /// let opened = picklescope::open_bytes("none.pkl", b"N.".to_vec(), &Options::new());
    /// let mut text = Vec::new();
    /// opened.listing(&mut text)?;
    /// assert!(text.starts_with(b"    0: N    NONE\n"));
    /// # Ok::<(), picklescope::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Write`], those of `out`.
    pub fn listing(&self, out: &mut dyn Write) -> Result<(), Error> {
        let options = DisOptions { limits: self.options.limits(), ..DisOptions::default() };
        export::dis_with(self.document().source(), &options, &mut Memo::default(), out)?;
        Ok(())
    }

    /// The whole graph as JSON, typed and lossless (`docs/json.md`), as `picklescope json` prints it.
    ///
    /// ```
    /// use picklescope::Options;
    ///
    /// let opened = picklescope::open_bytes("none.pkl", b"N.".to_vec(), &Options::new());
    /// let mut text = Vec::new();
    /// opened.json(&mut text)?;
    /// assert!(String::from_utf8_lossy(&text).contains("\"root\":null"));
    /// # Ok::<(), picklescope::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Write`], those of `out`.
    pub fn json(&self, out: &mut dyn Write) -> Result<(), Error> {
        let document = self.document();
        let pickle = document.as_pickle();
        let document = pickle.as_ref().unwrap_or(document);
        Ok(export::json(document.reading(), &document.lens(), out)?)
    }

    /// Python source that makes the same objects, as `picklescope python` prints it.
    ///
    /// ```
    /// use picklescope::Options;
    ///
    /// let opened = picklescope::open_bytes("two.pkl", b"\x80\x04]\x94(K\x01K\x02e.".to_vec(), &Options::new());
    /// let mut text = Vec::new();
    /// opened.python(&mut text)?;
    /// assert!(String::from_utf8_lossy(&text).contains("result = [1, 2]"));
    /// # Ok::<(), picklescope::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Write`], those of `out`.
    pub fn python(&self, out: &mut dyn Write) -> Result<(), Error> {
        let document = self.document();
        Ok(export::python::write(document.reading(), &document.lens(), &export::python::Budget::default(), out)?)
    }

    /// The formats that fit a value, or without a path the whole document.
    ///
    /// # Errors
    /// [`Error::NoValue`] when the path leads to no value.
    pub fn formats(&self, path: Option<&str>) -> Result<Vec<Format>, Error> {
        let node = path.map(|path| self.node(path)).transpose()?;
        Ok(self.document().formats_for(node))
    }

    /// Writes a value, or without a path what the file is about, in a format. Gives what the format could not hold, a sentence
    /// each.
    ///
    /// ```
    /// use picklescope::{Format, Options};
    ///
    /// let mut opened = picklescope::open_bytes("two.pkl", b"\x80\x04]\x94(K\x01K\x02e.".to_vec(), &Options::new());
    /// let mut text = Vec::new();
    /// let remarks = opened.export(Some("obj"), Format::PlainJson, &mut text)?;
    /// assert!(remarks.is_empty());
    /// assert_eq!(text, b"[1,2]\n");
    /// # Ok::<(), picklescope::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoValue`] when the path leads to no value, [`Error::Export`] when the value does not fit the format,
    /// [`Error::Write`] when `out` fails.
    pub fn export(&mut self, path: Option<&str>, format: Format, out: &mut dyn Write) -> Result<Vec<String>, Error> {
        let node = path.map(|path| self.node(path)).transpose()?;
        let failed = |why: String| Error::Export { format, why };
        let ask = ExportAsk { node, format, escape_formulas: false };
        let scope = ReportScope { budget: u64::MAX, cut: &self.cut_words() };
        let mut piece = self.bundle.export(ask, &scope, &mut |_| {}).map_err(failed)?;
        let document = self.bundle.document_mut();
        loop {
            out.write_all(&piece.bytes)?;
            if piece.finished {
                return Ok(piece.remarks);
            }
            piece = document.export_more().map_err(failed)?;
        }
    }

    /// Writes the elements of an array as a `.npy` file has them behind its header, whatever they are packed in. Gives what that
    /// cannot hold, a sentence each.
    ///
    /// # Errors
    /// As [`Opened::export`].
    pub fn write_array(&mut self, path: &str, out: &mut dyn Write) -> Result<Vec<String>, Error> {
        self.export(Some(path), Format::Npy, out)
    }

    /// Why some files were not read to their end, a sentence each.
    fn cut_words(&self) -> Vec<String> {
        self.cut.iter().map(|(name, cut)| format!("{name}: {cut}")).collect()
    }

    fn node(&self, path: &str) -> Result<u32, Error> {
        self.document().find_path(path).map_err(|why| Error::NoValue { path: path.to_owned(), why })
    }

    /// The document that answers.
    #[doc(hidden)]
    #[must_use]
    pub fn document(&self) -> &Document {
        self.bundle.document()
    }

    #[doc(hidden)]
    pub fn document_mut(&mut self) -> &mut Document {
        self.bundle.document_mut()
    }

    /// What was opened together.
    #[doc(hidden)]
    pub fn bundle_mut(&mut self) -> &mut Bundle {
        &mut self.bundle
    }
}
