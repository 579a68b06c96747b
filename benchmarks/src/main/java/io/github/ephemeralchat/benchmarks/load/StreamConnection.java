package io.github.ephemeralchat.benchmarks.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** One event stream. */
final class StreamConnection extends Connection implements LineSplitter.Lines {

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
    private static final int OK = 200;
    private static final int SMALL_BUFFER = 4096;

    private final int room;
    private final int number;
    private final Kind kind;
    private final byte[] readyMark;
    private final Supplier<Phase> phase;
    private final Runnable onReady;
    private final LineSplitter lines = new LineSplitter(this);
    private final Payload payload = new Payload();
    private byte[] lastId;
    private boolean ready;
    private boolean cut;

    /** What a stream does once it is open. */
    enum Kind {
        READS,
        STOPS
    }

    StreamConnection(Streams.Place place, Kind kind, byte[] readyMark, Supplier<Phase> phase, Runnable onReady) {
        super(place.loop(), place.server(), kind == Kind.STOPS ? SMALL_BUFFER : 0);
        this.room = place.room();
        this.number = place.number();
        this.kind = kind;
        this.readyMark = readyMark;
        this.phase = phase;
        this.onReady = onReady;
        this.lastId = place.lastId().getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the server ended it. */
    boolean isCut() {
        return cut;
    }

    int room() {
        return room;
    }

    int number() {
        return number;
    }

    /** The id of the last event that has one; empty before. */
    String lastId() {
        return new String(lastId, StandardCharsets.US_ASCII);
    }

    @Override
    public void head(int status) throws IOException {
        if (status != OK) {
            throw new IOException("a stream was answered by " + status);
        }
        if (readyMark.length == 0) {
            becomeReady();
        }
    }

    private void becomeReady() {
        if (ready) {
            return;
        }
        ready = true;
        if (kind == Kind.STOPS) {
            stopReading();
        }
        onReady.run();
    }

    @Override
    public void body(byte[] bytes, int from, int to) {
        lines.split(bytes, from, to);
    }

    @Override
    public void line(byte[] bytes, int from, int to) {
        if (!ready && Bytes.indexOf(bytes, from, to, readyMark) >= 0) {
            becomeReady();
        }
        if (Bytes.startsWith(bytes, from, to, DATA) && payload.read(bytes, from + DATA.length, to)) {
            Phase now = phase.get();
            if (payload.phase == now.number) {
                now.arrived(room, number, payload, loop.readNanos);
            }
        } else if (Bytes.startsWith(bytes, from, to, ID)) {
            keepId(bytes, from + ID.length, to);
        }
    }

    private void keepId(byte[] bytes, int from, int to) {
        if (lastId.length != to - from) {
            lastId = new byte[to - from];
        }
        System.arraycopy(bytes, from, lastId, 0, to - from);
    }

    @Override
    public void end(int status, boolean connectionCloses) throws IOException {
        throw new IOException("a stream was ended by the server");
    }

    @Override
    void closedByServer(IOException why) {
        cut = true;
        loop.fail("a stream: " + why.getMessage());
    }
}
