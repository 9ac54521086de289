//! The data channels of one peer: which labels are open, and how much may wait in them.
//!
//! Channels are opened by the peer in-band (RFC 8832) and named by their label; of two with one
//! label the later is meant. A full buffer drops a lossy message and refuses a reliable one.

use std::sync::Arc;

use str0m::Rtc;
use str0m::channel::{ChannelId, Reliability};

use super::limits::{
    CHANNELS, CHANNELS_EVER_OPENED, LABEL_BYTES, LOSSY_BUFFER_BYTES, MESSAGE_BYTES,
};

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way.
    Queued,
    /// The peer is behind and the channel is lossy.
    Dropped,
}

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// No channel of this label is open.
    NoChannel,
    /// Longer than `limits::MESSAGE_BYTES`.
    TooLong,
    /// A reliable message would exceed the send buffer: the transport has failed.
    SlowReader,
    /// The transport has ended.
    Ended,
}

/// What became of a channel that the peer opened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Opening {
    Opened(Arc<str>),
    Refused,
    TooMany,
}

#[derive(Debug, Default)]
pub(super) struct Channels {
    open: Vec<Channel>,
    ever_opened: u32,
}

#[derive(Debug)]
struct Channel {
    id: ChannelId,
    label: Arc<str>,
    is_lossy: bool,
}

impl Channels {
    pub fn opened(&mut self, rtc: &mut Rtc, id: ChannelId, label: &str) -> Opening {
        self.ever_opened = self.ever_opened.saturating_add(1);
        if self.ever_opened > CHANNELS_EVER_OPENED {
            return Opening::TooMany;
        }
        if self.open.len() >= CHANNELS || label.len() > LABEL_BYTES {
            rtc.direct_api().close_data_channel(id);
            return Opening::Refused;
        }
        let reliability = rtc
            .channel(id)
            .and_then(|channel| channel.config().map(|config| config.reliability));
        let label: Arc<str> = label.into();
        self.open.push(Channel {
            id,
            label: Arc::clone(&label),
            is_lossy: reliability.is_some_and(|it| it != Reliability::Reliable),
        });
        Opening::Opened(label)
    }

    pub fn closed(&mut self, id: ChannelId) -> Option<Arc<str>> {
        let position = self.open.iter().position(|channel| channel.id == id)?;
        Some(self.open.remove(position).label)
    }

    /// Label of a channel, and whether its messages may be dropped.
    pub fn get(&self, id: ChannelId) -> Option<(&Arc<str>, bool)> {
        let channel = self.open.iter().find(|channel| channel.id == id)?;
        Some((&channel.label, channel.is_lossy))
    }

    pub fn send(&self, rtc: &mut Rtc, label: &str, message: &[u8]) -> Result<Sent, Refused> {
        if message.len() > MESSAGE_BYTES {
            return Err(Refused::TooLong);
        }
        let channel = self.open.iter().rfind(|channel| &*channel.label == label);
        let channel = channel.ok_or(Refused::NoChannel)?;
        if channel.is_lossy
            && self.lossy_bytes_queued(rtc).saturating_add(message.len()) > LOSSY_BUFFER_BYTES
        {
            return Ok(Sent::Dropped);
        }
        let mut writer = rtc.channel(channel.id).ok_or(Refused::NoChannel)?;
        match writer.write(true, message) {
            Ok(true) => Ok(Sent::Queued),
            Ok(false) if channel.is_lossy => Ok(Sent::Dropped),
            Ok(false) => Err(Refused::SlowReader),
            Err(_) => Err(Refused::NoChannel),
        }
    }

    fn lossy_bytes_queued(&self, rtc: &mut Rtc) -> usize {
        let lossy = self.open.iter().filter(|channel| channel.is_lossy);
        lossy
            .filter_map(|channel| rtc.channel(channel.id).map(|mut it| it.buffered_amount()))
            .fold(0, usize::saturating_add)
    }
}
