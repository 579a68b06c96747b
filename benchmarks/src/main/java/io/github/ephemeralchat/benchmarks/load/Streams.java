package io.github.ephemeralchat.benchmarks.load;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The event streams of a run. Its lists are touched by the loop's thread only. */
final class Streams {

    private static final int AT_ONCE = 64;
    private static final int TIMEOUT_SECONDS = 60;

    private final LoadLoop loop;
    private final Target target;
    private final List<List<Seat>> seats;
    private final Supplier<Phase> phase;
    private final byte[] readyMark;
    private final List<StreamConnection> reading = new ArrayList<>();
    private final List<StreamConnection> stopped = new ArrayList<>();
    private final List<StreamConnection> leaving = new ArrayList<>();

    /** Where a stream belongs, and after which event it resumes; empty where it begins. */
    record Place(LoadLoop loop, SocketAddress server, int room, int number, String lastId) {}

    Streams(LoadLoop loop, Target target, List<List<Seat>> seats, Supplier<Phase> phase) {
        this.loop = loop;
        this.target = target;
        this.seats = seats;
        this.phase = phase;
        this.readyMark = target.ready().getBytes(StandardCharsets.US_ASCII);
    }

    /** Opens streams for so many seats of each room, from the given one on, and returns when they are registered. */
    void open(int firstSeat, int perRoom, StreamConnection.Kind kind) {
        List<Place> places = new ArrayList<>();
        for (int number = firstSeat; number < firstSeat + perRoom; number++) {
            for (int room = 0; room < seats.size(); room++) {
                places.add(new Place(loop, target.streams(), room, number, ""));
            }
        }
        open(places, kind, AT_ONCE);
    }

    /** Opens all that were cut, all at once, each after the last event that it has. */
    void resume() {
        List<Place> places = loop.ask(() -> {
            List<Place> left = leaving.stream()
                    .map(one -> new Place(loop, target.streams(), one.room(), one.number(), one.lastId()))
                    .toList();
            leaving.clear();
            return left;
        });
        open(places, StreamConnection.Kind.READS, Math.max(1, places.size()));
    }

    private void open(List<Place> places, StreamConnection.Kind kind, int atOnce) {
        Template subscribe = target.subscribe();
        Semaphore connecting = new Semaphore(atOnce);
        CountDownLatch ready = new CountDownLatch(places.size());
        for (Place place : places) {
            Seat seat = seats.get(place.room()).get(place.number());
            byte[] request = subscribe.resuming(place.lastId()).request(seat, "");
            StreamConnection stream = new StreamConnection(place, kind, readyMark, phase, () -> {
                connecting.release();
                ready.countDown();
            });
            check(() -> connecting.tryAcquire(TIMEOUT_SECONDS, TimeUnit.SECONDS));
            loop.execute(() -> {
                (kind == StreamConnection.Kind.READS ? reading : stopped).add(stream);
                stream.send(request);
            });
        }
        check(() -> ready.await(TIMEOUT_SECONDS, TimeUnit.SECONDS));
    }

    /** What is waited for. */
    private interface Waiting {
        boolean done() throws InterruptedException;
    }

    private void check(Waiting waiting) {
        try {
            if (!waiting.done()) {
                throw new IllegalStateException("streams do not open: " + loop.failure());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int readers() {
        return loop.ask(reading::size);
    }

    /** How many the server has ended of those that read. */
    long cut() {
        return loop.ask(() -> reading.stream().filter(StreamConnection::isCut).count());
    }

    /** The local ports of those that do not read. */
    Set<Integer> stoppedPorts() {
        return loop.ask(() -> stopped.stream().map(Connection::localPort).collect(Collectors.toSet()));
    }

    /** Leaves, to resume later. */
    void leave() {
        loop.ask(() -> {
            reading.forEach(Connection::close);
            leaving.addAll(reading);
            reading.clear();
            return true;
        });
    }

    /** Ends a third by a close, a third by a reset, and a third by an end of what we send, after which nothing is read. */
    void endInAllWays() {
        loop.ask(() -> {
            for (int i = 0; i < reading.size(); i++) {
                end(reading.get(i), i % 3);
            }
            reading.clear();
            return true;
        });
    }

    private void end(StreamConnection stream, int way) {
        @Nullable SocketChannel channel = stream.channel();
        try {
            if (channel != null && way == 1) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            if (channel != null && way == 2) {
                stream.stopReading();
                channel.shutdownOutput();
                leaving.add(stream);
            } else {
                stream.close();
            }
        } catch (IOException e) {
            loop.fail("a stream does not end: " + e.getMessage());
        }
    }

    void closeAll() {
        loop.ask(() -> {
            for (List<StreamConnection> some : List.of(reading, stopped, leaving)) {
                some.forEach(Connection::close);
                some.clear();
            }
            return true;
        });
    }
}
