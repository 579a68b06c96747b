/** Rooms in a plain web application. */
@NullMarked
package io.github.ephemeralchat.examples.war;

import org.jspecify.annotations.NullMarked;
