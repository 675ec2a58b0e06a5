//! Findings, verdicts, forecasts.

mod audit;
mod bombs;
mod forecast;
mod report;
