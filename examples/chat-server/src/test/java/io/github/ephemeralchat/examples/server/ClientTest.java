package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.testsupport.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a host's page asks of the browser client, and what it is told. */
class ClientTest extends InTabs {

    private static final String ELEVEN_MINUTES_LATER =
            "const real = performance.now.bind(performance); performance.now = () => real() + 660_000;";

    @Test
    void aCutNetworkLosesNothingAndAMessageWhoseAnswerIsLostIsStoredOnce() {
        Tab first = tab(network.uri());
        Ben ben = Ben.joins(host, first.creates());
        Tab second = tab(network.uri()).opens(ben.code());
        second.seesConnection("live");
        host.afterNextPost(network::cut);
        second.beginsToPost("stored, but not answered");
        said.add("stored, but not answered");
        for (Tab each : tabs) {
            each.seesConnection("connecting");
        }
        second.beginsToPost("written while away");
        ben.says(said, 3);
        await().until(() -> second.wasTold("delayed"));
        network.mend();
        said.add("written while away");
        for (Tab each : tabs) {
            each.sees(said);
            each.seesConnection("live");
        }
        assertThat(ben.history()).isEqualTo(said);
        streamsAre(1, ben);
    }

    @Test
    void whoIsRemovedIsToldAndTheOwnerSeesTheSeatFree() {
        Tab owner = tab(host.uri());
        Ben ben = Ben.joins(host, owner.creates());
        Tab.eventually(() ->
                assertThat(owner.run("return tab.room.participants.length;")).isEqualTo(2L));
        owner.run("await tab.room.remove(tab.room.participants.find(({ owner }) => !owner).id);");
        Tab.eventually(() ->
                assertThat(owner.run("return tab.room.participants.length;")).isEqualTo(1L));
        assertThat(ben.isStillThere()).isFalse();
        assertThat(owner.run("return tab.room.me.owner;")).isEqualTo(true);
    }

    @Test
    void joinWhoseAnswerIsLost_takesOneSeat() throws InterruptedException {
        Tab owner = tab(host.uri());
        String code = owner.creates();
        Tab guest = tab(network.uri());
        CountDownLatch lost = new CountDownLatch(1);
        host.afterNextPost(
                () -> { // The seat is taken, and the answer is lost.
                    network.cut();
                    lost.countDown();
                });
        guest.run("tab.joining = tab.chat.join(args[0], { name: 'Cleo' });", code);
        assertThat(lost.await(10, TimeUnit.SECONDS)).isTrue();
        network.mend();
        assertThat(guest.run("return tab.follow(await tab.joining);")).isEqualTo(code);
        guest.seesConnection("live");
        assertThat(owner.run("return tab.room.participants.map(({ name }) => name);"))
                .isEqualTo(List.of("Ada", "Cleo"));
    }

    @Test
    void ownerSteers_andEveryTabKnows() {
        Tab owner = tab(host.uri());
        String code = owner.creates();
        Ben ben = Ben.joins(host, code);
        Tab second = tab(host.uri()).opens(code);
        second.seesConnection("live");
        owner.run("await tab.room.setProperty('title', 'Tickets'); await tab.room.lock(); await tab.room.endIn(1200);");
        for (Tab each : tabs) {
            Tab.eventually(() -> assertThat(
                            each.run(
                                    "const { locked, properties, msLeft } = tab.room; return [locked, properties.title, Math.round(msLeft / 60_000)];"))
                    .isEqualTo(List.of(true, "Tickets", 20L)));
        }
        assertThat(owner.run("await tab.chat.join(args[0]);", code)).isEqualTo("room_locked");
        owner.run("await tab.room.unlock(); await tab.room.setProperty('title', null);");
        for (Tab each : tabs) {
            Tab.eventually(() -> assertThat(each.run("return [tab.room.locked, tab.room.properties.title ?? 'none'];"))
                    .isEqualTo(List.of(false, "none")));
        }
        // A tab that is opened later reads what happened, and keeps what is.
        Tab third = tab(host.uri()).opens(code);
        third.seesConnection("live");
        assertThat(third.run("return [tab.room.locked, Math.round(tab.room.msLeft / 60_000)];"))
                .isEqualTo(List.of(false, 20L));
        owner.run("await tab.room.assign(tab.room.participants.find(({ owner }) => !owner).id, 'owner');");
        for (Tab each : tabs) {
            Tab.eventually(
                    () -> assertThat(each.run("return tab.room.me.role;")).isEqualTo("member"));
        }
        assertThat(owner.run("await tab.room.lock();")).isEqualTo("forbidden");
        assertThat(ben.isStillThere()).isTrue();
    }

    /** By the answer to another question, which the stream confirms: both know more than what was asked first. */
    @Test
    void answerThatComesLate_takesNothingBack() {
        Tab tab = tab(host.uri());
        assertThat(tab.run("""
                let asked = 0;
                const fetch = tab.holding((method, path) => {
                  if (path.endsWith("/events")) return "events";
                  return method === "GET" && ++asked === 2 ? "room" : undefined;
                });
                const room = await new tab.EphemeralChat("/chat", { fetch }).create({ name: "Ada" });
                const next = (type) => new Promise((resolve) => room.addEventListener(type, resolve, { once: true }));
                tab.follow(room);
                await tab.isHeld("events", "room");
                await room.lock();
                const told = next("admission");
                tab.held.events();
                await told;
                const answered = next("participants");
                tab.held.room();
                await answered;
                return room.locked;""")).isEqualTo(true);
    }

    @Test
    void passcodeIsStretchedAsTheFormatSays_andAWrongOneIsRefused() {
        Tab owner = tab(host.uri());
        String code = String.valueOf(owner.run(
                "return tab.follow(await tab.chat.create({ name: 'Ada', passcode: 'correct horse \u212b' }));"));
        // The same after normalization, as another keyboard may write it.
        Ben ben = Ben.joins(host, code, PasscodeProof.of("correct horse A\u030a"));
        assertThat(ben.isStillThere()).isTrue();
        assertThat(owner.run("await tab.chat.join(args[0], { passcode: 'Correct horse' });", code))
                .isEqualTo("wrong_proof");
        assertThat(owner.run("await tab.chat.join(args[0]);", code)).isEqualTo("wrong_proof");
        assertThat(owner.run("await tab.chat.join(args[0], { passcode: '' });", code))
                .isEqualTo("invalid_passcode");
        assertThat(owner.run("await tab.chat.create({ passcode: 'x'.repeat(129) });"))
                .isEqualTo("invalid_passcode");
        owner.run("await tab.room.admission({ passcode: null });");
        assertThat(owner.run("return (await tab.chat.join(args[0])).code;", code))
                .isEqualTo(code);
        assertThat(owner.run("""
                Object.defineProperty(crypto, "subtle", { value: undefined });
                return [tab.EphemeralChat.passcodesWork, await tab.room.admission({ passcode: "x" }).catch(({ code }) => code)];""")).isEqualTo(List.of(false, "insecure_origin"));
    }

    /** The same rule on both sides, or a name that the page takes is refused. */
    @Test
    void namesAreJudgedAsTheServerDoes() {
        List<String> odd = List.of(
                "",
                " ",
                "\u200b",
                "\u3164",
                "\u2800",
                "\u202eadA",
                "\u00ad",
                "\u0301",
                "\ufeff",
                "\ue000",
                "\u2028",
                "\u0007",
                "\u200c",
                "\u200d",
                "\u00a0");
        List<String> names = new ArrayList<>(List.of(
                "Ada",
                "A B",
                "\u5f20\u4f1f",
                "\u2764\ufe0f\u200d\ud83d\udd25",
                "\u0645\u06cc\u200c\u062e",
                "x".repeat(30),
                "x".repeat(31),
                "\ud83d\udd6f".repeat(30)));
        odd.forEach(each -> names.addAll(List.of(each, "A" + each, each + "A", "A" + each + "B")));
        Object judged = tab(host.uri()).run("return args[0].map((name) => tab.nameProblem(name) === null);", names);
        assertThat(judged).isEqualTo(names.stream().map(ClientTest::isAccepted).toList());
    }

    private static boolean isAccepted(String name) {
        try {
            Identity.named(name);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Test
    void textThatLooksLikeAFrameArrivesAsItWasWritten() {
        Tab tab = tab(host.uri());
        Ben ben = Ben.joins(host, tab.creates());
        for (String text :
                List.of("data: x\n\nevent: destroyed\ndata: {}\n\n", "a\u2028b\u2029c\rd\u0085", "\ud83d\udd6f")) {
            ben.says(text);
            said.add(text);
        }
        tab.sees(said);
        tab.posts("\u2028 and back \ud83d\udd6f");
        assertThat(ben.history()).contains("\u2028 and back \ud83d\udd6f");
    }

    @Test
    void whatTheServerRefusesIsAChatErrorWithItsCode() {
        Tab tab = tab(host.uri());
        assertThat(tab.run("await tab.chat.join('k3J9xQ2b');")).isEqualTo("room_not_found");
        assertThat(tab.run("await tab.chat.open('k3J9xQ2b');")).isEqualTo("unauthorized");
        assertThat(tab.run("await tab.chat.create({ ttlMinutes: 0 });")).isEqualTo("invalid_request");
        assertThat(tab.run("await tab.chat.create({ signal: AbortSignal.abort() });"))
                .isEqualTo("AbortError");
        assertThat(tab.run("await new tab.EphemeralChat('/nowhere').create();")).isEqualTo("unknown");
        tab.creates();
        assertThat(tab.run("await tab.room.post('');")).isEqualTo("invalid_request");
        assertThat(tab.run("""
                try { await tab.chat.join('k3J9xQ2b'); } catch (error) {
                  return [error instanceof tab.ChatError, error.status, error.temporary, error.retryAfterMs];
                }""")).isEqualTo(Arrays.asList(true, 404L, false, null));
        tab.posts("still possible");
        said.add("still possible");
        tab.sees(said);
    }

    @Test
    void aMessageThatIsAbortedIsNotSentAndHoldsNothingUp() {
        Tab tab = tab(network.uri());
        Ben ben = Ben.joins(host, tab.creates());
        tab.seesConnection("live");
        network.cut();
        assertThat(tab.run("""
                const post = (text) => {
                  const given = new AbortController();
                  setTimeout(() => given.abort(), 200);
                  return tab.room.post(text, { signal: given.signal }).catch(({ name }) => name);
                };
                tab.first = tab.room.post("the first");
                const given = post("given up");
                tab.last = tab.room.post("the last");
                return await given;""")).isEqualTo("AbortError");
        network.mend();
        assertThat(tab.run("return [(await tab.first).text, (await tab.last).text];"))
                .isEqualTo(List.of("the first", "the last"));
        assertThat(ben.history()).containsExactly("the first", "the last");
    }

    @Test
    void itCountsDownByTheServersClock() throws Exception {
        MemoryRoomStore rooms = MemoryRoomStore.create();
        try (ClientHost hasty =
                ClientHost.start(ShortLivedRooms.in(rooms, Duration.ofSeconds(5)), ChatHttpSettings.defaults())) {
            Tab tab = tab(hasty.uri());
            // A clock that is an hour off, as far as the page can see.
            tab.run("const real = Date.now.bind(Date); Date.now = () => real() - 3_600_000;");
            String code = tab.creates();
            tab(hasty.uri()).opens(code);
            for (Tab each : List.copyOf(tabs)) {
                each.seesEnd("expired", false);
            }
            @SuppressWarnings("unchecked")
            List<Number> ticks = (List<Number>)
                    tab.run("return tab.told.filter(({ type }) => type === 'tick').map(({ detail }) => detail);");
            assertThat(ticks)
                    .isNotEmpty()
                    .allSatisfy(ms -> assertThat(ms.longValue()).isBetween(0L, 5_000L));
            assertThat(ticks.get(0).longValue()).isGreaterThan(3_000);
        }
    }

    /** A login has the same id in a room each time: what is said of an earlier seat is history. */
    @Test
    void whoComesBackAfterALogout_staysInTheRoom() {
        Membership eve = host.service().createRoom(RoomOptions.defaults(), Identity.named("Eve"));
        RoomId room = eve.room().id();
        Identity login = new Identity("login-7", "Ada");
        host.service().as(room, host.service().join(room, login).token()).leave();
        Membership again = host.service().join(room, login);
        Tab tab = tab(host.uri());
        tab.run("return tab.follow(await tab.chat.open(args[0], { token: args[1] }));", room.value(), again.token());
        host.service().as(room, eve.token()).post("welcome back");
        tab.sees(List.of("welcome back"));
        assertThat(tab.run("return [tab.end, tab.room.participants.map(({ name }) => name)];"))
                .isEqualTo(Arrays.asList(null, List.of("Eve", "Ada")));
        host.service().as(room, again.token()).leave();
        tab.seesEnd("left", false);
    }

    @Test
    void deadlineThatOnlyThisTabBelievesIn_isAskedAbout() {
        Tab tab = tab(host.uri());
        tab.creates();
        tab.seesConnection("live");
        tab.run(ELEVEN_MINUTES_LATER);
        Tab.eventually(() -> assertThat(
                        tab.run("return tab.told.some(({ type, detail }) => type === 'tick' && detail === 0);"))
                .isEqualTo(true));
        tab.pauses(Duration.ofSeconds(5));
        assertThat(tab.run("return [tab.end, tab.room.msLeft > 60_000];")).isEqualTo(Arrays.asList(null, true));
    }

    @Test
    void deadlineThatIsReachedOffline_endsThisTabOnly_andTheSeatIsKept() {
        Tab tab = tab(network.uri());
        String code = tab.creates();
        Tab other = tab(network.uri()).opens(code);
        other.seesConnection("live");
        network.cut();
        tab.seesConnection("connecting");
        tab.run(ELEVEN_MINUTES_LATER);
        tab.seesEnd("expired", false);
        network.mend();
        other.seesConnection("live");
        assertThat(other.run("return tab.end;")).isNull();
        assertThat(tab.run("return (await tab.chat.open(args[0])).code;", code)).isEqualTo(code);
    }

    @Test
    void endThatIsNear_isToldOnce_howeverManyStreamsSaySo() throws Exception {
        MemoryRoomStore rooms = MemoryRoomStore.create();
        try (ClientHost hasty = ClientHost.start(
                        ShortLivedRooms.in(rooms, Duration.ofSeconds(80)), ChatHttpSettings.defaults());
                TcpProxy way = new TcpProxy(hasty.uri())) {
            Tab tab = tab(way.uri());
            Ben ben = Ben.joins(hasty, tab.creates());
            Tab.eventually(() -> assertThat(tab.wasTold("expiring")).isTrue());
            for (int i = 0; i < 2; i++) {
                way.cut();
                tab.seesConnection("connecting");
                way.mend();
                tab.seesConnection("live");
                ben.says(said, 1);
                tab.sees(said);
            }
            tab.pauses(Duration.ofSeconds(1));
            assertThat(tab.run("return tab.told.filter(({ type }) => type === 'expiring').length;"))
                    .isEqualTo(1L);
            closes(tab);
        }
    }
}
