//! Everything that pickles are packed in.

mod bombs;
mod chunked;
mod damage;
mod laid_out;
mod left_over;
mod npy;
mod packed;
mod seven_zip;
mod sniff;
mod tar;
mod truth;
mod unread;
mod zip;
