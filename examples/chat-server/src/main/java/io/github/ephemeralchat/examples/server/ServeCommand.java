package io.github.ephemeralchat.examples.server;

import io.lettuce.core.RedisURI;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flags, checked. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = ServeCommand.Version.class,
        sortOptions = false,
        description = "Serves chat rooms that destroy themselves, and a web page for them.",
        footer = {"", "A flag wins over its environment variable. SIGTERM or Ctrl-C ends the server within 5 seconds."})
final class ServeCommand implements Callable<Integer> {

    private static final int MAX_PORT = 65_535;
    private static final Pattern PLAIN_PATH = Pattern.compile("(?:/[A-Za-z0-9._~-]+)*/?");

    private final Action action;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's own injection
    private CommandSpec spec;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "localhost",
            description = "Where to listen: localhost (default) for this machine only, 0.0.0.0 for everyone."
                    + " [EPHEMERAL_CHAT_HOST]")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The port; 0 takes any free one. Default: 8080. [EPHEMERAL_CHAT_PORT]")
    private int port;

    @Option(
            names = "--redis",
            paramLabel = "URI",
            split = RedisAddress.SEPARATOR,
            splitSynopsisLabel = ",",
            converter = RedisAddress.class,
            description = "Keeps rooms in Redis, where all servers with the same Redis share them; without it they are"
                    + " in memory, and end with the server. redis://[[USER:]PASSWORD@]HOST[:PORT][/DATABASE],"
                    + " rediss:// for TLS, or redis-sentinel://[PASSWORD@]HOST[:PORT],HOST[:PORT]...#MASTER."
                    + " Repeat it to name two or more nodes of one cluster. If Redis cannot be reached at the start, the"
                    + " server ends with exit code 1; if it is away later, requests get 503 until it is back. In the"
                    + " variable commas separate several addresses, and a password is hidden from the list of processes."
                    + " [EPHEMERAL_CHAT_REDIS]")
    private List<RedisURI> redis = new ArrayList<>();

    @Option(
            names = "--redis-batch-delay",
            paramLabel = "MS",
            defaultValue = "0",
            description =
                    "Lets messages wait for each other for as many milliseconds at most, 0 to 100, so that several"
                            + " go to Redis together. Saves processor time if many messages a second are posted; not for a cluster."
                            + " Default: 0. [EPHEMERAL_CHAT_REDIS_BATCH_DELAY]")
    private int redisBatchDelay;

    @Option(
            names = "--postgresql",
            paramLabel = "URL",
            converter = PostgresqlAddress.Reader.class,
            description =
                    "Keeps rooms in PostgreSQL (13 or later), where all servers with the same database share them."
                            + " jdbc:postgresql://HOST[:PORT]/DATABASE?user=USER&password=PASSWORD, and other parameters of the"
                            + " driver, such as &sslmode=verify-full. The schema ephemeral_chat is created if it does not exist."
                            + " If PostgreSQL is away, the server does the same as with Redis. The variable hides the password."
                            + " [EPHEMERAL_CHAT_POSTGRESQL]")
    private @Nullable PostgresqlAddress postgresql;

    @Option(
            names = "--rate-limits",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "off removes the limits per address and per participant (requests, rooms, streams),"
                    + " for load tests. Default: on. [EPHEMERAL_CHAT_RATE_LIMITS]")
    private Switch rateLimits = Switch.ON;

    @Option(
            names = "--max-rooms",
            paramLabel = "N",
            defaultValue = "100000",
            description = "How many rooms live at once in memory. Default: 100000. [EPHEMERAL_CHAT_MAX_ROOMS]")
    private int maxRooms;

    @Option(
            names = "--max-streams",
            paramLabel = "N",
            defaultValue = "" + ServerOptions.DEFAULT_MAX_STREAMS,
            description = "How many event streams are open at once. Default: " + ServerOptions.DEFAULT_MAX_STREAMS
                    + ". [EPHEMERAL_CHAT_MAX_STREAMS]")
    private int maxStreams;

    @Option(
            names = "--public-base-url",
            paramLabel = "URL",
            description = "Where clients see this server, if a proxy is in front of it:"
                    + " https://chat.example.org, or https://example.org/chat if the proxy takes the path /chat off."
                    + " [EPHEMERAL_CHAT_PUBLIC_BASE_URL]")
    private @Nullable URI publicBaseUrl;

    @Option(
            names = "--behind-proxy",
            description = "A proxy is in front, and the last address in its X-Forwarded-For is the client's."
                    + " [EPHEMERAL_CHAT_BEHIND_PROXY=true]")
    private boolean behindProxy;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Serves https with the certificate in this file (PEM, its issuers after it), whose key is in"
                    + " --tls-key. Encrypted rooms and passcodes need https, except on localhost."
                    + " [EPHEMERAL_CHAT_TLS_CERT]")
    private @Nullable Path tlsCertificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "The private key of --tls-cert (PEM, PKCS#8, no password). [EPHEMERAL_CHAT_TLS_KEY]")
    private @Nullable Path tlsKey;

    @Option(
            names = "--tls-self-signed",
            description =
                    "Serves https with a certificate that the server makes at each start, for a try. Browsers warn of"
                            + " it: compare the fingerprint that is printed. [EPHEMERAL_CHAT_TLS_SELF_SIGNED=true]")
    private boolean tlsSelfSigned;

    ServeCommand(Action action) {
        this.action = action;
    }

    @Override
    public Integer call() throws Exception {
        require(port >= 0 && port <= MAX_PORT, "--port is 0 to " + MAX_PORT);
        require(maxRooms > 0, "--max-rooms is at least 1");
        require(maxStreams > 0, "--max-streams is at least 1");
        require(
                publicBaseUrl == null || isSite(publicBaseUrl),
                "--public-base-url is http or https, a host, perhaps a port and a path");
        require(
                redis.size() < 2
                        || redis.stream().allMatch(node -> node.getSentinels().isEmpty()),
                "--redis names Sentinels once, or nodes of a cluster: several redis:// or rediss://");
        require(redisBatchDelay >= 0 && redisBatchDelay <= 100, "--redis-batch-delay is 0 to 100");
        require(
                redisBatchDelay == 0 || redis.size() == 1,
                "--redis-batch-delay goes with one --redis, not with a cluster");
        require(redis.isEmpty() || postgresql == null, "rooms are in --redis or in --postgresql, not in both");
        require((tlsCertificate == null) == (tlsKey == null), "--tls-cert and --tls-key go together");
        require(
                tlsCertificate == null || !tlsSelfSigned,
                "--tls-self-signed makes a certificate; --tls-cert names one");
        ServerOptions options =
                new ServerOptions(host, port, rateLimits == Switch.ON, maxStreams, behindProxy, publicBaseUrl, tls());
        action.serve(
                options,
                new Backend(maxRooms, redis, Duration.ofMillis(redisBatchDelay), postgresql),
                spec.commandLine().getOut());
        return 0;
    }

    private @Nullable Tls tls() {
        if (tlsCertificate != null && tlsKey != null) {
            return new Tls.Given(tlsCertificate, tlsKey);
        }
        return tlsSelfSigned ? new Tls.SelfSigned() : null;
    }

    private static boolean isSite(URI url) {
        return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                && url.getHost() != null
                && PLAIN_PATH.matcher(url.getRawPath()).matches()
                && url.getRawQuery() == null
                && url.getRawFragment() == null;
    }

    private void require(boolean condition, String rule) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), rule);
        }
    }

    /** What is done with flags that are in order. */
    interface Action {
        void serve(ServerOptions options, Backend backend, PrintWriter out) throws Exception;
    }

    /** A setting that is on or off. */
    enum Switch {
        ON,
        OFF
    }

    /** Reads the version that the build wrote down. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() throws Exception {
            Properties properties = new Properties();
            try (InputStream in = Main.resource("version.properties")) {
                properties.load(in);
            }
            return new String[] {"ephemeral-chat " + properties.getProperty("version")};
        }
    }
}
