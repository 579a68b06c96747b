/**
 * The engine: one feed for each room that somebody on this node listens to. Not part of the API.
 *
 * <p>The way of an entry: on the posting thread {@code FeedRegistry.announce} links it to this node's feed and publishes its
 * signal. On another node the broadcaster's thread calls {@code RoomFeed.onSignal}, which links the entry if it follows the
 * feed's last one; a thread {@code ephemeral-chat-dispatch} then wakes the subscriptions up, and each stream polls on its own
 * thread what is after its cursor.
 *
 * <p>What heals a lost signal: if a later one comes, the gap is read at the next tick, within 100 ms; if the broadcaster
 * reports a loss, at once; if nothing comes, the position check reads within 15 to 30 seconds. The thread
 * {@code ephemeral-chat-maintenance} ticks, and threads {@code ephemeral-chat-checks} read the store.
 */
@NullMarked
package io.github.ephemeralchat.internal.feed;

import org.jspecify.annotations.NullMarked;
