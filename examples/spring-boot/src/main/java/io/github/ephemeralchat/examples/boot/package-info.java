/** A shop: what a host with pages and users of its own adds for a chat beside them. */
@NullMarked
package io.github.ephemeralchat.examples.boot;

import org.jspecify.annotations.NullMarked;
