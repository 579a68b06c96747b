/** The benchmark command. */
@NullMarked
package io.github.ephemeralchat.benchmarks;

import org.jspecify.annotations.NullMarked;
