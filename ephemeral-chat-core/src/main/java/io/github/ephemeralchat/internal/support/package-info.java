/** Threads, tickers and log records that all modules of this library share. Not part of the API. */
@NullMarked
package io.github.ephemeralchat.internal.support;

import org.jspecify.annotations.NullMarked;
