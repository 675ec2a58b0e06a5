//! The facts of a whole document.

use super::Document;
use crate::container::{self, Format, Kind};
use crate::format::joblib;
use crate::graph::{Node, Symbol, ends};
use crate::lens::capitalised;
use crate::machine::{Layout, ProblemKind};
use crate::opcode::{DecodeErrorKind, Opcode};
use crate::safety::rules::{DANGEROUS_CALL, DANGEROUS_IMPORT, STORED_CODE};
use crate::safety::{Finding, Import, Level};
use crate::view::{
    Crumb, ImportFacts, LoaderStop, Overview, ProblemFacts, StreamFacts, TextKind, TextPart, VerdictFacts, preview,
    shown,
};

const STREAMS: usize = 100;
const IMPORTS: usize = 1000;
const PROBLEMS: usize = 200;

/// What is said of a file with functions or classes of its own, when all else is known.
const OWN_CODE: &str = "The file brings code of its own: functions or classes that are stored in it. Loading makes them, and they run when \
                        something uses them. Trust it as you would a script.";
/// What is said of a document that has nothing left to read.
const READ_ALL: &str = "Read to the last byte.";

impl Document {
    /// What the header and the verdict strip show.
    #[must_use]
    pub fn overview(&self) -> Overview {
        let reading = &self.reading;
        let protocol = self.protocol();
        let wrapping = &self.wrapping;
        let uses = reading.graph.global_uses();
        shown(Overview {
            name: self.name.clone(),
            size: self.source.len(),
            file_size: wrapping.file_size.unwrap_or(self.source.len()),
            choose: wrapping.choose,
            chain: self.chain(),
            member: wrapping.member,
            members: wrapping.members.max(1),
            is_wrapping: wrapping.itself.is_some(),
            notes: wrapping.notes.clone(),
            pending: wrapping.pending.clone(),
            protocol,
            pickles: reading.streams.iter().filter(|stream| stream.opcodes > 0).count() as u64,
            streams: reading.streams.iter().take(STREAMS).map(stream_facts).collect(),
            opcodes: reading.opcodes,
            objects: reading.graph.len() as u64,
            frames: reading.streams.iter().map(|stream| stream.frames.len() as u64).sum(),
            imports: reading.graph.symbols.len() as u64,
            import_list: self.imports(&uses),
            trailing: self.trailing().map(|span| (span.start, span.len())),
            complete: self.is_complete(),
            reading: self.reading_sentence(),
            verdict: self.verdict_facts(),
            problems: reading.problems.list.iter().take(PROBLEMS).map(problem_facts).collect(),
            problem_count: reading.problems.total,
            stops_at: self.stops_at(),
            listing_rows: self.listing_count(),
            has_python2_str: reading.graph.has_python2_text(),
        })
    }

    fn protocol(&self) -> Option<u8> {
        let streams = self.reading.streams.iter().filter(|stream| stream.opcodes > 0);
        streams.map(|stream| stream.declared_protocol.unwrap_or(0).max(stream.opcode_protocol)).max()
    }

    /// The wrappings, then what the bytes themselves are.
    fn chain(&self) -> Vec<Crumb> {
        let crumb = |word| Crumb { word, member: self.wrapping.member, name: self.name.clone() };
        self.wrapping.chain.iter().cloned().chain(self.words().into_iter().map(crumb)).collect()
    }

    /// What the bytes are, in a word or a few: `pickle 4`.
    #[must_use]
    pub fn format_word(&self) -> String {
        self.words().pop().unwrap_or_default()
    }

    /// What wrote bytes of its own around the opcodes, so that a plain unpickler cannot read the file.
    fn writer(&self) -> Option<&'static str> {
        let is_joblib = |symbol: &Symbol| joblib::is_wrappers_module(&symbol.module);
        match self.reading.layout {
            Layout::LegacyTorch => Some("torch"),
            Layout::Npy => Some("npy"),
            Layout::Plain => self.reading.graph.symbols.iter().any(is_joblib).then_some("joblib"),
        }
    }

    fn words(&self) -> Vec<String> {
        match (&self.wrapping.itself, self.other_kind(), self.protocol()) {
            (Some((word, _)), ..) => vec![word.clone()],
            (None, Some(kind), _) => vec![kind.name.to_owned()],
            (None, None, None) if self.reading.layout == Layout::Npy => vec!["npy".to_owned()],
            (None, None, Some(protocol)) => {
                let writer = self.writer().map(ToOwned::to_owned);
                writer.into_iter().chain([format!("pickle {protocol}")]).collect()
            }
            (None, None, None) => vec!["not a pickle".to_owned()],
        }
    }

    /// What else the bytes are, when reading them as a pickle led nowhere.
    pub(super) fn other_kind(&self) -> Option<Kind> {
        /// Letters are opcodes, too: a text may have one or two before the first that does not fit.
        const FEW: u64 = 2;
        if self.is_unread() {
            return container::describe(&*self.source);
        }
        // So short a text may as well be opcodes.
        if !self.source.is_empty() && self.source.len() <= FEW && self.is_of_opcodes() {
            return None;
        }
        let reading = &self.reading;
        // What was taken for a `.npy` file was read as one.
        let problem = reading.problems.fatal().filter(|_| reading.layout != Layout::Npy)?;
        let is_cut =
            matches!(&problem.kind, ProblemKind::Decode(DecodeErrorKind::EndOfInput | DecodeErrorKind::MissingNewline));
        let announced = reading.streams.iter().any(|stream| stream.declared_protocol.is_some());
        let led_nowhere = reading.opcodes == 0 || (reading.opcodes <= FEW && !announced && !is_cut);
        let guess = || container::describe(&*self.source).filter(|_| led_nowhere);
        container::sniff(&*self.source).map(Format::kind).or_else(guess)
    }

    /// Whether each byte of a few is an opcode.
    fn is_of_opcodes(&self) -> bool {
        let mut bytes = [0; 2];
        let count = self.source.peek(0, &mut bytes).unwrap_or(0);
        count > 0 && bytes[..count].iter().all(|byte| Opcode::from_byte(*byte).is_some())
    }

    fn imports(&self, uses: &[u64]) -> Vec<ImportFacts> {
        let facts = self.audit.imports.iter().zip(uses).map(|(import, &uses)| ImportFacts {
            module: import.module.clone(),
            name: import.name.clone(),
            raw: import.raw.clone(),
            offset: import.offset,
            uses,
            level: import.level,
            reason: import.reason.clone(),
        });
        facts.take(IMPORTS).collect()
    }

    /// How far the reading went, in a sentence or two.
    pub(super) fn reading_sentence(&self) -> String {
        let own = match &self.wrapping.itself {
            Some((_, sentence)) => sentence.clone(),
            None => self.own_reading_sentence(),
        };
        let mut sentences = self.wrapping.partial.clone();
        let own = match own.as_str() {
            READ_ALL if !sentences.is_empty() => "What there is of this part was read to its last byte.".to_owned(),
            _ => own,
        };
        sentences.push(own);
        sentences.join(" ")
    }

    /// Where CPython's C loader stops, when these are pickles.
    #[must_use]
    pub fn stops_at(&self) -> Option<LoaderStop> {
        let (problem, raised) = self.reading.problems.stop().filter(|_| self.other_kind().is_none())?;
        let opcode = problem.opcode.map_or_else(String::new, |opcode| opcode.info().name.to_owned());
        Some(LoaderStop { offset: problem.offset, opcode, message: raised.to_string() })
    }

    /// Where the bytes end before something that announced its length, how many are missing at least, and the same in words,
    /// without a full stop.
    #[must_use]
    pub fn missing(&self) -> Option<(u64, u64, String)> {
        let (offset, missing, is_all) = self.reading.missing()?;
        let (at_least, behind) = match is_all {
            true => ("", ""),
            false => ("at least ", "; how many more followed is unknown"),
        };
        // An offset in the unpacked bytes does not exist in the file.
        let (one, many) = match self.wrapping.chain.is_empty() {
            true => ("byte is", "bytes are"),
            false => ("byte of the unpacked content is", "bytes of the unpacked content are"),
        };
        let missing_bytes = preview::plural(missing, one, many);
        Some((offset, missing, format!("by the lengths in it, {at_least}{missing_bytes} missing{behind}")))
    }

    /// How far the reading went, and where a loader stops before that.
    fn own_reading_sentence(&self) -> String {
        let sentence = self.extent_sentence();
        let fatal = self.reading.problems.fatal().map(|problem| problem.offset);
        // Of a file that cannot be unpacked to its end, no loader sees these bytes: what unpacks it raises.
        let is_seen = self.wrapping.partial.is_empty();
        match self.stops_at().filter(|stop| is_seen && fatal.is_none_or(|fatal| stop.offset < fatal)) {
            // A loader reads a frame as a whole before anything in it: of a file that breaks off it then gives nothing at all.
            Some(stop) if fatal.is_some() && stop.opcode == "FRAME" => format!(
                "{sentence} CPython loads none of this pickle: its frame at offset {} is not whole.",
                stop.offset
            ),
            Some(stop) => format!("{sentence} CPython stops at offset {}: {}.", stop.offset, stop.message),
            None => sentence,
        }
    }

    fn extent_sentence(&self) -> String {
        let reading = &self.reading;
        if let (true, Some(kind)) = (self.is_unread(), self.other_kind()) {
            let cut = container::safetensors_missing(&*self.source).map(|missing| {
                let missing = preview::plural(missing, "byte is", "bytes are");
                format!("It is cut: by its header, {missing} missing. Copy or download it again.")
            });
            return format!("This is {}, not a pickle. {}", kind.name, cut.as_deref().unwrap_or(kind.advice));
        }
        if let Some(problem) = reading.problems.fatal() {
            if self.source.is_empty() {
                return "The file is empty.".to_owned();
            }
            let what = match self.other_kind() {
                Some(kind) => format!("This is {}, not a pickle. {}", kind.name, kind.advice),
                None if reading.opcodes == 0 && reading.layout != Layout::Npy => "This is not a pickle.".to_owned(),
                None => "The reading stopped early.".to_owned(),
            };
            let missing = self.missing().filter(|(_, missing, _)| *missing > 1 && self.other_kind().is_none());
            let missing = missing.map_or_else(String::new, |(_, _, missing)| format!(" {}.", capitalised(&missing)));
            return format!("{what} {}.{missing}", capitalised(&problem.to_string()));
        }
        let storages = self.legacy.as_ref().map(|legacy| legacy.storages.len() as u64);
        let behind = match storages {
            Some(count) => format!(", then {}", preview::plural(count, "storage", "storages")),
            None => String::new(),
        };
        if let Some(problem) = self.legacy.as_ref().and_then(|legacy| legacy.problem.as_ref()) {
            return format!("The pickles were read to their end{behind}. The storages are cut short: {problem}.");
        }
        match self.trailing() {
            Some(span) => format!(
                "Read to the end of the last pickle{behind}; {} that {} not a pickle.",
                preview::plural(span.len(), "byte follows", "bytes follow"),
                if span.len() == 1 { "is" } else { "are" }
            ),
            None if storages.is_some() => format!("Read to the end of the last pickle{behind}, to the last byte."),
            None => READ_ALL.to_owned(),
        }
    }

    /// The verdict of what is shown, or of what else its bytes are when that is worse.
    fn verdict_facts(&self) -> VerdictFacts {
        let own = self.own_verdict();
        let worst = self.wrapping.others.iter().max_by_key(|other| other.level);
        let Some(other) = worst.filter(|other| other.level >= Level::Suspicious && other.level > own.level) else {
            return own;
        };
        let text = format!("{}.", capitalised(&other.text));
        let sentence = vec![TextPart::new(TextKind::Plain, text)];
        VerdictFacts { level: other.level, word: other.level.word().to_owned(), sentence, offset: None }
    }

    fn own_verdict(&self) -> VerdictFacts {
        if self.wrapping.itself.is_some() {
            let text = "An archive runs nothing by itself; the verdict covers the pickles inside.";
            let sentence = vec![TextPart::new(TextKind::Plain, text)];
            return VerdictFacts { level: Level::UnknownCode, word: "Not a pickle".to_owned(), sentence, offset: None };
        }
        if self.is_unread() {
            let text = "A pickle loader stops in its first bytes, before it imports or calls anything.";
            let sentence = vec![TextPart::new(TextKind::Plain, text)];
            return VerdictFacts { level: Level::DataOnly, word: "Not a pickle".to_owned(), sentence, offset: None };
        }
        // Opcodes that other bytes happen to be say nothing.
        let counts = !self.wrapping.accident;
        let level = if counts { self.audit.level } else { Level::DataOnly };
        let complete = self.is_complete();
        let worst = self.audit.worst().filter(|finding| counts && finding.level >= Level::Suspicious);
        let (sentence, offset) = match (worst, level) {
            (Some(finding), _) => (self.finding_sentence(finding), Some(finding.offset)),
            (None, Level::DataOnly) if complete => {
                let text = match self.reading.layout {
                    Layout::Npy => "This array holds plain values only. Nothing in it imports or calls anything.",
                    // The verdict of the other members stands beside it.
                    _ if self.wrapping.members > 1 => {
                        "This pickle can only build plain values. It has no opcode that imports or calls anything."
                    }
                    _ => "This file can only build plain values. It has no opcode that imports or calls anything.",
                };
                (vec![TextPart::new(TextKind::Plain, text)], None)
            }
            (None, Level::DataOnly) => {
                let text = if self.reading.opcodes == 0 {
                    "A pickle loader stops at the first byte, before it imports or calls anything."
                } else {
                    "Nothing that imports or calls was found in the part that could be read. The rest is unknown."
                };
                (vec![TextPart::new(TextKind::Plain, text)], None)
            }
            (None, Level::UnknownCode) => match self.unknown_names() {
                Some((sentence, offset)) => (sentence, Some(offset)),
                None => match self.own_code() {
                    Some(offset) => (vec![TextPart::new(TextKind::Plain, OWN_CODE)], Some(offset)),
                    None => (self.import_sentence(level), None),
                },
            },
            _ => (self.import_sentence(level), None),
        };
        let word = match level {
            _ if complete || level >= Level::UnknownCode => level.word(),
            _ if self.reading.opcodes == 0 && self.reading.layout != Layout::Npy && !self.source.is_empty() => {
                "Not a pickle"
            }
            _ => "Partly read",
        };
        VerdictFacts { level, word: word.to_owned(), sentence, offset }
    }

    fn finding_sentence(&self, finding: &Finding) -> Vec<TextPart> {
        let mut sentence = match finding.capability {
            Some(capability) if finding.is_of(&DANGEROUS_CALL) => vec![
                TextPart::new(TextKind::Plain, format!("Loading this file would {}: ", capability.verb())),
                TextPart::new(TextKind::Type, finding.call.clone()),
            ],
            Some(capability) if finding.is_of(&DANGEROUS_IMPORT) => vec![
                TextPart::new(TextKind::Plain, "Loading this file imports "),
                TextPart::new(TextKind::Type, format!("{}.{}", finding.module, finding.name)),
                TextPart::new(TextKind::Plain, format!(", which can {},", capability.verb())),
            ],
            _ => {
                let text = format!("{} {}", finding.explanation, "This is");
                vec![TextPart::new(TextKind::Plain, text)]
            }
        };
        sentence.push(TextPart::new(TextKind::Plain, " at offset "));
        sentence.push(TextPart::new(TextKind::Number, finding.offset.to_string()));
        let path = finding.node.and_then(|node| self.first_path(node));
        let place = match path {
            Some(path) if path.starts_with("discarded by ") => ", in a value that is thrown away.".to_owned(),
            Some(path) => format!(", in {path}."),
            None => ".".to_owned(),
        };
        sentence.push(TextPart::new(TextKind::Plain, place));
        sentence.extend(self.further_calls(finding));
        sentence
    }

    /// What else would be called that is dangerous: the only other one by name, or how many there are.
    fn further_calls(&self, told: &Finding) -> Vec<TextPart> {
        let is_other = |finding: &&Finding| finding.is_of(&DANGEROUS_CALL) && finding.offset != told.offset;
        let others: Vec<&Finding> = self.audit.findings.iter().filter(is_other).collect();
        let is_all = self.audit.finding_count == self.audit.findings.len() as u64;
        match others[..] {
            [] => Vec::new(),
            [other] if is_all => vec![
                TextPart::new(TextKind::Plain, " It would also call "),
                TextPart::new(TextKind::Type, other.call.clone()),
                TextPart::new(TextKind::Plain, "."),
            ],
            _ => {
                let (least, count) = (if is_all { "" } else { "At least " }, preview::grouped(others.len() as u64));
                vec![TextPart::new(TextKind::Plain, format!(" {least}{count} more calls are dangerous."))]
            }
        }
    }

    /// The names that nobody here knows, which decide the verdict, and where the first of them is imported.
    fn unknown_names(&self) -> Option<(Vec<TextPart>, u64)> {
        const NAMED: usize = 3;
        let imports = &self.audit.imports;
        let is_unknown = |import: &&Import| import.level == Level::UnknownCode && import.reason.is_empty();
        let unknown: Vec<_> = imports.iter().filter(is_unknown).collect();
        let first = unknown.first()?;
        let (all, count) = (preview::grouped(imports.len() as u64), preview::grouped(unknown.len() as u64));
        let is_all = self.reading.graph.symbols.len() == imports.len();
        let lead = match (imports.len(), unknown.len()) {
            _ if !is_all => format!("At least {count} names are unknown: "),
            (1, _) => "The only name that loading imports is unknown: ".to_owned(),
            (_, 1) => format!("1 of {all} names is unknown: "),
            (all_names, unknown_names) if all_names == unknown_names => format!("All {all} names are unknown: "),
            _ => format!("{count} of {all} names are unknown: "),
        };
        let mut sentence = vec![TextPart::new(TextKind::Plain, lead)];
        for (index, import) in unknown.iter().take(NAMED).enumerate() {
            if index > 0 {
                sentence.push(TextPart::new(TextKind::Plain, ", "));
            }
            sentence.push(TextPart::new(TextKind::Type, format!("{}.{}", ends(&import.module), ends(&import.name))));
        }
        if unknown.len() > NAMED {
            let more = preview::grouped((unknown.len() - NAMED) as u64);
            sentence.push(TextPart::new(TextKind::Plain, format!(" and {more} more")));
        }
        let rest = if unknown.len() == 1 { ". It is not known" } else { ". None is known" };
        let code = if self.own_code().is_some() { " The file also brings code of its own." } else { "" };
        sentence.push(TextPart::new(TextKind::Plain, format!("{rest} to be dangerous.{code}")));
        Some((sentence, first.offset))
    }

    /// Where functions or classes are that the file brings.
    fn own_code(&self) -> Option<u64> {
        let found = self.audit.findings.iter().find(|finding| finding.is_of(&STORED_CODE))?;
        Some(found.offset)
    }

    /// For files that import only what is ordinary, or that ask the loading program for what nobody here knows.
    fn import_sentence(&self, level: Level) -> Vec<TextPart> {
        let mut modules: Vec<&str> = Vec::new();
        for symbol in self.reading.graph.symbols.iter() {
            let top = symbol.module.split('.').next().unwrap_or(&symbol.module);
            if !modules.contains(&top) && modules.len() < 50 {
                modules.push(top);
            }
        }
        let count = self.reading.graph.symbols.len() as u64;
        let from = match modules.len() {
            0 => "a source outside the file".to_owned(),
            1..=4 => modules.join(", "),
            more => format!("{} and {} more", modules[..3].join(", "), more - 3),
        };
        let mut text = format!(
            "Loading this file imports {} from {from} and runs {} code. ",
            preview::plural(count, "name", "names"),
            if count == 1 { "its" } else { "their" }
        );
        if count == 0 {
            text = format!("Loading this file asks the loading program for {}. ", self.asked_for());
        }
        text.push_str(match level {
            Level::Recognised if count == 1 => "It is known and ordinary.",
            Level::Recognised => "All of them are known and ordinary.",
            _ if count == 0 => "What it gives back is unknown.",
            _ => "None is known to be dangerous.",
        });
        vec![TextPart::new(TextKind::Plain, text)]
    }
}

impl Document {
    /// What a file without a single import takes from the loading program.
    fn asked_for(&self) -> &'static str {
        let graph = &self.reading.graph;
        let is_id = |node| matches!(graph.node(node), Node::PersistentId(_));
        let is_registered = |node| matches!(graph.node(node), Node::Extension(_));
        // The kinds in one pass, to the first of the common one.
        let (mut ids, mut registered) = (false, false);
        for node in graph.reaching_out() {
            ids |= is_id(node);
            registered |= is_registered(node);
            if ids {
                break;
            }
        }
        match (ids, registered) {
            (true, _) => "objects by persistent id",
            (_, true) => "objects by the code of an extension registry",
            _ if graph.has_buffers() => "out-of-band buffers, without which it does not load",
            _ => "objects that are not in the file",
        }
    }
}

fn stream_facts(stream: &crate::machine::Stream) -> StreamFacts {
    StreamFacts {
        offset: stream.span.start,
        length: stream.span.len(),
        declared_protocol: stream.declared_protocol,
        opcode_protocol: stream.opcode_protocol,
        opcodes: stream.opcodes,
        complete: stream.complete,
    }
}

fn problem_facts(problem: &crate::machine::Problem) -> ProblemFacts {
    ProblemFacts {
        offset: problem.offset,
        opcode: problem.opcode.map_or_else(String::new, |opcode| opcode.info().name.to_owned()),
        message: problem.kind.to_string(),
        fatal: problem.fatal,
    }
}
