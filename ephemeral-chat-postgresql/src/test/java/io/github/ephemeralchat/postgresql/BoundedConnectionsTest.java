package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.tck.Crowd;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** How much of the host's pool calls use. */
class BoundedConnectionsTest {

    private static final int MOST = 3;

    private final AtomicInteger inUse = new AtomicInteger();
    private final AtomicInteger mostInUse = new AtomicInteger();
    private volatile CountDownLatch given = new CountDownLatch(0);

    /** The shared pool, which counts, and may give nothing for a while. */
    private final DataSource pool = proxy(DataSource.class, TestDatabase.sharedPool(), name -> {
        if (name.equals("getConnection")) {
            mostInUse.accumulateAndGet(inUse.incrementAndGet(), Math::max);
            given.await();
        }
    });

    private interface Before {
        void call(String name) throws InterruptedException;
    }

    private <T> T proxy(Class<T> type, T real, Before before) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            try {
                before.call(method.getName());
            } catch (InterruptedException e) {
                inUse.decrementAndGet();
                throw new SQLException("interrupted", e);
            }
            Object result = method.invoke(real, args);
            return result instanceof Connection connection
                    ? proxy(Connection.class, connection, name -> {
                        if (name.equals("close")) {
                            inUse.decrementAndGet();
                        }
                    })
                    : result;
        }));
    }

    private PostgresqlChat open() {
        return PostgresqlChat.builder(pool).maxConnections(MOST).polling().open();
    }

    @Test
    void callsUseNoMoreConnectionsThanStated() {
        try (PostgresqlChat chat = open();
                Crowd callers = new Crowd(20)) {
            callers.all(i -> {
                for (int n = 0; n < 20; n++) {
                    assertThat(chat.store().find(RoomId.random())).isEmpty();
                }
                return i;
            });
            assertThat(mostInUse).hasValueBetween(2, MOST);
        }
        assertThat(inUse).as("what was not given back").hasValue(0);
    }

    /** A pool that has none left holds nobody for long. */
    @Test
    void poolThatGivesNothingFailsCallsInTime() {
        try (PostgresqlChat chat = open();
                Crowd callers = new Crowd(MOST)) {
            given = new CountDownLatch(1);
            List<Duration> took = callers.all(i -> failing(chat));
            assertThat(took).allMatch(each -> each.compareTo(Duration.ofMillis(2500)) < 0);
            given.countDown();
            assertThat(mostInUse).hasValueLessThanOrEqualTo(MOST);
        }
    }

    private static Duration failing(PostgresqlChat chat) {
        long start = System.nanoTime();
        assertThatExceptionOfType(ChatUnavailableException.class)
                .isThrownBy(() -> chat.store().find(RoomId.random()));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void oneConnectionIsTooFew() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> PostgresqlChat.builder(pool).maxConnections(1));
    }
}
