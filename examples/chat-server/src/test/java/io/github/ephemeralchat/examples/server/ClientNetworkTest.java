package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ephemeralchat.testsupport.HttpProxy;
import io.github.ephemeralchat.testsupport.HttpProxy.Treatment;
import io.github.ephemeralchat.testsupport.HttpProxy.Treatment.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What real networks do to the browser client, with a real proxy between the two. */
class ClientNetworkTest extends InTabs {

    private static final String API = "\\S+ /chat/.*";
    private static final String HTML = "Content-Type: text/html\r\n";
    private static final Duration AWAKE_WITHIN = Duration.ofSeconds(5);
    private static final Duration EVERYWHERE_WITHIN = Duration.ofSeconds(10);
    private static final int ROOMS = 10;

    private HttpProxy proxy;

    @BeforeEach
    void openProxy() {
        proxy = new HttpProxy(host.uri());
    }

    @AfterEach
    void closeProxy() {
        proxy.close();
    }

    private static Answer page(String status) {
        return new Answer(status, HTML, "<title>Please log in</title>");
    }

    @Test
    void answerOfSomethingElse_endsNothingAndDropsNothing() {
        Tab tab = tab(proxy.uri());
        Ben ben = Ben.joins(host, tab.creates());
        ben.says(said, 1);
        tab.sees(said);
        for (Answer answer : List.of(
                page("401 Unauthorized"),
                page("404 Not Found"),
                page("200 OK"),
                page("503 Service Unavailable"),
                new Answer("302 Found", HTML + "Location: /login\r\n", ""))) {
            tab.run("tab.told.splice(0);");
            proxy.treat(API, answer);
            proxy.cut();
            String text = "written while it says " + answer.status();
            tab.beginsToPost(text);
            Tab.eventually(() -> assertThat(tab.wasTold("delayed")).isTrue());
            tab.seesConnection("connecting");
            assertThat(tab.run(
                            "return tab.chat.open(tab.room.code).catch(({ code, temporary }) => [code, temporary]);"))
                    .isEqualTo(List.of("unknown", true));
            ben.says(said, 1);
            proxy.passAll();
            tab.run("tab.room.reconnect();");
            said.add(text);
            tab.sees(said);
            tab.seesConnection("live");
        }
        assertThat(tab.run("return tab.end;")).isNull();
    }

    @Test
    void joinThatSomethingElseAnswers_isRepeatedAndTakesOneSeat() {
        Tab owner = tab(host.uri());
        String code = owner.creates();
        Tab guest = tab(proxy.uri());
        proxy.treatNext("POST .*/participants", page("200 OK"));
        guest.joins(code, "Ben");
        assertThat(proxy.passesAll()).isTrue();
        Tab another = tab(proxy.uri());
        proxy.treatNext("POST .*/participants", new Treatment.LoseAnswer());
        another.joins(code, "Cleo");
        assertThat(owner.run("return tab.room.participants.map(({ name }) => name);"))
                .isEqualTo(List.of("Ada", "Ben", "Cleo"));
    }

    @Test
    void networkThatHoldsStreamsBack_isServedByPost_andTheTabRemembers() {
        proxy.treat("GET .*/events.*", new Treatment.HoldBody());
        Tab tab = tab(proxy.uri());
        Ben ben = Ben.joins(host, tab.creates());
        assertThat(tab.run("return tab.room.connection;")).isEqualTo("connecting");
        tab.seesConnection("live");
        ben.says(said, 2);
        tab.sees(said, Duration.ofSeconds(2));
        tab.reload();
        tab.opens(ben.code());
        tab.sees(said, Duration.ofSeconds(3));
        tab.seesConnection("live");
    }

    @Test
    void networkThatHoldsEveryStream_isServedByShortAnswers() {
        proxy.treat("\\S+ .*/events.*", new Treatment.Hold());
        Tab tab = tab(proxy.uri());
        Ben ben = Ben.joins(host, tab.creates());
        tab.pauses(Duration.ofSeconds(5)); // Neither GET nor POST brings a byte.
        assertThat(tab.run("return tab.room.connection;")).isEqualTo("connecting");
        tab.seesConnection("live");
        for (int i = 0; i < 3; i++) {
            ben.says(said, 1);
            tab.sees(said, Duration.ofSeconds(3));
        }
        tab.pauses(Duration.ofSeconds(1)); // Its next poll waits: between two of them only the seat is seen to be gone.
        ben.destroys();
        tab.seesEnd("destroyed", false);
    }

    @Test
    void networkThatRefusesStreams_isServedByPost() {
        proxy.treat("GET /chat/.*/events.*", page("502 Bad Gateway"));
        Tab tab = tab(proxy.uri());
        Ben ben = Ben.joins(host, tab.creates());
        tab.seesConnection("live");
        ben.says(said, 2);
        tab.sees(said, Duration.ofSeconds(2));
    }

    @Test
    void networkThatEmptiesStreams_isServedByShortAnswers() {
        proxy.treat("\\S+ /chat/.*/events", new Answer("200 OK", "Content-Type: text/event-stream\r\n", ""));
        Tab tab = tab(proxy.uri());
        Ben ben = Ben.joins(host, tab.creates());
        tab.seesConnection("live");
        ben.says(said, 2);
        tab.sees(said, Duration.ofSeconds(3));
        tab.pauses(Duration.ofSeconds(1)); // Its next poll waits: between two of them only the seat is seen to be gone.
        ben.destroys();
        tab.seesEnd("destroyed", false);
    }

    @Test
    void tenRoomsInOneBrowser_leaveConnectionsForEverythingElse() {
        Tab tab = tab(host.uri());
        List<Ben> others = new ArrayList<>();
        for (int i = 0; i < ROOMS; i++) {
            others.add(Ben.joins(host, String.valueOf(tab.run("""
                    const room = await tab.chat.create({ name: "Ada" });
                    (tab.rooms ??= []).push(room);
                    room.addEventListener("message", ({ detail }) => tab.seen.push(detail.text));
                    room.start();
                    return room.code;"""))));
        }
        Tab.eventually(() -> assertThat(tab.run("return tab.rooms.every(({ connection }) => connection === 'live');"))
                .isEqualTo(true));
        others.forEach(each -> each.says(said, 1));
        await().atMost(EVERYWHERE_WITHIN)
                .untilAsserted(
                        () -> assertThat((List<?>) tab.run("return tab.seen;")).hasSize(ROOMS));
        assertThat(((Number) tab.run("""
                const begun = performance.now();
                await tab.rooms.at(-1).post("not behind streams");
                await fetch("/");
                return performance.now() - begun;""")).longValue()).isLessThan(4_000);
        assertThat(host.streams()).isLessThan(6);
    }

    @Test
    void socketThatDiedInSilence_isReplacedOnceThePageIsLookedAt() {
        Tab tab = tab(proxy.uri());
        Ben ben = Ben.joins(host, tab.creates());
        ben.says(said, 1);
        tab.sees(said);
        proxy.fallSilent();
        ben.says(said, 1);
        tab.pauses(Duration.ofSeconds(3)); // What has just come over a connection proves it alive.
        tab.isLookedAt();
        tab.sees(said, AWAKE_WITHIN);
        proxy.fallSilent();
        ben.says(said, 1);
        tab.pauses(Duration.ofSeconds(3));
        tab.run("dispatchEvent(new Event('online'));");
        tab.sees(said, AWAKE_WITHIN);
        tab.seesConnection("live");
    }
}
