//! Findings, verdicts, forecasts.

mod audit;
mod forecast;
mod honest;
mod report;
