package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.HttpProxy;
import io.github.ephemeralchat.testsupport.HttpProxy.Treatment;
import io.github.ephemeralchat.testsupport.HttpProxy.Treatment.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Three tabs with one seat, in a browser to which happens what happens to laptops, in an order that a seed decides. Ben is
 * in the same room without a browser, and Cleo comes now and then for a moment.
 */
final class Laptop implements AutoCloseable {

    private static final int TABS = 3;
    private static final List<String> ANSWERS =
            List.of("401 Unauthorized", "404 Not Found", "200 OK", "503 Service Unavailable", "302 Found");
    /** Streams pass, are held if asked for by GET, or are all held. */
    private static final List<Streams> NETWORKS = List.of(
            new Streams("GET .*/events", new Treatment.Pass()),
            new Streams("GET .*/events", new Treatment.Pass()),
            new Streams("GET .*/events", new Treatment.HoldBody()),
            new Streams("\\S+ .*/events", new Treatment.Hold()));

    /** What a network does to streams. */
    private record Streams(String requests, Treatment treatment) {}

    private final HttpProxy network;
    private final ClientHost host;
    private final Function<URI, Tab> opens;
    private final Random random;
    private final List<Tab> tabs = new ArrayList<>();
    private final Ben ben;
    private final List<String> events = new ArrayList<>();
    private final List<String> written = new ArrayList<>();
    private final List<String> falseWords = new ArrayList<>();
    private Streams streams = NETWORKS.get(0);
    private @Nullable String token;
    private int posts;

    /** The first tab takes the seat, so it has the token in memory; the others open the room with the cookie. */
    Laptop(ClientHost host, Function<URI, Tab> opens, Random random) {
        this.host = host;
        this.opens = opens;
        this.random = random;
        this.network = new HttpProxy(host.uri());
        tabs.add(opens.apply(network.uri()));
        this.ben = Ben.joins(host, first().creates());
        while (tabs.size() < TABS) {
            tabs.add(opens.apply(network.uri()).opens(ben.code()));
        }
        tabs.forEach(this::knowsBoth);
    }

    private void knowsBoth(Tab tab) {
        Tab.eventually(() ->
                assertThat(tab.run("return tab.room.participants.length;")).isEqualTo(2L));
        tab.run("tab.told.splice(0);");
    }

    Ben ben() {
        return ben;
    }

    Tab first() {
        return tabs.get(0);
    }

    /** {@return what happened to it, for whoever looks for the reason of a failure} */
    List<String> events() {
        return events;
    }

    void lives(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            somebodyPosts();
            switch (random.nextInt(9)) {
                case 0 -> sleep();
                case 1 -> goOffline();
                case 2 -> loseConnections();
                case 3 -> changeNetwork(any(NETWORKS));
                case 4 -> meetLoginProxy(any(ANSWERS), random.nextInt(4_000));
                case 5 -> freezeOne();
                case 6 -> discardOne();
                case 7 -> clearCookies();
                default -> receiveCleo();
            }
        }
    }

    /** Back in a network that holds nothing, with somebody who looks at each tab. */
    void comeHome() {
        changeNetwork(NETWORKS.get(0));
        ben.says("the last word");
        tabs.forEach(Tab::isLookedAt);
    }

    /** {@return what is wrong now; nothing if all tabs show the same log, nobody has a seat too many, and no word was false} */
    List<String> faults() {
        tabs.forEach(this::collectFalseWords);
        List<Faults.TabView> views = tabs.stream().map(Faults::view).toList();
        List<String> seats = host.service().participants(ben.seat().room().id()).stream()
                .map(each -> each.identity().name())
                .toList();
        return Faults.of(views, ben.history(), written, seats, falseWords);
    }

    private void collectFalseWords(Tab tab) {
        Faults.falseWords(tab).forEach(word -> falseWords.add("tab " + tabs.indexOf(tab) + ": " + word));
    }

    private void somebodyPosts() {
        ben.says("of Ben " + posts++);
        post(any(tabs));
    }

    private void post(Tab writer) {
        String text = "of Ada " + posts++;
        writer.run(
                "tab.room.post(args[0]).catch(({ code }) => tab.told.push({ type: 'refused', detail: code }));", text);
        if (writer == first()) {
            written.add(text);
        }
    }

    /** Everything stands still, connections die, and the clock on the wall goes on. */
    void sleep() {
        events.add("sleep");
        tabs.forEach(tab -> tab.freeze(true));
        network.fallSilent();
        pass(2_000);
        ben.says("of Ben " + posts++);
        tabs.forEach(tab -> tab.freeze(false));
        tabs.forEach(tab -> tab.run("const real = Date.now; Date.now = () => real() + 600_000;"));
        tabs.forEach(Tab::isLookedAt);
    }

    void goOffline() {
        events.add("offline");
        tabs.forEach(tab -> tab.isOffline(true));
        network.cut();
        pass(2_000);
        ben.says("of Ben " + posts++);
        tabs.forEach(tab -> tab.isOffline(false));
    }

    void loseConnections() {
        events.add("connections lost");
        network.cut();
        pass(500);
    }

    private void changeNetwork(Streams other) {
        events.add("other network: " + other);
        tabs.forEach(tab -> tab.isOffline(true));
        network.cut();
        streams = other;
        useNetwork();
        tabs.forEach(tab -> tab.isOffline(false));
        pass(1_000);
    }

    private void useNetwork() {
        network.treat(streams.requests(), streams.treatment());
    }

    void meetLoginProxy(String status, int millis) {
        events.add("answers: " + status);
        String location = status.startsWith("302") ? "Location: /login\r\n" : "";
        network.treat("\\S+ /chat/.*", new Answer(status, "Content-Type: text/html\r\n" + location, "Please log in"));
        network.cut();
        stay(millis);
        useNetwork();
    }

    private void freezeOne() {
        Tab tab = any(tabs);
        events.add("frozen: tab " + tabs.indexOf(tab));
        tab.freeze(true);
        pass(2_000);
        ben.says("of Ben " + posts++);
        tab.freeze(false);
    }

    /** What waits in a page is gone with it, so the first tab is never discarded: it also has the token in memory. */
    private void discardOne() {
        Tab tab = any(tabs.subList(1, TABS));
        events.add("discarded: tab " + tabs.indexOf(tab));
        collectFalseWords(tab);
        comeBack(tab);
    }

    /** The first tab goes on with the token. The others have none, so they end; a host may open them with it. */
    private void clearCookies() {
        events.add("cookies cleared");
        tabs.forEach(this::collectFalseWords);
        first().clearCookies();
        String text = "of Ada " + posts++;
        written.add(text);
        first().posts(text);
        token = String.valueOf(first().run("return tab.room.token;"));
        tabs.subList(1, TABS).forEach(this::comeBack);
    }

    private void comeBack(Tab tab) {
        tab.reload();
        assertThat(tab.run(
                        "return tab.follow(await tab.chat.open(args[0], args[1] ? { token: args[1] } : {}));",
                        ben.code(),
                        token))
                .isEqualTo(ben.code());
    }

    /** Under another name of this machine, a browser keeps other cookies. The answers to join and leave are lost. */
    private void receiveCleo() {
        events.add("Cleo");
        Tab cleo = opens.apply(URI.create("http://127.0.0.1:" + network.uri().getPort()));
        network.treatNext("POST .*/participants", new Treatment.LoseAnswer());
        cleo.joins(ben.code(), "Cleo");
        cleo.posts("of Cleo " + posts++);
        network.treatNext("DELETE .*/me", new Treatment.LoseAnswer());
        assertThat(cleo.run("await tab.room.leave().catch(() => tab.room.leave()); return tab.end.reason;"))
                .isEqualTo("left");
        useNetwork();
        cleo.close();
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private void pass(int atMostMillis) {
        stay(random.nextInt(atMostMillis));
    }

    private static void stay(int millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }

    @Override
    public void close() {
        IntStream.range(0, TABS).forEach(i -> tabs.get(i).close());
        network.close();
    }
}
