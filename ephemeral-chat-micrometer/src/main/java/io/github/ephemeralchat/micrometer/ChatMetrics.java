package io.github.ephemeralchat.micrometer;

import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.metrics.ChatStats;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Shows what happens on one node as meters under {@code ephemeral.chat}, which {@code docs/METRICS.md} lists. Their tags
 * have values of a few constants: no room, person or address is ever one. Thread-safe.
 *
 * <pre>{@code
 * EphemeralChatService chat =
 *         EphemeralChatService.builder(store).observer(new ChatMetrics(registry)).build();
 * }</pre>
 *
 * <p>One for each service, and one service for each registry. All meters but the refusals are there from the beginning,
 * at zero; those that ask the service are removed when it is closed.
 */
public final class ChatMetrics implements ChatObserver {

    private static final String PREFIX = "ephemeral.chat.";

    private final MeterRegistry registry;
    private final Counter roomsOpened;
    private final Map<EndReason, Counter> roomsEnded;
    private final Counter joined;
    private final Counter left;
    private final Counter posted;
    private final Counter streamsOpened;
    private final Counter streamsClosed;
    private final Map<ResetReason, Counter> resets;
    private final Map<String, Counter> refusals = new ConcurrentHashMap<>();
    private final Map<StoreOperation, Map<StoreOutcome, Timer>> store;
    /** The meters that ask the service. */
    private final Collection<Meter> pulled = new ConcurrentLinkedQueue<>();

    /**
     * Makes the meters that need no service yet.
     *
     * @param registry where they are; its common tags and filters apply
     */
    public ChatMetrics(MeterRegistry registry) {
        this.registry = registry;
        // Not "created": OpenMetrics keeps that ending for itself, and Prometheus' client would cut it off.
        roomsOpened =
                counter("rooms.opened", "rooms", "Rooms created by this node").register(registry);
        roomsEnded = each(
                EndReason.values(),
                reason -> counter("rooms.ended", "rooms", "Rooms that this node saw end")
                        .tag("reason", tag(reason))
                        .register(registry));
        joined = counter("participants.joined", "participants", "Seats taken through this node")
                .register(registry);
        left = counter("participants.left", "participants", "Seats freed through this node")
                .register(registry);
        posted = counter("messages.posted", "messages", "Messages stored through this node")
                .register(registry);
        streamsOpened =
                counter("streams.opened", "streams", "Event streams opened").register(registry);
        streamsClosed = counter("streams.closed", "streams", "Event streams that have ended")
                .register(registry);
        resets = each(
                ResetReason.values(),
                reason -> counter("resets", "resets", "Readers told to start anew")
                        .tag("reason", tag(reason))
                        .register(registry));
        store = each(
                StoreOperation.values(),
                operation -> each(StoreOutcome.values(), outcome -> timer(operation, outcome)));
    }

    private static Counter.Builder counter(String name, String unit, String description) {
        return Counter.builder(PREFIX + name).baseUnit(unit).description(description);
    }

    private Timer timer(StoreOperation operation, StoreOutcome outcome) {
        return Timer.builder(PREFIX + "store")
                .description("Calls of the store, as long as they blocked their caller")
                .tag("operation", tag(operation))
                .tag("outcome", tag(outcome))
                .register(registry);
    }

    private static String tag(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static <K, V> Map<K, V> each(K[] keys, Function<K, V> value) {
        return Arrays.stream(keys).collect(Collectors.toUnmodifiableMap(Function.identity(), value));
    }

    @Override
    public void started(ChatStats figures) {
        pulled.addAll(List.of(
                gauge("rooms.active", "rooms", "Rooms that somebody listens to here", figures, ChatStats::rooms),
                gauge("streams.active", "streams", "Open event streams", figures, ChatStats::streams),
                gauge(
                        "subscriptions.active",
                        "subscriptions",
                        "Listeners and streams",
                        figures,
                        ChatStats::subscriptions),
                gauge(
                        "subscriptions.lag.max",
                        "entries",
                        "How far behind its room the slowest subscription is",
                        figures,
                        ChatStats::greatestLag),
                total(
                        "events.delivered",
                        "events",
                        "Events that subscriptions have taken",
                        figures,
                        ChatStats::eventsDelivered),
                total("bytes.written", "bytes", "Written to event streams", figures, ChatStats::bytesWritten)));
    }

    private Meter gauge(
            String name, String unit, String description, ChatStats figures, ToDoubleFunction<ChatStats> value) {
        return Gauge.builder(PREFIX + name, figures, value)
                .baseUnit(unit)
                .description(description)
                .register(registry);
    }

    private Meter total(
            String name, String unit, String description, ChatStats figures, ToDoubleFunction<ChatStats> value) {
        return FunctionCounter.builder(PREFIX + name, figures, value)
                .baseUnit(unit)
                .description(description)
                .register(registry);
    }

    @Override
    public void closed() {
        pulled.forEach(registry::remove);
        pulled.clear();
    }

    @Override
    public void roomCreated() {
        roomsOpened.increment();
    }

    @Override
    public void roomEnded(EndReason reason) {
        of(roomsEnded, reason).increment();
    }

    @Override
    public void participantJoined() {
        joined.increment();
    }

    @Override
    public void participantLeft() {
        left.increment();
    }

    @Override
    public void messagePosted() {
        posted.increment();
    }

    @Override
    public void streamOpened() {
        streamsOpened.increment();
    }

    @Override
    public void streamClosed() {
        streamsClosed.increment();
    }

    @Override
    public void historyReset(ResetReason reason) {
        of(resets, reason).increment();
    }

    @Override
    public void refused(String code) {
        refusals.computeIfAbsent(code, this::refusal).increment();
    }

    private Counter refusal(String code) {
        return counter("requests.refused", "requests", "Requests answered with a problem")
                .tag("code", code)
                .register(registry);
    }

    @Override
    public void storeCalled(StoreOperation operation, StoreOutcome outcome, Duration duration) {
        of(of(store, operation), outcome).record(duration);
    }

    private static <K, V> V of(Map<K, V> all, K key) {
        return Objects.requireNonNull(all.get(key), "each constant has its meter");
    }
}
