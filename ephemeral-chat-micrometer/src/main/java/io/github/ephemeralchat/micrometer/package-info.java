/** The chat's metrics as Micrometer's meters. */
@NullMarked
package io.github.ephemeralchat.micrometer;

import org.jspecify.annotations.NullMarked;
