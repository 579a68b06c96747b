/** Rooms without HTTP. */
@NullMarked
package io.github.ephemeralchat.examples.library;

import org.jspecify.annotations.NullMarked;
