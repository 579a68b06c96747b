/** A store of one's own. */
@NullMarked
package io.github.ephemeralchat.examples.store;

import org.jspecify.annotations.NullMarked;
