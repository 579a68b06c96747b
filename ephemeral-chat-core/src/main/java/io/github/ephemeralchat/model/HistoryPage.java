package io.github.ephemeralchat.model;

import java.util.List;

/**
 * A page of a room's messages and the host's notices, oldest first.
 *
 * @param messages the messages, ascending; see {@link Message#isNotice}
 * @param nextAfter the sequence to continue after
 * @param lastSequence the sequence of the log's newest entry, whatever its kind
 * @param truncated whether entries after the place that was asked for are no longer retained
 */
public record HistoryPage(List<Message> messages, long nextAfter, long lastSequence, boolean truncated) {

    /** Copies the list. */
    public HistoryPage {
        messages = List.copyOf(messages);
    }
}
