//! What torch's restricted loader would say, held against what torch 2.6 said (`scripts/fixtures/gen_forecast.py`).

use picklescope::bundle::Bundle;
use picklescope::bytes::{Limits, MemorySource, Source};
use picklescope::safety::{Forecast, forecast};
use picklescope::view::ForecastFacts;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn truth() -> Vec<Value> {
    let text = fs::read(fixtures().join("forecast/TRUTH.json")).unwrap();
    let truth: Value = serde_json::from_slice(&text).unwrap();
    truth["rows"].as_array().unwrap().clone()
}

fn open(name: &str) -> Bundle {
    let source: Arc<dyn Source> = Arc::new(MemorySource::new(fs::read(fixtures().join(name)).unwrap()));
    Bundle::open(vec![(name.to_owned(), source)], Limits::default(), &mut |_| {})
}

fn of(name: &str) -> Forecast {
    let bundle = open(name);
    forecast(bundle.document().reading(), &bundle.document().lens())
}

/// What the report says of a whole file, which may be no single pickle.
fn of_file(name: &str) -> Vec<ForecastFacts> {
    open(name).report(name, u64::MAX, &mut |_| {}).forecasts
}

#[test]
fn it_says_what_torch_said() {
    let mut wrong = Vec::new();
    let rows = truth();
    for row in &rows {
        let name = row["file"].as_str().unwrap();
        let accepts = row["accepts"] == true && row["newer"] != false;
        let forecast = of(name);
        let whole = of_file(name);
        let said = if name.starts_with("forecast/") || name.ends_with("tensor.pkl") {
            forecast.accepts
        } else {
            assert!(!whole.is_empty(), "{name}: the report has no forecast");
            whole.iter().all(|facts| facts.accepts)
        };
        if said != accepts {
            wrong.push(format!("{name}: torch {row}\n    {:?}", forecast.stops));
        }
        assert_eq!(forecast.accepts, forecast.stops.is_empty(), "{name}");
        // torch lists the globals of a file only, and then asks for the class of each dtype that BUILD fills, too.
        let mut needs: Vec<String> =
            forecast.needs.iter().filter(|name| !name.starts_with("numpy.dtypes.")).cloned().collect();
        needs.sort();
        if let Some(expected) = row["needs"].as_array()
            && !expected.iter().map(|need| need.as_str().unwrap()).eq(needs.iter().map(String::as_str))
        {
            wrong.push(format!("{name}: needs {needs:?}, torch {expected:?}"));
        }
    }
    assert!(rows.len() > 140 && wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first stop is the one that torch names.
#[test]
fn the_first_stop_is_where_torch_stopped() {
    let mut wrong = Vec::new();
    for row in truth().iter().filter(|row| row["accepts"] == false) {
        let (name, error) = (row["file"].as_str().unwrap(), row["error"].as_str().unwrap());
        let forecast = of(name);
        let Some(stop) = forecast.stops.first() else { continue };
        let expected = match error {
            _ if error.contains("Unsupported global") || error.contains("unsupported GLOBAL") => {
                error.contains(&format!("GLOBAL {} ", stop.name))
            }
            _ if error.contains("Unsupported operand") => {
                let byte: u8 = error.rsplit(' ').next().unwrap().parse().unwrap();
                picklescope::opcode::Opcode::ALL.iter().any(|op| *op as u8 == byte && op.info().name == stop.opcode)
            }
            _ if error.contains("append") || error.contains("extend") => stop.opcode == "APPEND",
            _ if error.contains("Can only build") => stop.opcode == "BUILD",
            _ if error.contains("reduce") => stop.opcode == "REDUCE",
            _ if error.contains("create new object") => stop.opcode == "NEWOBJ",
            _ if error.contains("persistent_load") => stop.opcode == "BINPERSID",
            _ => true,
        };
        if !expected {
            wrong.push(format!("{name}: {error}\n    {stop:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_that_can_be_added_are_told_from_what_cannot() {
    let namespace = of("forecast/two-unknown.pkl");
    assert_eq!(namespace.needs, ["argparse.Namespace", "fractions.Fraction"]);
    assert!(!namespace.is_final, "both could be added");
    for name in ["system", "sys-modules", "protocol-4", "call-of-result", "cut"] {
        assert!(of(&format!("forecast/{name}.pkl")).is_final, "{name}");
    }
    let torch = of_file("containers/torch-2.6.0/module.pt");
    assert!(torch[0].sentence.contains("torch.nn.modules.container.Sequential"), "{}", torch[0].sentence);
    assert!(of_file("real/stdlib/extensions.p2.pkl").is_empty(), "not a file of torch");
}
