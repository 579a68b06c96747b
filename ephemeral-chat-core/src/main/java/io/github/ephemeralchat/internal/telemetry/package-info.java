/** Tells observers what happens, and counts the rest. Not part of the API. */
@NullMarked
package io.github.ephemeralchat.internal.telemetry;

import org.jspecify.annotations.NullMarked;
