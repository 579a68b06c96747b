package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.RoomId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a host's page tells and is told beside messages: typing, presence, cues and entries of the host's kinds. */
class ClientSignalsTest extends InTabs {

    private static final String CREATE =
            "return tab.follow(await tab.chat.create({ name: 'Ada', signals: args[0], maxParticipants: args[1] }));";
    private static final String TYPING = "return tab.room.typing.map(({ name }) => name);";
    private static final String PRESENT = "return tab.room.participants.map(({ present }) => present ?? null);";
    /** Without those that came with the cookie of another seat: all seats here are one browser's. */
    private static final String CUES_SENT =
            "return performance.getEntriesByType('resource').filter(({ name, responseStatus }) => name.endsWith('/cues') && responseStatus !== 401).length;";

    private static final String CURSORS =
            "return tab.told.filter(({ type }) => type === 'cue').map(({ detail }) => [detail.kind, detail.sender.name, detail.body]);";

    private Tab ada(List<String> signals, int seats) {
        Tab tab = tab(host.uri());
        tab.run(CREATE, signals, seats);
        tab.seesConnection("live");
        return tab;
    }

    private Tab ada() {
        return ada(List.of("typing", "presence"), 10);
    }

    private static String code(Tab tab) {
        return String.valueOf(tab.run("return tab.room.code;"));
    }

    private Tab joins(Tab ada, String name) {
        Tab tab = tab(host.uri());
        tab.joins(code(ada), name);
        tab.seesConnection("live");
        return tab;
    }

    /** A stream that was closed is noticed when it is written to, so the host talks. */
    private void streamsAre(int expected, Tab tab) {
        RoomId room = new RoomId(code(tab));
        Tab.eventually(() -> {
            host.service().asHost(room).post("hear, hear");
            assertThat(host.streams()).isEqualTo(expected);
        });
    }

    private static void typing(Tab tab, String... names) {
        Tab.eventually(() -> assertThat(tab.run(TYPING)).isEqualTo(List.of(names)));
    }

    private static Object told(Tab tab, String type) {
        return tab.run(
                "return tab.told.filter(({ type }) => type === args[0]).map(({ detail }) => JSON.stringify(detail));",
                type);
    }

    @Test
    void typing_isToldInEveryTabOfTheOthers_andEndsWithTheMessage() {
        Tab ada = ada();
        Tab ben = joins(ada, "Ben");
        Tab bensOther = tab(host.uri()).opens(code(ada));
        bensOther.seesConnection("live");
        streamsAre(2, ada);

        ada.run("for (let i = 0; i < 10; i++) tab.room.keystroke();");

        typing(ben, "Ada");
        typing(bensOther, "Ada");
        typing(ada);
        assertThat(ada.run(CUES_SENT)).isEqualTo(1L);
        ada.posts("hi");
        for (Tab each : List.of(ben, bensOther)) {
            each.sees(List.of("hi"));
            assertThat(each.run(TYPING)).isEqualTo(List.of());
        }
        assertThat(
                        ben.run(
                                "return tab.told.filter(({ type }) => type === 'typing').map(({ detail }) => detail.map(({ name }) => name));"))
                .isEqualTo(List.of(List.of("Ada"), List.of()));
    }

    @Test
    void typing_isRepeated_andEndsSixSecondsAfterTheLastTime_orWithTheSeat() {
        Tab ada = ada();
        Tab ben = joins(ada, "Ben");
        ada.run("""
                const keys = setInterval(() => tab.room.keystroke(), 50);
                setTimeout(() => clearInterval(keys), 3_300);""");
        typing(ben, "Ada");
        // Longer than one cue is shown: there was another one after 3 s.
        ben.pauses(Duration.ofMillis(6_500));
        assertThat(ben.run(TYPING)).isEqualTo(List.of("Ada"));
        assertThat(ada.run(CUES_SENT)).isEqualTo(2L);
        typing(ben);
        assertThat((List<?>) told(ben, "typing")).hasSize(2);

        ben.run("tab.room.keystroke();");
        typing(ada, "Ben");
        ben.run("await tab.room.leave();");
        Tab.eventually(() -> assertThat(ada.wasTold("left")).isTrue());
        assertThat(ada.run("return tab.told.findLast(({ type }) => type === 'typing').detail;"))
                .isEqualTo(List.of());
    }

    /** A cue comes after what the log has, so it may come after the message that ended it. */
    @Test
    void typingThatIsToldAfterTheMessage_isNotShown() {
        Tab ada = ada();
        Tab ben = joins(ada, "Ben");
        // All at once: it must be there within a second of the message.
        ada.run("""
                await tab.room.cue("x-mood");
                const { fetch } = globalThis;
                globalThis.fetch = (url, request) => {
                  if (tab.lateCue || !url.endsWith("/cues")) return fetch(url, request);
                  const sent = new Promise((resolve) => (tab.lateCue = resolve)).then(() => fetch(url, request));
                  tab.late = sent;
                  return sent;
                };
                tab.room.keystroke();
                await tab.room.post("quick");
                tab.lateCue();
                await tab.late;
                await tab.room.cue("x-cursor", "after it");""");
        Tab.eventually(() -> assertThat(ben.run(CURSORS)).asString().contains("after it"));
        assertThat(told(ben, "typing")).isEqualTo(List.of());
    }

    @Test
    void typing_isNotSent_whereTheRoomHasNone_orByAReader() {
        Tab ada = ada(List.of("presence"), 10);
        ada.run("tab.room.keystroke();");
        assertThat(ada.run("return tab.room.signals;")).isEqualTo(List.of("presence"));
        Tab eve = ada();
        Tab ben = joins(eve, "Ben");
        eve.run("await tab.room.assign(tab.room.participants.find(({ owner }) => !owner).id, 'reader');");
        Tab.eventually(() -> assertThat(ben.run("return tab.room.me.role;")).isEqualTo("reader"));
        ben.run("tab.room.keystroke();");
        // What was sent would be there by the time that this is.
        for (Tab each : List.of(ada, ben)) {
            each.run("await tab.room.cue('x-cursor').catch(() => {});");
            assertThat(each.run(CUES_SENT)).isEqualTo(1L);
        }
    }

    @Test
    void presence_saysWhoIsConnected_inEveryTab() {
        Tab ada = ada();
        Tab ben = joins(ada, "Ben");
        Tab bensOther = tab(host.uri()).opens(code(ada));
        for (Tab each : tabs) {
            Tab.eventually(() -> assertThat(each.run(PRESENT)).isEqualTo(List.of(true, true)));
            assertThat(each.run("return tab.room.presence.count;")).isEqualTo(2L);
        }
        streamsAre(2, ada);
        ada.run("tab.room.close();");
        streamsAre(1, ben);
        for (Tab each : List.of(ben, bensOther)) {
            Tab.eventually(() -> assertThat(each.run(PRESENT)).isEqualTo(List.of(false, true)));
        }
        assertThat(ben.run("return tab.told.findLast(({ type }) => type === 'presence').detail;"))
                .isEqualTo(Map.of("count", 1L, "present", List.of(String.valueOf(ben.run("return tab.room.me.id;")))));
        // A tab that is opened later knows it, too, by whichever stream.
        Tab late = tab(host.uri()).opens(code(ben));
        Tab.eventually(() -> assertThat(late.run(PRESENT)).isEqualTo(List.of(false, true)));
    }

    @Test
    void presenceOfALargeRoom_isACount_andOfAPlainOneNothing() {
        Tab ada = ada(List.of("presence"), 101);
        Tab.eventually(() -> assertThat(ada.run("return tab.room.presence;")).isEqualTo(Map.of("count", 1L)));
        ada.run("await tab.room.setProperty('title', 'asks');");
        assertThat(ada.run(PRESENT)).asString().isEqualTo("[null]");
        Tab plain = tab(host.uri());
        plain.creates();
        plain.seesConnection("live");
        assertThat(plain.run("return [tab.room.presence, tab.room.signals.length];"))
                .asString()
                .isEqualTo("[null, 0]");
    }

    @Test
    void cues_areSentOnceASecond_theNewestOne_andOnlyOfAllowedKinds() {
        Tab ada = ada();
        Tab ben = joins(ada, "Ben");
        ada.run("for (let i = 0; i < 20; i++) tab.moves = tab.room.cue('x-cursor', `${i}`); await tab.moves;");
        ada.run("await Promise.all([20, 21, 22].map((i) => tab.room.cue('x-cursor', `${i}`)));");
        Tab.eventually(() -> assertThat(ben.run(CURSORS))
                .isEqualTo(List.of(List.of("x-cursor", "Ada", "19"), List.of("x-cursor", "Ada", "22"))));
        assertThat(ada.run(CUES_SENT)).isEqualTo(2L);
        assertThat(ada.run("await tab.room.cue('x-other', '1');")).isEqualTo("forbidden");
        assertThat(ada.run("await tab.room.cue('presence');")).isEqualTo("forbidden");
        assertThat(ada.run("const last = tab.room.cue('x-cursor', 'late'); tab.room.close(); await last;"))
                .isEqualTo("ended");
    }

    @Test
    void entry_isToldOnceAndInOrder_alsoIfItsAnswerIsLost_andCanBeForgotten() {
        Tab ada = tab(network.uri());
        ada.run(CREATE, List.of(), 10);
        Tab ben = joins(ada, "Ben");
        Tab bensOther = tab(host.uri()).opens(code(ada));
        ada.posts("before");
        host.afterNextPost(network::cut);
        ada.run("tab.vote = tab.room.postEntry('x-vote', 'tea', { id: 'v1' }); tab.after = tab.room.post('after');");
        Tab.eventually(() -> assertThat(ada.wasTold("delayed")).isTrue());
        network.mend();
        String stored =
                "const { kind, body, id, sender, sentAt } = await tab.vote; return [kind, body, id, sender.name, sentAt instanceof Date];";
        assertThat(ada.run(stored)).isEqualTo(List.of("x-vote", "tea", "v1", "Ada", true));
        ada.run("await tab.after;");
        String seen =
                "return tab.told.filter(({ type }) => type === 'entry' || type === 'message').map(({ detail }) => detail.body ?? detail.text ?? detail.forgotten);";
        for (Tab each : tabs) {
            Tab.eventually(() -> assertThat(each.run(seen)).isEqualTo(List.of("before", "tea", "after")));
        }
        assertThat(ben.run("await tab.room.postEntry('x-other', '1');")).isEqualTo("forbidden");
        assertThat(ben.run("await tab.room.forget((tab.told.find(({ type }) => type === 'entry')).detail.sequence);"))
                .isEqualTo("forbidden");
        ada.run("await tab.room.forget((await tab.vote).sequence);");
        for (Tab each : tabs) {
            Tab.eventually(() -> assertThat(told(each, "forgotten")).asString().contains("\"deleted\""));
        }
        Tab late = tab(host.uri()).opens(code(bensOther));
        Tab.eventually(() -> assertThat(late.run(seen)).isEqualTo(List.of("before", "deleted", "after")));
        assertThat(host.service().history(new RoomId(code(ada)), 0, 10).messages())
                .hasSize(2);
    }
}
