/**
 * A server of its own for the HTTP API and its event streams, on Netty: for hosts that want no servlet container, or
 * the lowest cost for each stream and message.
 *
 * <pre>{@code
 * NettyChatServer server = NettyChatServer.builder(chat).port(8080).start();
 * }</pre>
 */
@NullMarked
package io.github.ephemeralchat.netty;

import org.jspecify.annotations.NullMarked;
