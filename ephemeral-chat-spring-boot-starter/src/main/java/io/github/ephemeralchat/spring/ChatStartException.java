package io.github.ephemeralchat.spring;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The chat cannot start as the host has set it up. Tells what is wrong and what to do, and no secret. */
final class ChatStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final String PREFIX = "ephemeral-chat.";

    final String action;

    ChatStartException(String description, String action) {
        this(description, action, null);
    }

    ChatStartException(String description, String action, @Nullable Throwable cause) {
        super(description, cause);
        this.action = action;
    }

    /**
     * Sets what a property says. What the setting refuses is told with the property's name; the setting itself says what it
     * got, if that is no secret, and what it takes.
     */
    static <T> void set(String property, T value, Consumer<? super T> setting) {
        try {
            setting.accept(value);
        } catch (IllegalArgumentException e) {
            throw new ChatStartException(
                    "The property " + PREFIX + property + " is refused: " + e.getMessage() + ".",
                    "Change " + PREFIX + property + ".",
                    e);
        }
    }
}
