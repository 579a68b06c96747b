/** The values, the events and the exceptions. Depends on no other package of this library. */
@NullMarked
package io.github.ephemeralchat.model;

import org.jspecify.annotations.NullMarked;
