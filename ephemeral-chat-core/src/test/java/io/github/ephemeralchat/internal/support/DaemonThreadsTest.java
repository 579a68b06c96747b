package io.github.ephemeralchat.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {

    @Test
    void factory_namesAndNumbersDaemonThreads() {
        ThreadFactory factory = DaemonThreads.factory("a-name");
        assertThat(factory.newThread(() -> {}).getName()).isEqualTo("a-name-1");
        Thread second = factory.newThread(() -> {});
        assertThat(second.getName()).isEqualTo("a-name-2");
        assertThat(second.isDaemon()).isTrue();
    }

    @Test
    void pool_idleThreadsEnd() {
        ThreadPoolExecutor pool = (ThreadPoolExecutor) DaemonThreads.pool("a-name", 3);
        assertThat(pool.getMaximumPoolSize()).isEqualTo(3);
        assertThat(pool.allowsCoreThreadTimeOut()).isTrue();
        pool.shutdownNow();
    }
}
