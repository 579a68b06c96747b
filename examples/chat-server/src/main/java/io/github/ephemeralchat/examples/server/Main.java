package io.github.ephemeralchat.examples.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;

/** The process: reads the command line, starts a server, and ends it when it is asked to. */
public final class Main {

    private static final long STOP_WITHIN_MILLIS = 4_000;

    private Main() {}

    /**
     * Starts the server and returns; it ends with SIGTERM or SIGINT.
     *
     * @param args the flags; {@code --help} lists them
     */
    public static void main(String[] args) {
        configureLogging();
        int exitCode = commandLine(System.getenv(), Main::serve).execute(args);
        if (exitCode != ExitCode.OK) {
            System.exit(exitCode);
        }
    }

    static CommandLine commandLine(Map<String, String> environment, ServeCommand.Action action) {
        return new CommandLine(new ServeCommand(action))
                .setDefaultValueProvider(new EnvironmentDefaults(environment))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::explain)
                .setExecutionExceptionHandler(Main::explain);
    }

    private static void serve(ServerOptions options, Backend backend, PrintWriter out) throws IOException {
        serve(options, backend.open(), out);
    }

    static void serve(ServerOptions options, Rooms rooms, PrintWriter out) throws IOException {
        ChatServer server = start(options, rooms);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, rooms), "chat-server-stop"));
        server.closed().exceptionally(failure -> {
            System.err.println("The server has failed: an event loop has ended.");
            System.exit(ExitCode.SOFTWARE);
            return null;
        });
        out.println("ephemeral-chat is at " + server.uri());
        String fingerprint = server.fingerprint();
        if (fingerprint != null) {
            out.println("Browsers warn of its certificate, whose SHA-256 fingerprint is " + fingerprint);
        }
    }

    private static ChatServer start(ServerOptions options, Rooms rooms) throws IOException {
        try {
            return rooms.serve(options);
        } catch (IOException e) {
            rooms.close();
            throw e;
        }
    }

    /** The JVM's own exit code after a signal says "killed"; an orderly end says 0. */
    private static void stop(ChatServer server, Rooms rooms) {
        Thread closing = new Thread(() -> close(server, rooms), "chat-server-close");
        closing.start();
        try {
            closing.join(STOP_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(closing.isAlive() || hasFailed(server) ? ExitCode.SOFTWARE : ExitCode.OK);
    }

    private static boolean hasFailed(ChatServer server) {
        return server.closed().toCompletableFuture().isCompletedExceptionally();
    }

    /** In this order: streams take leave, and nobody asks for a room any more, before the way to the rooms is closed. */
    private static void close(ChatServer server, Rooms rooms) {
        server.close();
        rooms.close();
    }

    private static int explain(ParameterException wrong, String[] args) {
        PrintWriter err = wrong.getCommandLine().getErr();
        err.println(withoutPasswords(String.valueOf(wrong.getMessage())));
        err.println("Try --help.");
        return ExitCode.USAGE;
    }

    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println(withoutPasswords(reason(failure)));
        return ExitCode.SOFTWARE;
    }

    private static String reason(Exception failure) {
        if (failure instanceof Backend.AwayException) {
            return failure.getMessage() + rootOf(failure);
        }
        if (!(failure instanceof IOException)) {
            return failure.toString();
        }
        String why = failure.getCause() == null ? null : failure.getCause().getMessage();
        String what = failure.getMessage() + (why == null ? "" : ": " + why);
        return failure instanceof Tls.UnusableException
                ? what + ". Check the flags that begin with --tls."
                : what + ". Another address or port is chosen with --host and --port.";
    }

    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String why = root.getMessage();
        return root == failure || why == null ? "" : ": " + why.strip().replaceAll("\\s+", " ");
    }

    /** Somebody may have written an address with a password where none belongs. */
    private static String withoutPasswords(String line) {
        return line.replaceAll("[^\\s'\"]*@", "...@").replaceAll("(?i)(password=)[^\\s'\"]*", "$1...");
    }

    private static void configureLogging() {
        try (InputStream in = resource("logging.properties")) {
            LogManager.getLogManager().readConfiguration(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static InputStream resource(String name) throws IOException {
        InputStream in = Main.class.getResourceAsStream(name);
        if (in == null) {
            throw new IOException(name + " is missing in the build");
        }
        return in;
    }
}
