package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.testsupport.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What two people do in each browser: create, join, talk, reload, lose the network, destroy, and see a room end. */
interface MainWalk {

    Duration TOLD_WITHIN = Duration.ofSeconds(2);
    Duration SHORT_LIFE = Duration.ofSeconds(10);

    Visitor ada();

    Visitor ben();

    ChatServer server();

    /** Ben's way to the server. */
    TcpProxy network();

    private String benJoinsThroughTheLink() {
        return TwoPeople.joinsThroughTheLink(ben(), ada(), server(), network());
    }

    @Test
    default void twoPeopleTalkAndAReloadKeepsEveryMessageOnceAndInOrder() {
        TwoPeople.createRoom(ada(), server().uri(), 5, 2);
        assertThat(ada().text("countdown")).matches("[45]:\\d\\d");
        benJoinsThroughTheLink();
        ada().seeMembers("Ada", "Ben");
        ben().seeMembers("Ada", "Ben");

        List<String> said = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            said.add(TwoPeople.say(ada(), "question " + i + " <b>&amp;"));
            ben().seeMessages(said);
            said.add(TwoPeople.say(ben(), "answer " + i + " \u201c\ud83d\udd6f\u201d"));
            ada().seeMessages(said);
        }
        assertThat(ada().attribute("message", "data-own")).isEqualTo("true");
        assertThat(ben().attribute("message", "data-own")).isEqualTo("false");

        ben().reload();
        ben().seeState("live");
        ben().seeMessages(said);
        said.add(TwoPeople.say(ben(), "still here"));
        ada().seeMessages(said);
        ben().seeMessages(said);
        ada().seeMembers("Ada", "Ben");
    }

    @Test
    default void aCutNetworkLosesNothingAndDoublesNothing() {
        TwoPeople.createRoom(ada(), server().uri(), 5, 2);
        benJoinsThroughTheLink();
        List<String> said = new ArrayList<>();
        said.add(TwoPeople.say(ada(), "before"));
        ben().seeMessages(said);
        network().cut();
        ben().seeState("connecting");
        for (int i = 1; i <= 5; i++) {
            said.add(TwoPeople.say(ada(), "while you were away " + i));
            ada().seeMessages(said);
        }
        ben().say("written while away");
        network().mend();
        said.add("written while away");
        ada().seeMessages(said);
        ben().seeMessages(said);
        ben().seeState("live");
        said.add(TwoPeople.say(ada(), "welcome back"));
        ben().seeMessages(said);
        ben().reload();
        ben().seeMessages(said);
    }

    @Test
    default void whatOneDestroysTheOtherIsToldWithinTwoSeconds() {
        TwoPeople.createRoom(ada(), server().uri(), 5, 2);
        String link = benJoinsThroughTheLink();
        TwoPeople.say(ada(), "a secret");
        ben().seeMessages(List.of("a secret"));
        ada().click("destroy-room");
        ada().click("confirm");
        ben().seeEnd("destroyed", TOLD_WITHIN);
        ada().seeEnd("destroyed", TOLD_WITHIN);
        for (Visitor each : List.of(ada(), ben())) {
            assertThat(each.inPage("return all('*').map((one) => (one.shadowRoot ?? one).innerHTML).join()"))
                    .asString()
                    .contains("Back to the lobby")
                    .doesNotContain("a secret");
        }
        ben().open(link);
        ben().click("invite-join");
        ben().seeEnd("not-found", TwoPeople.TIMEOUT);
    }

    @Test
    default void aRoomEndsOnBothSidesAtItsDeadline() throws IOException {
        MemoryRoomStore rooms = MemoryRoomStore.create();
        try (ChatServer hasty = ChatServer.start(ServerOptions.local(0), ShortLivedRooms.in(rooms, SHORT_LIFE))) {
            long begin = System.nanoTime();
            TwoPeople.createRoom(ada(), hasty.uri(), 1, 2);
            TwoPeople.join(ben(), "Ben", TwoPeople.linkFrom(ada()));
            ben().seeState("live");
            TwoPeople.say(ada(), "be quick");
            ben().seeMessages(List.of("be quick"));
            for (Visitor each : List.of(ada(), ben())) {
                each.seeEnd("expired", SHORT_LIFE.plus(TOLD_WITHIN));
                assertThat(each.texts("message")).isEmpty();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(SHORT_LIFE.minusSeconds(1));
        }
    }
}
