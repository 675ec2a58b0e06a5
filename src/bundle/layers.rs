//! The layers of bytes around the document on show: the file, what is unpacked from it, the entry in that.

use super::member::{MemberId, Origin};
use super::open::base_name;
use super::{Bundle, OnProgress};
use crate::bytes::{ByteSpan, Source, Span, Tiles, read_span};
use crate::container::{Entry, Format, Packing, Structure, Unpacked};
use crate::view::{ByteLayer, ByteWindow, BytesAt, READ_AHEAD, byte_readings, shown};
use std::sync::Arc;

/// Bytes of a stream that are decompressed once more to tell its pieces, where it is not unpacked.
const DECOMPRESSED: u64 = 64 << 20;
/// Spans of one answer at most.
const SPANS: usize = 1 << 16;

impl Bundle {
    /// The layers, the file first. The last one is that of the document on show.
    pub fn byte_layers(&self) -> Vec<ByteLayer> {
        let way = self.way_to_shown();
        let last = way.len() - 1;
        let layer = |(number, &id): (usize, &MemberId)| {
            let member = self.at(id);
            let name = match &member.origin {
                Origin::File => base_name(&member.name).to_owned(),
                Origin::Content(packing) => format!("decompressed {}", packing.name()),
                Origin::Entry(entry) => entry.name.clone(),
                _ => member.name.clone(),
            };
            let size = match &member.source {
                Some(Ok(source)) => source.len(),
                _ => 0,
            };
            ByteLayer { name, what: self.word(id), size, is_document: number == last }
        };
        shown(way.iter().enumerate().map(layer).collect())
    }

    /// Members with bytes from the file down to the one on show.
    fn way_to_shown(&self) -> Vec<MemberId> {
        let mut way = vec![self.shown];
        while let Some(above) = way.last().and_then(|&id| self.wrapper(id)) {
            way.push(above);
        }
        way.reverse();
        way
    }

    /// The member of a layer, and its bytes; `None` stands for the layer of the document.
    fn layer(&mut self, layer: Option<u32>, progress: OnProgress<'_>) -> Result<(MemberId, Arc<dyn Source>), String> {
        let way = self.way_to_shown();
        let number = layer.map_or(way.len() - 1, |layer| layer as usize);
        let id =
            *way.get(number).ok_or_else(|| format!("there is no layer {number}; the last is {}", way.len() - 1))?;
        if id == self.shown {
            return Ok((id, self.document.shared_source()));
        }
        Ok((id, self.source(id, progress)?))
    }

    /// Bytes of a layer, those of `span`.
    ///
    /// # Errors
    /// Why there are none, for people.
    pub fn layer_bytes(&mut self, layer: Option<u32>, span: Span, progress: OnProgress<'_>) -> Result<Vec<u8>, String> {
        let (_, source) = self.layer(layer, progress)?;
        let bytes = read_span(&*source, span).map_err(|error| error.to_string())?;
        Ok(bytes.into_owned())
    }

    /// A name for a file with a range of a layer: `data.pkl-0x1f-0x30.bin`.
    pub fn name_of_range(&self, layer: Option<u32>, start: u64, end: u64) -> String {
        let layers = self.byte_layers();
        let number = layer.map_or(layers.len().saturating_sub(1), |layer| layer as usize);
        let name = layers.get(number).map_or("bytes", |layer| base_name(&layer.name));
        format!("{}-{start:#x}-{end:#x}.bin", name.replace(' ', "-"))
    }

    /// Bytes of a layer with what they are for.
    ///
    /// # Errors
    /// Why there are none, for people.
    pub fn byte_window(
        &mut self,
        layer: Option<u32>,
        span: Span,
        progress: OnProgress<'_>,
    ) -> Result<ByteWindow, String> {
        let (id, source) = self.layer(layer, progress)?;
        let bytes = read_span(&*source, span).map_err(|error| error.to_string())?;
        let spans = self.byte_spans(id, &source, span, progress);
        let marks = if id == self.shown { self.document.byte_marks(span) } else { Vec::new() };
        Ok(ByteWindow { start: span.start, digits: data_encoding::HEXLOWER.encode(&bytes), spans, marks })
    }

    /// Everything about one byte of a layer.
    ///
    /// # Errors
    /// Why nothing can be said of it, for people.
    pub fn bytes_at(&mut self, layer: Option<u32>, offset: u64, progress: OnProgress<'_>) -> Result<BytesAt, String> {
        let (id, source) = self.layer(layer, progress)?;
        if offset >= source.len() {
            return Err(format!("offset {offset} is past the end: there are {} bytes", source.len()));
        }
        let end = offset.saturating_add(READ_AHEAD as u64);
        let bytes = read_span(&*source, Span::new(offset, end)).map_err(|error| error.to_string())?;
        let readings = shown(byte_readings(&bytes, end >= source.len()));
        let spans = self.byte_spans(id, &source, Span::new(offset, offset + 1), progress);
        Ok(BytesAt { offset, span: spans.into_iter().next(), readings })
    }

    /// What the bytes of a member in a window are for.
    fn byte_spans(
        &mut self,
        id: MemberId,
        source: &Arc<dyn Source>,
        window: Span,
        progress: OnProgress<'_>,
    ) -> Vec<ByteSpan> {
        if id == self.shown && !self.document.reading().streams.is_empty() {
            return self.document.byte_spans(window, SPANS);
        }
        let structure = self.structure(id, source, progress);
        let mut tiles = Tiles::new(window, source.len(), SPANS);
        structure.describe(&**source, &mut tiles);
        shown(tiles.finish())
    }

    /// Where the parts of a member are; found once for what is around the document on show.
    fn structure(&mut self, id: MemberId, source: &Arc<dyn Source>, progress: OnProgress<'_>) -> Arc<Structure> {
        if let Some(known) = self.structures.get(&id) {
            return Arc::clone(known);
        }
        let structure = match self.format(id, progress) {
            Some(Format::Archive(archive)) => {
                let entries = self.entries_of(id, progress);
                Structure::of_archive(archive, entries.iter().map(Arc::as_ref), source)
            }
            Some(Format::Packed(packing)) => self.stream_structure(id, packing, source, progress),
            Some(Format::Npy) => Structure::of_npy(),
            Some(Format::Other(_)) | None => Structure::of_named(self.parts_of(id, progress)),
        };
        let structure = Arc::new(structure);
        self.structures.insert(id, Arc::clone(&structure));
        structure
    }

    /// The entries of an archive, those in its folders too.
    fn entries_of(&mut self, id: MemberId, progress: OnProgress<'_>) -> Vec<Arc<Entry>> {
        let mut entries = Vec::new();
        let mut waiting = self.children(id, progress);
        while let Some(id) = waiting.pop() {
            let member = self.at(id);
            match &member.origin {
                Origin::Entry(entry) => entries.push(Arc::clone(entry)),
                Origin::Folder => waiting.extend(member.children.iter().flatten()),
                _ => {}
            }
        }
        entries
    }

    fn stream_structure(
        &mut self,
        id: MemberId,
        packing: Packing,
        source: &Arc<dyn Source>,
        progress: OnProgress<'_>,
    ) -> Structure {
        let children = self.children(id, progress);
        let content = children.iter().find(|&&child| matches!(self.at(child).origin, Origin::Content(_)));
        let unpacked = content.and_then(|&content| self.at(content).unpacked.clone());
        let unpacked = unpacked.unwrap_or_else(|| {
            let unpacked = Unpacked::new(packing, Arc::clone(source), Span::new(0, source.len()));
            unpacked.advance(DECOMPRESSED, &mut |_, _| {});
            Arc::new(unpacked)
        });
        Structure::of_stream(unpacked.pieces())
    }

    /// Members that are parts of another as they are, with their names.
    fn parts_of(&mut self, id: MemberId, progress: OnProgress<'_>) -> Vec<(Span, String)> {
        let children = self.children(id, progress);
        let part = |child: MemberId| {
            let member = self.at(child);
            match member.origin {
                Origin::Part(span) | Origin::Tail(span) => Some((span, member.name.clone())),
                _ => None,
            }
        };
        children.into_iter().filter_map(part).collect()
    }
}
