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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
 * <p>One for each service, and one service for each registry. All meters but those of refused requests are there from
 * the beginning, at zero; those that read the service are removed when it is closed.
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
    private final Map<StoreOperation, Map<StoreOutcome, Timer>> store;
    /** The meters that read the service. */
    private final Collection<Meter> pulled = new ConcurrentLinkedQueue<>();

    /**
     * Creates the meters that need no service yet.
     *
     * @param registry where they are; its common tags and filters apply
     */
    public ChatMetrics(MeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
        // Not "created": OpenMetrics reserves that ending, and Prometheus' client would cut it off.
        roomsOpened = counter("rooms.opened", "rooms", "Rooms created by this node");
        roomsEnded = each(
                EndReason.values(),
                reason -> counter("rooms.ended", "rooms", "Rooms that this node saw end", "reason", tag(reason)));
        joined = counter("participants.joined", "participants", "Seats taken through this node");
        left = counter("participants.left", "participants", "Seats freed through this node");
        posted = counter("messages.posted", "messages", "Messages stored through this node");
        streamsOpened = counter("streams.opened", "streams", "Event streams opened");
        streamsClosed = counter("streams.closed", "streams", "Event streams that have ended");
        resets = each(
                ResetReason.values(),
                reason -> counter("resets", "resets", "Readers told to start anew", "reason", tag(reason)));
        store = each(
                StoreOperation.values(),
                operation -> each(StoreOutcome.values(), outcome -> timer(operation, outcome)));
    }

    private Counter counter(String name, String unit, String description, String... tags) {
        return Counter.builder(PREFIX + name)
                .baseUnit(unit)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private Timer timer(StoreOperation operation, StoreOutcome outcome) {
        return Timer.builder(PREFIX + "store")
                .description("Calls of the store, as long as they blocked their caller")
                .tags("operation", tag(operation), "outcome", tag(outcome))
                .register(registry);
    }

    private static String tag(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static <K, V> Map<K, V> each(K[] keys, Function<K, V> value) {
        return Arrays.stream(keys).collect(Collectors.toUnmodifiableMap(Function.identity(), value));
    }

    @Override
    public void started(ChatStats stats) {
        gauge(stats, ChatStats::rooms, "rooms.active", "rooms", "Rooms with subscriptions on this node");
        gauge(stats, ChatStats::streams, "streams.active", "streams", "Open event streams");
        gauge(stats, ChatStats::subscriptions, "subscriptions.active", "subscriptions", "Listeners and streams");
        gauge(
                stats,
                ChatStats::greatestLag,
                "subscriptions.lag.max",
                "entries",
                "How far behind its room the slowest subscription is");
        total(stats, ChatStats::eventsDelivered, "events.delivered", "events", "Events that subscriptions have taken");
        total(stats, ChatStats::bytesWritten, "bytes.written", "bytes", "Written to event streams");
    }

    private void gauge(
            ChatStats stats, ToDoubleFunction<ChatStats> value, String name, String unit, String description) {
        pulled.add(Gauge.builder(PREFIX + name, stats, value)
                .baseUnit(unit)
                .description(description)
                .register(registry));
    }

    private void total(
            ChatStats stats, ToDoubleFunction<ChatStats> value, String name, String unit, String description) {
        pulled.add(FunctionCounter.builder(PREFIX + name, stats, value)
                .baseUnit(unit)
                .description(description)
                .register(registry));
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
        // The registry returns the counter that it has.
        counter("requests.refused", "requests", "Requests answered with a problem", "code", code)
                .increment();
    }

    @Override
    public void storeCalled(StoreOperation operation, StoreOutcome outcome, Duration duration) {
        of(of(store, operation), outcome).record(duration);
    }

    private static <K, V> V of(Map<K, V> all, K key) {
        return Objects.requireNonNull(all.get(key), "each constant has its meter");
    }
}
