/** Microbenchmarks of the hot paths; {@code benchmarks/run jmh} runs them. */
@NullMarked
package io.github.ephemeralchat.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
