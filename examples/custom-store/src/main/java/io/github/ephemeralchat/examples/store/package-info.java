/** The smallest store that holds every rule. */
@NullMarked
package io.github.ephemeralchat.examples.store;

import org.jspecify.annotations.NullMarked;
