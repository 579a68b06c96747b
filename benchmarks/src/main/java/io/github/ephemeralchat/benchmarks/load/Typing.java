package io.github.ephemeralchat.benchmarks.load;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Everybody who has a seat types without end: a cue a second, the seats one after another. */
final class Typing implements AutoCloseable {

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final LoadLoop loop;
    private final List<Typist> typists;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> turns;
    private int next;

    Typing(LoadLoop loop, Target target, List<Seat> seats) {
        this.loop = loop;
        Template cue = target.cue();
        this.typists = seats.stream()
                .map(seat -> new Typist(loop, target.posts(), cue.request(seat, "")))
                .toList();
        this.turns = clock.scheduleAtFixedRate(this::type, 0, SECOND_NANOS / typists.size(), TimeUnit.NANOSECONDS);
    }

    private void type() {
        Typist typist = typists.get(next);
        next = (next + 1) % typists.size();
        loop.execute(typist::type);
    }

    @Override
    public void close() {
        turns.cancel(false);
        clock.shutdown();
        loop.ask(() -> {
            typists.forEach(Connection::close);
            return true;
        });
    }

    /** One seat's connection. */
    private static final class Typist extends Connection {

        private final byte[] request;
        private boolean asking;

        Typist(LoadLoop loop, SocketAddress server, byte[] request) {
            super(loop, server, 0);
            this.request = request;
        }

        void type() {
            if (!asking) {
                asking = true;
                send(request);
            }
        }

        @Override
        public void head(int status) {
            // Its end comes soon.
        }

        @Override
        public void body(byte[] bytes, int from, int to) {
            // Nothing is said of a cue.
        }

        @Override
        public void end(int status, boolean connectionCloses) {
            asking = false;
            if (status / 100 != 2) {
                loop.fail("a cue was answered by " + status);
            }
            if (connectionCloses) {
                close();
            }
        }

        @Override
        void closedByServer(IOException why) {
            if (asking) {
                asking = false;
                loop.fail("a cue: " + why.getMessage());
            }
        }
    }
}
