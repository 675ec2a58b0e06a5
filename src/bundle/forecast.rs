//! For files of torch: what `torch.load(weights_only=True)` would say of them.

use super::Bundle;
use super::member::MemberId;
use crate::document::Document;
use crate::machine::Layout;
use crate::safety;
use crate::view::{ForecastFacts, ReadersFacts, StopFacts};

/// What holds the pickle that `torch.load` reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holder {
    /// A file that the restricted loader looks into: a zip of torch, or pickles one after the other.
    Read,
    /// One that it refuses as a whole.
    Refused(&'static str),
}

impl Bundle {
    /// The forecast for a pickle that `torch.load` would read; `None` for others.
    pub(super) fn forecast(&self, id: MemberId, document: &Document, container: &str) -> Option<ForecastFacts> {
        let holder = self.torch_holder(id, document)?;
        let forecast = safety::forecast(document.reading(), &document.lens());
        let (accepts, sentence) = match holder {
            Holder::Read => (forecast.accepts, forecast.sentence()),
            Holder::Refused(what) => (false, format!("torch.load(weights_only=True) refuses {what} as a whole.")),
        };
        let stops = forecast.stops.into_iter().map(|stop| StopFacts {
            offset: stop.offset,
            opcode: stop.opcode.to_owned(),
            name: stop.name,
            reason: stop.reason,
        });
        Some(ForecastFacts {
            container: container.to_owned(),
            member: id.0,
            accepts,
            sentence,
            stops: stops.collect(),
            needs: forecast.needs,
        })
    }

    /// What readers of pickles make of the document on show; torch's restricted loader among them where it would read it, or
    /// where that is asked for.
    #[must_use]
    pub fn readers(&self, wants_torch: bool) -> ReadersFacts {
        let has_torch = self.torch_holder(self.shown, &self.document) == Some(Holder::Read);
        self.document.readers(wants_torch || has_torch)
    }

    fn torch_holder(&self, id: MemberId, document: &Document) -> Option<Holder> {
        if document.reading().layout == Layout::LegacyTorch {
            return Some(Holder::Read);
        }
        let archive = self.wrapper(id)?;
        match (self.at(archive).flavour?, self.at(id).name.as_str()) {
            ("torch", "data.pkl") => Some(Holder::Read),
            ("TorchScript", "data.pkl") => Some(Holder::Refused("TorchScript archives")),
            ("torch 0.1", "pickle") => Some(Holder::Refused("the tar files of torch 0.1")),
            _ => None,
        }
    }
}
