/**
 * Self-destructing chat rooms inside any application. Start at {@link io.github.ephemeralchat.EphemeralChatService}.
 *
 * <p>Nothing here is null unless it is annotated so; a null argument is answered by a {@link NullPointerException}.
 */
@NullMarked
package io.github.ephemeralchat;

import org.jspecify.annotations.NullMarked;
