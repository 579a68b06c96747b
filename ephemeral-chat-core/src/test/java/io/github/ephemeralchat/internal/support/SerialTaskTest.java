package io.github.ephemeralchat.internal.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.scripted.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SerialTaskTest {

    private final ManualExecutor executor = new ManualExecutor();
    private final AtomicInteger runs = new AtomicInteger();

    private SerialTask task(int maxRuns) {
        return SerialTask.create(runs::incrementAndGet, executor, maxRuns);
    }

    @Test
    void request_runsOnTheExecutor() {
        SerialTask task = task(2);
        assertThat(task.isIdle()).isTrue();
        task.request();
        assertThat(runs).hasValue(0);
        assertThat(task.isIdle()).isFalse();
        executor.runAll();
        assertThat(runs).hasValue(1);
        assertThat(task.isIdle()).isTrue();
    }

    @Test
    void request_thatGetsNoThread_isVoid_andTheNextOneRuns() {
        SerialTask task = task(2);
        executor.failOnce();
        assertThatThrownBy(task::request).isExactlyInstanceOf(Error.class);
        task.request();
        executor.runAll();
        assertThat(runs).hasValue(1);
        assertThat(task.isIdle()).isTrue();
    }

    @Test
    void runs_thatGetNoOtherThread_goOnWhereTheyAre() {
        AtomicInteger left = new AtomicInteger(3);
        AtomicReference<SerialTask> task = new AtomicReference<>();
        task.set(SerialTask.create(
                () -> {
                    if (left.decrementAndGet() > 0) {
                        task.get().request();
                    }
                },
                executor,
                1));
        executor.failOnce();
        task.get().requestHere();
        assertThat(left).hasValue(1);
        executor.runAll();
        assertThat(left).hasValue(0);
        assertThat(task.get().isIdle()).isTrue();
    }

    @Test
    void taskThatThrows_runsAgainByTheNextRequest() {
        AtomicInteger calls = new AtomicInteger();
        SerialTask task = SerialTask.create(
                () -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new AssertionError("an error");
                    }
                },
                executor,
                1);
        assertThatThrownBy(task::requestHere).isInstanceOf(AssertionError.class);
        task.requestHere();
        assertThat(calls).hasValue(2);
        assertThat(task.isIdle()).isTrue();
    }

    @Test
    void requestHere_runsOnTheCallingThread() {
        SerialTask task = task(2);
        task.requestHere();
        assertThat(runs).hasValue(1);
        assertThat(executor.size()).isZero();
    }

    @Test
    void requests_beforeARun_areOneRun() {
        SerialTask task = task(2);
        for (int i = 0; i < 10; i++) {
            task.request();
        }
        task.requestHere();
        assertThat(executor.size()).isEqualTo(1);
        executor.runAll();
        assertThat(runs).hasValue(1);
    }

    @Test
    void requests_duringARun_areOneMore() {
        SerialTask[] task = new SerialTask[1];
        task[0] = SerialTask.create(
                () -> {
                    if (runs.incrementAndGet() == 1) {
                        task[0].request();
                        task[0].requestHere();
                    }
                },
                executor,
                10);
        task[0].requestHere();
        assertThat(runs).hasValue(2);
        assertThat(executor.size()).isZero();
    }

    /** Requests itself as long as there are fewer runs than this. */
    private SerialTask busy(int total, int maxRuns) {
        SerialTask[] task = new SerialTask[1];
        task[0] = SerialTask.create(
                () -> {
                    if (runs.incrementAndGet() < total) {
                        task[0].request();
                    }
                },
                executor,
                maxRuns);
        return task[0];
    }

    @Test
    void runs_afterMaxRuns_goOnOnTheExecutor() {
        busy(8, 3).requestHere();
        assertThat(runs).hasValue(3);
        assertThat(executor.size()).isEqualTo(1);
        executor.runOne();
        assertThat(runs).hasValue(6);
        executor.runOne();
        assertThat(runs).hasValue(8);
        assertThat(executor.size()).isZero();
    }

    @Test
    void runs_executorHasShutDown_endOnTheSameThread() {
        executor.shutdown();
        SerialTask task = busy(8, 3);
        task.requestHere();
        assertThat(runs).hasValue(8);
        assertThat(task.isIdle()).isTrue();
    }

    @Test
    void request_executorHasShutDown_isThrown() {
        executor.shutdown();
        assertThatThrownBy(task(1)::request).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void heldTask_requestedBefore_runsOnlyWhenReleased() {
        SerialTask task = SerialTask.createHeld(runs::incrementAndGet, executor, 1);
        assertThat(task.isIdle()).isFalse();
        task.request();
        task.requestHere();
        assertThat(runs).hasValue(0);
        assertThat(executor.size()).isZero();
        task.startHere();
        assertThat(runs).hasValue(1);
        task.request();
        executor.runAll();
        assertThat(runs).hasValue(2);
    }

    /** Never two threads at once, and what was requested is run: the last value that was written is seen. */
    @Tag("long")
    @Test
    void requests_ofManyThreads_runOneAtATimeAndAreNeverLost() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        AtomicBoolean running = new AtomicBoolean();
        AtomicInteger overlaps = new AtomicInteger();
        AtomicLong written = new AtomicLong();
        AtomicLong seen = new AtomicLong();
        SerialTask task = SerialTask.create(
                () -> {
                    if (!running.compareAndSet(false, true)) {
                        overlaps.incrementAndGet();
                    }
                    seen.set(written.get());
                    running.set(false);
                },
                pool,
                2);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                boolean here = thread % 2 == 0;
                all.add(pool.submit(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        written.incrementAndGet();
                        if (here) {
                            task.requestHere();
                        } else {
                            task.request();
                        }
                    }
                }));
            }
            for (Future<?> done : all) {
                done.get(30, TimeUnit.SECONDS);
            }
            while (!task.isIdle()) {
                Thread.onSpinWait();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(overlaps).hasValue(0);
        assertThat(seen.get()).isEqualTo(written.get());
    }
}
