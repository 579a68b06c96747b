/** A load generator for chat rooms over HTTP and Server-Sent Events, and an independent check of what it receives. */
@NullMarked
package io.github.ephemeralchat.benchmarks.load;

import org.jspecify.annotations.NullMarked;
