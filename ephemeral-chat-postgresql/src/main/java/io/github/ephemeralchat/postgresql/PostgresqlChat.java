package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.internal.support.Setting;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.spi.LogLimits;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects a node to PostgreSQL 13 or later over a data source of the host's, and has the {@link #store() store} and the
 * {@link #broadcaster() broadcaster}. Thread-safe; one for each application is enough, whatever the number of rooms.
 *
 * <pre>{@code
 * PostgresqlChat postgresql = PostgresqlChat.builder(pool).listeningOver(unpooled).open();
 * EphemeralChatService chat = EphemeralChatService.create(postgresql.store(), postgresql.broadcaster());
 * }</pre>
 *
 * <p>The database needs the schema {@code ephemeral_chat}: {@link #createSchema} makes it, or a migration runs
 * {@code schema.sql}, which lies beside this class. While PostgreSQL is away, calls fail within 2.5 seconds and nothing is
 * queued. A connection of the pool is in use for the time of one statement, in a transaction of its own.
 *
 * @see PostgresqlRoomStore what is kept in PostgreSQL
 */
public final class PostgresqlChat implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PostgresqlChat.class);
    private static final Duration LISTEN_TIMEOUT = Duration.ofSeconds(5);

    private final DatabaseCalls calls;
    private final PostgresqlRoomStore store;
    private final PostgresqlRoomBroadcaster broadcaster;
    private final @Nullable SignalReceiver receiver;
    private final CountDownLatch echo = new CountDownLatch(1);
    private @Nullable HeadPolls polls;
    private @Nullable Janitor janitor;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PostgresqlChat(Builder settings) {
        this.calls = new DatabaseCalls(settings.pool, settings.maxConnections);
        this.broadcaster = new PostgresqlRoomBroadcaster(calls);
        this.store = new PostgresqlRoomStore(calls, settings.logLimits, broadcaster::publish);
        this.receiver = settings.listens
                ? new SignalReceiver(Objects.requireNonNullElse(settings.listening, settings.pool), new Heard())
                : null;
    }

    /**
     * Creates a builder of a store and a broadcaster over a data source of the host's.
     *
     * @param pool where connections come from, such as a pool of the host's; each is given back after one statement
     * @return a builder that holds the usual settings
     */
    public static Builder builder(DataSource pool) {
        return new Builder(pool);
    }

    /**
     * Creates the schema {@code ephemeral_chat}, unless it is there and not empty. A node that is to have fewer rights than
     * this needs those of {@code role.sql}, which lies beside this class.
     *
     * @param owner connections of a role that may create a schema, and owns it from then on
     * @throws ChatUnavailableException if it could not be created
     */
    public static void createSchema(DataSource owner) {
        Schema.create(Objects.requireNonNull(owner, "owner"));
    }

    /** {@return the store, the same one each time} */
    public PostgresqlRoomStore store() {
        return store;
    }

    /** {@return the broadcaster, the same one each time} */
    public PostgresqlRoomBroadcaster broadcaster() {
        return broadcaster;
    }

    private PostgresqlChat open() {
        try {
            checkServer();
            if (receiver == null || !hears(receiver)) {
                polls = new HeadPolls(calls, broadcaster);
            }
            janitor = new Janitor(calls);
            return this;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The functions judge what the last transaction has left: under another isolation they would see an earlier state. */
    private void checkServer() {
        calls.time();
        Schema.check(calls);
        String isolation =
                calls.query("SELECT current_setting('transaction_isolation') AS isolation", Schema.text("isolation"));
        if (!isolation.equals("read committed")) {
            throw new IllegalStateException("the pool's transactions are to be read committed");
        }
    }

    /** Whether what is sent over the pool comes back over the listening connection. */
    private boolean hears(SignalReceiver listening) {
        boolean hears = false;
        if (listening.open(LISTEN_TIMEOUT)) {
            broadcaster.send(SignalCodec.HERE);
            hears = await(echo);
        }
        if (!hears) {
            log.warn("PostgreSQL's notifications do not arrive, as behind a pooler in transaction mode: rooms are asked"
                    + " twice a second, and participants hear of no cue and no presence on other nodes");
        }
        return hears;
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(LISTEN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private final class Heard implements SignalReceiver.Listener {

        @Override
        public void onLines(List<String> lines, SignalledEntries entries) throws SQLException {
            echo.countDown();
            broadcaster.received(lines, entries);
        }

        @Override
        public void onGap() {
            broadcaster.missed();
        }
    }

    /** Stops and gives all connections back. Rooms live on. Idempotent; takes a few seconds at most. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            if (janitor != null) {
                janitor.close();
            }
            if (polls != null) {
                polls.close();
            }
            if (receiver != null) {
                receiver.close();
            }
            broadcaster.close();
            calls.close();
        }
    }

    /** The settings of a {@link PostgresqlChat}. Not thread-safe. */
    public static final class Builder {

        private final DataSource pool;
        private @Nullable DataSource listening;
        private boolean listens = true;
        private int maxConnections = 16;
        private LogLimits logLimits = LogLimits.DEFAULT;

        private Builder(DataSource pool) {
            this.pool = Objects.requireNonNull(pool, "pool");
        }

        /**
         * Sets where the connection comes from on which signals arrive. It is held until this is closed. It should
         * come neither from the pool nor through a pooler in transaction mode, and connecting should have a time-out (the driver's
         * {@code loginTimeout}).
         * If this is not set, one of the pool's connections is held.
         *
         * @param source connections to the same database, such as a {@code PGSimpleDataSource}
         * @return this builder
         */
        public Builder listeningOver(DataSource source) {
            this.listening = Objects.requireNonNull(source, "listeningOver");
            return this;
        }

        /**
         * Holds no connection for signals: rooms are asked twice a second. Cues, presence and revoked identities then
         * stay on the node that they come from.
         *
         * @return this builder
         */
        public Builder polling() {
            this.listens = false;
            return this;
        }

        /**
         * Bounds how many connections of the pool are in use at once, beside the one for signals. While PostgreSQL
         * answers, one more call waits; while it is silent, one more fails at once.
         *
         * @param value how many, from 2; 16 if it is not set
         * @return this builder
         */
        public Builder maxConnections(int value) {
            this.maxConnections = Setting.atLeast(2, "maxConnections", value); // A call and a signal need one each.
            return this;
        }

        /**
         * Sets how much of each room's log is retained. Nodes that share rooms should have the same.
         *
         * @param limits the limits; {@link LogLimits#DEFAULT} if they are not set
         * @return this builder
         */
        public Builder logLimits(LogLimits limits) {
            this.logLimits = Objects.requireNonNull(limits, "logLimits");
            return this;
        }

        /**
         * Opens the store and the broadcaster, and checks the database.
         *
         * @return a store and a broadcaster
         * @throws ChatUnavailableException if PostgreSQL cannot be reached
         * @throws IllegalStateException if the database lacks the schema or a part of it, or its role the rights of
         *     {@code role.sql}, or if the pool's transactions are not read committed
         */
        public PostgresqlChat open() {
            return new PostgresqlChat(this).open();
        }
    }
}
