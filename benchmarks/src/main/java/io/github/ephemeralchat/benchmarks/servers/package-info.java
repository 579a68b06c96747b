/** The servers that are measured: ours, in several doors and containers, and others beside them. */
@NullMarked
package io.github.ephemeralchat.benchmarks.servers;

import org.jspecify.annotations.NullMarked;
