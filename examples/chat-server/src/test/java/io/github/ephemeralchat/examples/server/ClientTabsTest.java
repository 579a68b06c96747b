package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.testsupport.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several tabs of one browser in one room. Ben talks to them without a browser. */
class ClientTabsTest extends InTabs {

    @Test
    void allTabsOfARoomShareOneStreamAndALaterOneGetsTheWholeHistory() {
        Tab first = tab(host.uri());
        Ben ben = Ben.joins(host, first.creates());
        ben.says(said, 3);
        first.sees(said);
        Tab second = tab(host.uri()).opens(ben.code());
        Tab third = tab(host.uri()).opens(ben.code());
        for (Tab each : tabs) {
            each.sees(said);
            each.seesConnection("live");
        }
        streamsAre(1, ben);
        ben.says(said, 3);
        for (Tab each : List.of(first, second, third)) {
            each.posts("from a tab " + said.size());
            said.add("from a tab " + said.size());
        }
        for (Tab each : tabs) {
            each.sees(said);
            assertThat(each.run("return tab.room.participants.map(({ name }) => name);"))
                    .isEqualTo(List.of("Ada", "Ben"));
        }
        assertThat(host.streams()).isEqualTo(1);
    }

    @Test
    void leadersThatCloseWhileSomebodyTalksLoseNothingAndDoubleNothing() throws InterruptedException {
        Ben ben = Ben.joins(host, tab(host.uri()).creates());
        tab(host.uri()).opens(ben.code());
        try (Ben.Talk talk = ben.talks(Duration.ofMillis(3))) {
            for (int i = 0; i < 4; i++) {
                tab(host.uri()).opens(ben.code());
                closes(tabs.get(0));
            }
            said.addAll(talk.stop());
        }
        assertThat(said).hasSizeGreaterThan(100);
        for (Tab each : tabs) {
            each.sees(said);
        }
        streamsAre(1, ben);
    }

    @Test
    void aFrozenLeaderHandsOverAndCatchesUpOnceItIsBack() {
        Tab leader = tab(host.uri());
        Ben ben = Ben.joins(host, leader.creates());
        Tab other = tab(host.uri()).opens(ben.code());
        ben.says(said, 1);
        other.sees(said);
        assertThat(leader.leads()).isTrue();
        leader.freeze(true);
        ben.says(said, 3);
        other.sees(said);
        assertThat(other.leads()).isTrue();
        leader.freeze(false);
        leader.sees(said);
        streamsAre(1, ben);
        ben.says(said, 1);
        leader.sees(said);
        other.sees(said);
    }

    @Test
    void aLeaderThatFallsSilentIsReplacedAndBecomesAFollower() {
        Tab leader = tab(host.uri());
        Ben ben = Ben.joins(host, leader.creates());
        Tab other = tab(host.uri()).opens(ben.code());
        other.seesConnection("live");
        streamsAre(1, ben);
        // What the other tab sees of a page that hangs. (Two tabs may share a thread: one that hangs would stop both.)
        leader.run("BroadcastChannel.prototype.postMessage = () => {};");
        said.add("does it hang?");
        other.posts("does it hang?");
        other.sees(said);
        Tab.eventually(() -> assertThat(other.leads()).isTrue());
        ben.says(said, 1);
        other.sees(said);
        leader.sees(said);
        assertThat(leader.leads()).isFalse();
        streamsAre(1, ben);
    }

    @Test
    void whatGetsLostBetweenTabsIsAskedFor() {
        Tab leader = tab(host.uri());
        Ben ben = Ben.joins(host, leader.creates());
        Tab other = tab(host.uri()).opens(ben.code());
        streamsAre(1, ben);
        leader.run("""
                const real = BroadcastChannel.prototype.postMessage;
                let lost = 2;
                BroadcastChannel.prototype.postMessage = function (word) {
                  if (word.kind !== "event" || lost-- <= 0) real.call(this, word);
                };""");
        ben.says(said, 5);
        other.sees(said);
        leader.sees(said);
        streamsAre(1, ben);
    }

    @Test
    void theEndIsToldInEveryTab() {
        Tab first = tab(host.uri());
        String code = first.creates();
        Tab second = tab(host.uri()).opens(code);
        second.seesConnection("live");
        second.run("await tab.room.destroy();");
        second.seesEnd("destroyed", true);
        first.seesEnd("destroyed", false);
        assertThat(first.run("return [tab.room.participants, await tab.room.post('late').catch(({ code }) => code)];"))
                .isEqualTo(List.of(List.of(), "ended"));

        Ben ben = Ben.joins(host, first.creates());
        second.opens(ben.code());
        first.seesConnection("live");
        second.seesConnection("live"); // One that has heard nothing yet learns only that the room is gone.
        ben.destroys();
        first.seesEnd("destroyed", false);
        second.seesEnd("destroyed", false);
    }

    /** The stream tells of the end before the request that asked for it is answered. */
    @Test
    void tabThatEndsTheRoomKnowsSoWhoeverTellsItFirst() {
        Tab first = tab(host.uri());
        String code = first.creates();
        Tab second = tab(host.uri()).opens(code);
        second.seesConnection("live");
        second.run("""
                const real = globalThis.fetch;
                globalThis.fetch = async (url, options) => {
                  const answer = await real(url, options);
                  if (options.method === "DELETE") await new Promise((resolve) => setTimeout(resolve, 1_000));
                  return answer;
                };
                await tab.room.destroy();""");
        second.seesEnd("destroyed", true);
        first.seesEnd("destroyed", false);
    }

    @Test
    void whoLeavesInOneTabHasLeftInAll() {
        Tab first = tab(host.uri());
        Ben ben = Ben.joins(host, first.creates());
        Tab second = tab(host.uri()).opens(ben.code());
        second.seesConnection("live");
        first.run("await tab.room.leave();");
        first.seesEnd("left", true);
        second.seesEnd("left", false);
        assertThat(second.run("await tab.chat.open(args[0]);", ben.code())).isEqualTo("unauthorized");
        // And comes back as somebody new.
        first.joins(ben.code(), "Ada again");
        ben.says(said, 1);
        first.run("tab.seen.splice(0);");
    }

    @Test
    void tabOfAFormerSeat_leavesThisBrowsersNewSeatAlone() {
        Tab former = tab(host.uri());
        Ben ben = Ben.joins(host, former.creates());
        former.seesConnection("live");
        former.freeze(true);
        Tab other = takesTheSeatAnew(host.uri(), ben);
        former.freeze(false);
        former.seesEnd("gone", false);
        other.reload();
        other.opens(ben.code()).posts("still here");
    }

    /** A login has the same id in a room each time, so the tabs of both seats hear each other. */
    @Test
    void tabOfALoginsFormerSeat_leavesItsNewSeatAlone() {
        URI page = host.uri().resolve("/?login=Ada");
        Tab former = tab(page);
        Ben ben = Ben.joins(host, former.creates());
        former.seesConnection("live");
        former.freeze(true);
        Tab other = takesTheSeatAnew(page, ben);
        former.freeze(false);
        former.seesEnd("left", false);
        other.posts("still here");
        assertThat(other.run("return tab.end;")).isNull();
        other.reload();
        other.opens(ben.code()).sees(List.of("still here"));
    }

    private Tab takesTheSeatAnew(URI page, Ben ben) {
        Tab tab = tab(page).opens(ben.code());
        tab.run("await tab.room.leave(); tab.end = null;");
        tab.joins(ben.code(), "Ada");
        tab.seesConnection("live");
        return tab;
    }

    @Test
    void withoutWebLocksEachTabHasAStreamOfItsOwn() {
        URI page = host.uri().resolve("/?without-locks");
        Tab first = tab(page);
        Ben ben = Ben.joins(host, first.creates());
        tab(page).opens(ben.code());
        streamsAre(2, ben);
        ben.says(said, 3);
        for (Tab each : tabs) {
            each.sees(said);
        }
        closes(first);
        ben.says(said, 1);
        tabs.get(0).sees(said);
    }

    @Test
    void whereTheServerAllowsOneStreamTheOlderGivesWayUntilItTakesOver() throws Exception {
        ChatHttpSettings one =
                ChatHttpSettings.builder().maxStreamsPerParticipant(1).build();
        try (ClientHost strict = ClientHost.start(MemoryRoomStore.create(), one)) {
            URI page = strict.uri().resolve("/?without-locks");
            Tab older = tab(page);
            Ben ben = Ben.joins(strict, older.creates());
            older.seesConnection("live");
            Tab newer = tab(page).opens(ben.code());
            older.seesConnection("replaced");
            ben.says(said, 2);
            newer.sees(said);
            older.run("tab.room.reconnect();");
            older.sees(said);
            newer.seesConnection("replaced");
        }
    }

    @Test
    void whereTheLogWasCutMeanwhileEveryTabDropsWhatItShowed() throws Exception {
        MemoryRoomStore store =
                MemoryRoomStore.builder().logLimits(new LogLimits(5, 1 << 20)).build();
        try (ClientHost forgetful = ClientHost.start(store, ChatHttpSettings.defaults());
                TcpProxy way = new TcpProxy(forgetful.uri())) {
            Tab first = tab(way.uri());
            Ben ben = Ben.joins(forgetful, first.creates());
            Tab second = tab(way.uri()).opens(ben.code());
            ben.says(said, 2);
            second.sees(said);
            way.cut();
            ben.says(said, 8);
            way.mend();
            for (Tab each : List.of(first, second)) {
                each.sees(said.subList(5, 10));
                assertThat(each.wasTold("reset")).isTrue();
            }
            ben.says(said, 1);
            second.sees(said.subList(5, 11));
        }
    }
}
