/**
 * Self-destructing chat rooms inside any application. Storage and broadcast are in {@link io.github.ephemeralchat.spi}.
 *
 * <p>Nothing here is null unless it is annotated so; a null argument is answered by a {@link NullPointerException}.
 */
@NullMarked
package io.github.ephemeralchat;

import org.jspecify.annotations.NullMarked;
