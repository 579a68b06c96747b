/**
 * What happens on a node, for metrics: events as they happen, and numbers to be pulled.
 *
 * <pre>{@code
 * AtomicInteger created = new AtomicInteger();
 * ChatObserver observer = new ChatObserver() {
 *     @Override
 *     public void roomCreated() {
 *         created.incrementAndGet();
 *     }
 * };
 * EphemeralChatService chat = EphemeralChatService.builder(store).observer(observer).build();
 * }</pre>
 */
@NullMarked
package io.github.ephemeralchat.metrics;

import org.jspecify.annotations.NullMarked;
