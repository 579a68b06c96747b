/** The servers that are measured: ours, on Netty and in containers, and others beside them. */
@NullMarked
package io.github.ephemeralchat.benchmarks.servers;

import org.jspecify.annotations.NullMarked;
