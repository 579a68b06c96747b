package io.github.ephemeralchat.it.circle.one;

import io.github.ephemeralchat.it.circle.two.Two;

/** Half of a circle that the architecture test has to find. */
public record One(Two two) {}
