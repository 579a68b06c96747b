/** Rooms without HTTP. */
@NullMarked
package io.github.ephemeralchat.examples.talk;

import org.jspecify.annotations.NullMarked;
