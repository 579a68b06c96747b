/** What happens on a node, for metrics: events as they happen, and numbers to be pulled. */
@NullMarked
package io.github.ephemeralchat.metrics;

import org.jspecify.annotations.NullMarked;
