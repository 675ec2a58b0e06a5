//! Findings, verdicts, forecasts.

mod audit;
mod forecast;
mod report;
