/**
 * Rooms in PostgreSQL, shared by any number of nodes: {@link io.github.ephemeralchat.postgresql.PostgresqlChat} takes the
 * host's data source, and offers a store and a broadcaster.
 *
 * <pre>{@code
 * PostgresqlChat postgresql = PostgresqlChat.builder(pool).listeningOver(unpooled).open();
 * EphemeralChatService chat = EphemeralChatService.create(postgresql.store(), postgresql.broadcaster());
 *
 * chat.close();
 * postgresql.close(); // after the service; rooms live on
 * }</pre>
 */
@NullMarked
package io.github.ephemeralchat.postgresql;

import org.jspecify.annotations.NullMarked;
