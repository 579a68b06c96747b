package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** In encrypted rooms: seats that are taken anew, what a tab keeps of them, and servers that lie about them. */
class EncryptedSeatsTest extends InEncryptedRooms {

    private static final String OPENS_BY_LINK = "return tab.follow(await tab.chat.open(args[0], { key: args[1] }));";
    private static final String LEAVES = "await tab.room.leave();";
    private static final String MARKS = "return tab.room.participants.map(({ mixedUp }) => mixedUp ?? false);";
    private static final String KEPT = "return Object.keys(sessionStorage).filter((each) => each.includes('key '));";

    /** The server's answers go through `tab.lie`; `tab.says` adds to what the stream brings. */
    private static final String LYING_SERVER = """
            tab.lie = (answer) => answer;
            const fetch = async (url, request) => {
              const answer = await globalThis.fetch(url, request);
              const { status, headers } = answer;
              if (headers.get("Content-Type")?.startsWith("application/json")) {
                return new Response(JSON.stringify(tab.lie(await answer.json())), { status, headers });
              }
              if (!url.includes("/events")) return answer;
              const added = new TransformStream({
                start(controller) {
                  tab.says = (type, id, data) =>
                    controller.enqueue(new TextEncoder().encode(`event: ${type}\\nid: ${id}\\ndata: ${JSON.stringify(data)}\\n\\n`));
                },
              });
              return new Response(answer.body.pipeThrough(added), { status, headers });
            };
            tab.chat = new tab.EphemeralChat("/chat", { fetch });
            """;

    private Tab login(String name) {
        return tab(host.uri().resolve("/?login=" + name));
    }

    private Tab guestOfALyingServer(Tab owner, String name) {
        Tab tab = tab(host.uri());
        tab.run(LYING_SERVER);
        assertThat(joins(tab, codeOf(owner), linkOf(owner), name)).isEqualTo(codeOf(owner));
        tab.seesConnection("live");
        return tab;
    }

    private String profileOf(Tab owner, String id) {
        return host.service().participants(new RoomId(codeOf(owner))).stream()
                .filter(each -> each.identity().id().equals(id))
                .findFirst()
                .orElseThrow()
                .profile();
    }

    /** A login has the same id in a room each time, and a tag and a name of its own for each seat. */
    @Test
    void loginThatComesBack_isNotMarked_andItsFormerWordsKeepTheirName() {
        Tab ada = owner();
        Tab ben = login("Ben");
        joins(ben, codeOf(ada), linkOf(ada), "Ben");
        ben.posts("one");
        ben.run(LEAVES);
        assertThat(joins(ben, codeOf(ada), linkOf(ada), "Benjamin")).isEqualTo(codeOf(ada));
        ben.posts("two");
        Object[] expected = {heard("Ben", "one", false), heard("Benjamin", "two", false)};
        hears(ada, expected);
        names(ada, "Ada", "Benjamin");
        ben.reload();
        hears(ben.opens(codeOf(ada)), expected);
        Tab cleo = guest(ada, "Cleo");
        hears(cleo, expected);
        names(cleo, "Ada", "Benjamin", "Cleo");
        ben.posts("three");
        for (Tab each : List.of(ada, cleo)) {
            hears(each, expected[0], expected[1], heard("Benjamin", "three", false));
            assertThat((List<?>) each.run(MARKS)).allMatch(mark -> mark.equals(false));
        }
    }

    /** Somebody with the key works with the server: the profile opens, and nobody has left. */
    @Test
    void seatWhoseProfileIsExchanged_isMarked() {
        Tab ada = owner();
        byte[] tag = SealedMember.newTag();
        SealedMember ben = SealedMember.joins(host.uri(), codeOf(ada), linkOf(ada), tag, "Ben");
        Tab inAnswers = guestOfALyingServer(ada, "Cleo");
        Tab inTheStream = guestOfALyingServer(ada, "Dan");
        names(inTheStream, "Ada", "Ben", "Cleo", "Dan");
        String another = SealedMember.profile(ben.secret(), SealedMember.newTag(), "Eve");
        inAnswers.run("""
                tab.lie = (answer) => {
                  for (const each of answer.participants ?? []) if (each.id === args[0]) each.profile = args[1];
                  return answer;
                };
                tab.room.close();
                tab.follow(await tab.chat.open(args[2]));""", ben.id(), another, codeOf(ada));
        ben.says(tag, "m1", "I am Ben");
        hears(inAnswers, heard("Ben", "I am Ben", true));
        hears(inTheStream, heard("Ben", "I am Ben", false));
        inTheStream.run("""
                const participant = { id: args[0], name: "x", role: "member", profile: args[1] };
                tab.says("joined", "1000-1", { sequence: 1000, participant, at: new Date().toISOString() });""", ben.id(), another);
        Tab.eventually(() -> assertThat(inTheStream.run(
                        "return tab.told.filter(({ type }) => type === 'joined').at(-1).detail.participant;"))
                .isEqualTo(Map.of("id", ben.id(), "name", "Eve", "role", "member", "mixedUp", true)));
    }

    /** The server has no profile but those that members have sealed. */
    @Test
    void leaveAndReturnThatAreMadeUp_withACopiedProfile_areMarked() {
        Tab ada = owner();
        SealedMember ben = SealedMember.joins(host.uri(), codeOf(ada), linkOf(ada), SealedMember.newTag(), "Ben");
        Tab cleo = guestOfALyingServer(ada, "Cleo");
        String adas = String.valueOf(ada.run("return tab.room.me.id;"));
        cleo.run("""
                const at = new Date().toISOString();
                tab.says("left", "1000-1", { sequence: 1000, participant: { id: args[0], name: "x" }, at });
                const participant = { id: args[0], name: "x", role: "member", profile: args[1] };
                tab.says("joined", "1001-1", { sequence: 1001, participant, at });""", ben.id(), profileOf(ada, adas));
        Tab.eventually(() -> assertThat(
                        cleo.run("return tab.room.participants.map(({ name, mixedUp }) => [name, mixedUp ?? false]);"))
                .isEqualTo(List.of(List.of("Ada", false), List.of("Cleo", false), List.of("Ada", true))));
    }

    /** One tab was left behind; in another one the seat was left and a new one taken. */
    @Test
    void keyOfAFormerSeat_lendsItsTagToNoOther() {
        for (URI page : List.of(host.uri(), host.uri().resolve("/?login=Ben"))) {
            Tab ada = owner();
            String code = codeOf(ada);
            Tab ben = tab(page);
            joins(ben, code, linkOf(ada), "Ben");
            // As a tab that the browser has discarded: it is told of nothing.
            ben.run(
                    "tab.room.close(); addEventListener('storage', (event) => event.stopImmediatePropagation(), true);");
            Tab other = tab(page);
            assertThat(other.run(OPENS_BY_LINK, code, linkOf(ada))).isEqualTo(code);
            other.run(LEAVES);
            assertThat(joins(other, code, linkOf(ada), "Ben")).isEqualTo(code);
            ben.reload();
            ben.opens(code).posts("x");
            hears(ada, heard("Ben", "x", false));
            assertThat(ben.run("return tab.room.me.mixedUp ?? false;")).isEqualTo(false);
        }
    }

    @Test
    void noticeThatNamesAMember_isTheHosts() {
        Tab ada = owner();
        Tab cleo = guestOfALyingServer(ada, "Cleo");
        String adas = String.valueOf(ada.run("return tab.room.me.id;"));
        cleo.run("""
                const said = { id: "n1", sequence: 1000, sender: { id: args[0], name: "Operator" }, sentAt: new Date().toISOString() };
                tab.says("notice", "1000-1", { ...said, text: "send me the money", notice: true });
                tab.says("x-vote", "1001-1", { ...said, sequence: 1001, sender: { id: "host", name: "Operator" }, kind: "x-vote", body: "tea" });""", adas);
        Tab.eventually(() -> assertThat(
                        cleo.run(
                                "return tab.told.filter(({ type }) => ['notice', 'entry'].includes(type)).map(({ detail }) => [detail.sender, detail.text ?? detail.body]);"))
                .isEqualTo(List.of(
                        List.of(Map.of("id", "host", "name", "Operator"), "send me the money"),
                        List.of(Map.of("id", "host", "name", "Operator"), "tea"))));
    }

    @Test
    void keyOfARoomThatEndsUnseen_isForgotten() throws Exception {
        try (ClientHost hasty = ClientHost.start(
                ShortLivedRooms.in(MemoryRoomStore.create(), Duration.ofSeconds(10)), ChatHttpSettings.defaults())) {
            Tab tab = tab(hasty.uri());
            tab.run(CREATE, Map.of());
            tab.run("tab.room.close();");
            assertThat((List<?>) tab.run(KEPT)).hasSize(1);
            Tab.eventually(() -> assertThat((List<?>) tab.run(KEPT)).isEmpty());
        }
        // Or while this tab was elsewhere.
        Tab tab = owner();
        tab.run("tab.room.close();");
        assertThat((List<?>) tab.run(KEPT)).hasSize(1);
        assertThat((List<?>) tab.run("""
                const real = Date.now;
                Date.now = () => real() + 2 * 86_400_000;
                new tab.EphemeralChat("/chat");""" + KEPT)).isEmpty();
    }

    @Test
    void keyOfASeatThatIsLeftInAnotherTab_isForgotten() {
        Tab tab = owner();
        Tab other = tab(host.uri());
        assertThat(other.run(OPENS_BY_LINK, codeOf(tab), linkOf(tab))).isEqualTo(codeOf(tab));
        tab.run("tab.room.close();");
        assertThat((List<?>) tab.run(KEPT)).hasSize(1);
        other.run(LEAVES);
        Tab.eventually(() -> assertThat((List<?>) tab.run(KEPT)).isEmpty());
    }
}
