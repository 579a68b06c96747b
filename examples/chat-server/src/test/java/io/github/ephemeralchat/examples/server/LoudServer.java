package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.micrometer.ChatMetrics;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.StreamSupport;

/**
 * The server with every logger at its finest level, the libraries' as well, and with metrics, which it writes when it is asked
 * to end. The first argument is the log's file, the second the metrics', the third a text that is in both, to be found there.
 */
final class LoudServer {

    private LoudServer() {}

    public static void main(String[] args) throws IOException {
        log(args[0], args[2]);
        MeterRegistry meters = new SimpleMeterRegistry();
        meters.counter("canary", "canary", args[2]).increment();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> write(meters, Path.of(args[1]))));
        String[] flags = Arrays.copyOfRange(args, 3, args.length);
        Main.commandLine(Map.of(), (options, backend, out) -> {
                    ChatServer server = serve(options, backend.open(), meters);
                    out.println("ephemeral-chat is at " + server.uri());
                })
                .execute(flags);
    }

    private static void log(String to, String onPurpose) throws IOException {
        LogManager.getLogManager().reset();
        Handler file = new FileHandler(to);
        file.setLevel(Level.ALL);
        file.setFormatter(new SimpleFormatter());
        Logger root = Logger.getLogger("");
        root.setLevel(Level.ALL);
        root.addHandler(file);
        Logger.getLogger(LoudServer.class.getName()).finest(onPurpose);
    }

    private static ChatServer serve(ServerOptions options, Rooms rooms, MeterRegistry meters) throws IOException {
        EphemeralChatService.Builder service =
                EphemeralChatService.builder(rooms.store()).observer(new ChatMetrics(meters));
        if (rooms.broadcaster() != null) {
            service.broadcaster(rooms.broadcaster());
        }
        return ChatServer.start(
                options,
                service.build(),
                null,
                server -> rooms.loops() == null
                        ? server.requestExecutor(Runnable::run)
                        : server.eventLoopGroup(rooms.loops()));
    }

    /** All that a meter says of itself. */
    private static void write(MeterRegistry meters, Path file) {
        try {
            Files.write(file, meters.getMeters().stream().map(LoudServer::line).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(Meter meter) {
        Meter.Id id = meter.getId();
        return String.join(
                ", ",
                id.getName(),
                String.valueOf(id.getBaseUnit()),
                StreamSupport.stream(meter.measure().spliterator(), false)
                        .map(Measurement::getValue)
                        .toList()
                        .toString(),
                id.getTags().toString(),
                String.valueOf(id.getDescription()));
    }
}
