package io.github.ephemeralchat.model;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of an entry in its room's log: a sequence 1, 2, 3 without holes, and a random nonce.
 *
 * <p>The nonce tells two histories apart: after a failover to a replica that lagged, a sequence may be given again, to
 * another entry. Its text form {@code <sequence>-<nonce>} is the event id of a Server-Sent Events stream.
 *
 * @param sequence the position in the log, from 1; 0 is the place before the first entry
 * @param nonce from 1 to 2<sup>53</sup>-1 in every entry; 0 only if a place is named by its sequence alone
 */
public record EntryId(long sequence, long nonce) {

    /** The place before a log's first entry. */
    public static final EntryId START = new EntryId(0, 0);

    /** The greatest nonce: the greatest integer that every JSON parser reads exactly. */
    public static final long MAX_NONCE = (1L << 53) - 1;

    /** Both from 1 and without leading zeros; 18 digits fit into a long. */
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,17})-([1-9][0-9]{0,17})");

    /**
     * Checks both numbers.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public EntryId {
        if (sequence < 0 || nonce < 0 || nonce > MAX_NONCE) {
            throw new IllegalArgumentException("an entry id is a sequence from 0 and a nonce from 0 to 2^53-1");
        }
    }

    /**
     * Names a place by its sequence alone, which no check of the history's identity can refuse.
     *
     * @param sequence from 0
     * @return the place of whatever entry has that sequence
     */
    public static EntryId at(long sequence) {
        return new EntryId(sequence, 0);
    }

    /**
     * Reads the text form of an entry's id.
     *
     * @param text any string
     * @return the id, or nothing if the text is not exactly {@code <sequence>-<nonce>} with both from 1
     */
    public static Optional<EntryId> parse(String text) {
        Matcher form = FORM.matcher(Objects.requireNonNull(text, "text"));
        if (!form.matches()) {
            return Optional.empty();
        }
        long nonce = Long.parseLong(form.group(2));
        return nonce > MAX_NONCE ? Optional.empty() : Optional.of(new EntryId(Long.parseLong(form.group(1)), nonce));
    }

    /** {@return whether this id names a place by its sequence alone: its nonce is 0} */
    public boolean isUnverified() {
        return nonce == 0;
    }

    /** Returns {@code <sequence>-<nonce>}. */
    @Override
    public String toString() {
        return sequence + "-" + nonce;
    }
}
