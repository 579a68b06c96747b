package io.github.ephemeralchat.model;

import java.util.Objects;

/** The host's guard has refused a message, or could not judge it. */
public final class MessageRefusedException extends EphemeralChatException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_REASON_LENGTH = 32;

    private final String reason;

    /**
     * Creates the exception.
     *
     * @param reason why, valid by {@link #isValidReason}
     * @throws IllegalArgumentException if the reason is not valid
     */
    public MessageRefusedException(String reason) {
        super("the host does not take this message");
        if (!isValidReason(reason)) {
            throw new IllegalArgumentException("a reason has 1 to 32 characters of [a-z0-9_]");
        }
        this.reason = reason;
    }

    /** {@return why, in the host's words} */
    public String reason() {
        return reason;
    }

    /**
     * Tells whether a string may be a reason.
     *
     * @param reason any string
     * @return whether it is 1 to 32 characters of {@code [a-z0-9_]}
     */
    public static boolean isValidReason(String reason) {
        return !Objects.requireNonNull(reason, "reason").isEmpty()
                && reason.length() <= MAX_REASON_LENGTH
                && Validation.hasOnly(reason, c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
    }
}
