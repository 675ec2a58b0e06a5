//! Findings, verdicts, forecasts.

mod audit;
mod bombs;
mod forecast;
mod honest;
mod report;
mod report_afresh;
mod running;
