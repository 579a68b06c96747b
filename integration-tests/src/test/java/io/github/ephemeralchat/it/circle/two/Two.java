package io.github.ephemeralchat.it.circle.two;

import io.github.ephemeralchat.it.circle.one.One;

/** The other half. */
public record Two(One one) {}
