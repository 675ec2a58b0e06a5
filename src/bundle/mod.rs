//! Everything that was opened together: one file or several, and what is in them.
//!
//! A bundle is a tree of members: a dropped file, what a compressed stream holds, the entries of an archive, bytes inside a
//! value. Each is opened on demand, and one of them at a time is shown as a [`Document`].

mod arrange;
mod attach;
mod beside;
mod cached;
mod codings;
mod encoded;
mod endings;
mod export;
mod find;
mod finding;
mod forecast;
mod found_here;
mod hidden;
mod layers;
mod lazy;
mod link;
mod main_member;
mod member;
mod open;
mod parts;
mod progress;
mod recoded;
mod report;
mod rows;
mod search;
mod shelf;
mod signs;
mod sizes;
mod skim;
mod spelled;
mod unpack;
mod value;
mod wrapping;

use crate::bytes::{Limits, MemorySource, Source};
use crate::container::Structure;
use crate::document::Document;
use crate::find::Arranging;
use crate::machine::Reading;
use crate::size::Sizes;
use crate::view::MemberOrder;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub use export::ReportScope;
pub use member::MemberId;
use member::{Member, Origin, Visible};
pub use progress::{OnProgress, Progress};
use search::Finding;
pub use search::{BundleSearch, BundleStep, Extent};

/// Bytes of storages that are held against their checksums when a document is shown: a few milliseconds.
const CHECKED: u64 = 4 << 20;

/// What searching everything in a bundle may take, in instructions that are skimmed.
const EFFORT: u64 = 1 << 26;

/// What was opened together.
pub struct Bundle {
    members: Vec<Member>,
    roots: Vec<MemberId>,
    limits: Limits,
    shown: MemberId,
    /// The member that opening chose; its document goes by the file's name.
    main: MemberId,
    document: Document,
    /// Of the document on show, once they were asked for.
    sizes: Option<Arc<Sizes>>,
    /// Members in the order of their rows, with their levels; made again when something opens or closes.
    visible: Vec<Visible>,
    /// How members of one archive or folder follow each other.
    order: MemberOrder,
    /// Bytes of storages that are held against their checksums when a document is shown.
    checked: u64,
    /// Storages that were not, and their bytes.
    unchecked: (u64, u64),
    /// Members that keep unpacked bytes, and some that did.
    unpacked: Vec<MemberId>,
    /// What may still be searched for parts that nothing names, and for pickles in what is something else.
    effort: u64,
    hidden: u64,
    /// Archives and places in them of which the entry's own header was read for what it says otherwise than the directory.
    owns: HashSet<(MemberId, u64)>,
    /// Where the parts of members around the document on show are, for those whose bytes were looked at.
    structures: HashMap<MemberId, Arc<Structure>>,
    /// The grid of the document on show whose rows are being arranged.
    arranging: Option<Arranging>,
    /// The search that somebody looks at.
    finding: Option<Finding>,
    /// What another bundle of the same files has read and unpacked, while this one makes a report for it.
    lent: Option<Box<report::Lent>>,
}

impl Bundle {
    /// Files that were opened together, of which nothing was read yet. There must be at least one file; none is taken for
    /// an empty one.
    #[must_use]
    pub fn new(files: Vec<(String, Arc<dyn Source>)>, limits: Limits) -> Self {
        let mut members: Vec<Member> = files.into_iter().map(|(name, source)| Member::file(name, source)).collect();
        if members.is_empty() {
            members.push(Member::file(String::new(), Arc::new(MemorySource::default())));
        }
        let roots: Vec<MemberId> = (0..members.len() as u32).map(MemberId).collect();
        let empty = Arc::new(MemorySource::default());
        let document = Document::new(String::new(), empty, Reading::unread(0), limits.clone());
        let first = roots[0];
        Self {
            members,
            roots,
            limits,
            shown: first,
            main: first,
            document,
            sizes: None,
            arranging: None,
            visible: Vec::new(),
            order: MemberOrder::default(),
            checked: CHECKED,
            unchecked: (0, 0),
            unpacked: Vec::new(),
            effort: EFFORT,
            hidden: EFFORT,
            owns: HashSet::new(),
            structures: HashMap::new(),
            finding: None,
            lent: None,
        }
    }

    /// Opens files and shows the pickle that they are about: the one in a compressed stream, `data.pkl` of a torch
    /// archive. Never fails: at worst there is little to show.
    pub fn open(files: Vec<(String, Arc<dyn Source>)>, limits: Limits, progress: OnProgress<'_>) -> Self {
        let mut bundle = Self::new(files, limits);
        let main = bundle.main(progress);
        bundle.show(main, progress);
        bundle
    }

    /// The member that the files are about.
    pub fn main(&mut self, progress: OnProgress<'_>) -> MemberId {
        self.main = self.find_main(progress);
        self.main
    }

    /// The bytes of a member, unpacked.
    ///
    /// # Errors
    /// Why there are none, for people.
    pub fn bytes(&mut self, member: MemberId, progress: OnProgress<'_>) -> Result<Arc<dyn Source>, String> {
        self.source(member, progress)
    }

    /// The document on show.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The document on show, to open rows in it.
    pub fn document_mut(&mut self) -> &mut Document {
        &mut self.document
    }

    /// The member on show.
    #[must_use]
    pub fn shown(&self) -> MemberId {
        self.shown
    }

    /// The members known so far, wrappings among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is no member; a bundle has at least one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Files that were opened together.
    #[must_use]
    pub fn files(&self) -> usize {
        self.roots.len()
    }

    /// A member by its number.
    #[must_use]
    pub fn member(&self, number: u32) -> Option<MemberId> {
        ((number as usize) < self.members.len()).then_some(MemberId(number))
    }

    /// The member with a path below the dropped file, `archive/data.pkl`: the whole path, or its last parts. Wrappings on
    /// the way are opened.
    pub fn find(&mut self, path: &str, progress: OnProgress<'_>) -> Option<MemberId> {
        let mut found = None;
        let mut at = 0;
        while at < self.members.len() {
            let id = MemberId(at as u32);
            let own = self.path(id);
            if own == path {
                return Some(id);
            }
            let is_on_the_way = path.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with('/'));
            if is_on_the_way || self.at(id).parent.is_none() {
                self.children(id, progress);
            }
            let ends = own.strip_suffix(path).is_some_and(|rest| rest.ends_with('/'));
            found = found.or_else(|| ends.then_some(id));
            at += 1;
        }
        found
    }

    /// Names from below the file down to a member, joined by slashes; the file's own name for a file.
    #[must_use]
    pub fn path(&self, id: MemberId) -> String {
        let mut names = Vec::new();
        let mut next = Some(id);
        while let Some(member) = next.map(|id| self.at(id)) {
            if member.parent.is_some() || names.is_empty() {
                names.push(member.name.as_str());
            }
            next = member.parent;
        }
        names.reverse();
        names.join("/")
    }

    fn at(&self, id: MemberId) -> &Member {
        &self.members[id.index()]
    }

    fn at_mut(&mut self, id: MemberId) -> &mut Member {
        &mut self.members[id.index()]
    }

    fn add(&mut self, member: Member) -> MemberId {
        let id = MemberId(self.members.len() as u32);
        self.members.push(member);
        id
    }

    /// The closest member above that has bytes of its own: folders have none.
    fn wrapper(&self, id: MemberId) -> Option<MemberId> {
        let mut above = self.at(id).parent;
        while let Some(id) = above
            && matches!(self.at(id).origin, Origin::Folder)
        {
            above = self.at(id).parent;
        }
        above
    }
}
