/** The engine: one feed for each room that somebody on this node listens to. Not part of the API. */
@NullMarked
package io.github.ephemeralchat.internal.feed;

import org.jspecify.annotations.NullMarked;
