/**
 * What a transport uses: subscriptions that are polled, and events whose encoded form is shared. Hosts that only call the
 * service and listen need nothing of it but {@link io.github.ephemeralchat.transport.Subscription#close}.
 */
@NullMarked
package io.github.ephemeralchat.transport;

import org.jspecify.annotations.NullMarked;
