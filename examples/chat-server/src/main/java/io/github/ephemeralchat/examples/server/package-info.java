/** A runnable chat server: the library, its web page and an embedded Jetty. */
@NullMarked
package io.github.ephemeralchat.examples.server;

import org.jspecify.annotations.NullMarked;
