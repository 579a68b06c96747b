/**
 * What a transport uses: subscriptions that are polled, and events whose encoded form is shared. Hosts that only call the
 * service and listen need nothing of it but {@link io.github.ephemeralchat.transport.Subscription#close}.
 *
 * <pre>{@code
 * Semaphore news = new Semaphore(0);
 * Subscription stream = chat.transport().subscribe(code, token, Cursor.start(), news::release);
 * for (SharedEvent event : stream.poll(100)) {
 *     System.out.println(event.event().getClass().getSimpleName());
 * }
 * news.acquire(); // something is new: poll again
 * stream.close();
 * }</pre>
 */
@NullMarked
package io.github.ephemeralchat.transport;

import org.jspecify.annotations.NullMarked;
