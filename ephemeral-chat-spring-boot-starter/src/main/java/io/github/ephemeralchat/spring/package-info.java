/** Chat rooms in a Spring Boot application: what is configured where the host has nothing of its own. */
@NullMarked
package io.github.ephemeralchat.spring;

import org.jspecify.annotations.NullMarked;
