package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.Authority;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.RoomId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a host's page is told of messages that end before their room. */
class ClientForgetTest extends InTabs {

    private static final String TOLD =
            "return tab.told.filter(({ type }) => type === 'forgotten').map(({ detail }) => detail);";

    private Authority ben(String code) {
        Membership seat = host.service().join(new RoomId(code), Identity.named("Ben"));
        return host.service().as(seat.room().id(), seat.token());
    }

    private static void seesForgotten(Tab tab, Message message, String reason) {
        Tab.eventually(
                () -> assertThat(tab.run(TOLD).toString()).contains("of=" + message.sequence() + ", reason=" + reason));
    }

    @SuppressWarnings("unchecked") // The script returns such an object.
    private static Map<String, Object> message(Tab tab, Message message) {
        return (Map<String, Object>) tab.run("""
                const { forgotten = null, text = null, claims = null } = tab.told
                  .filter(({ type }) => type === "message").map(({ detail }) => detail)
                  .findLast(({ sequence }) => sequence === args[0]) ?? {};
                return { forgotten, text, left: claims?.left ?? null };
                """, message.sequence());
    }

    @Test
    void deletedMessage_isTold_andComesWithoutItsTextToALaterTab() {
        Tab owner = tab(host.uri());
        Authority ben = ben(owner.creates());
        Message first = ben.post("by Ben");
        Tab.eventually(() -> assertThat(message(owner, first)).containsEntry("text", "by Ben"));

        ben.forget(first.sequence());
        seesForgotten(owner, first, "deleted");

        Message second = ben.post("by Ben, too");
        owner.run("await tab.room.forget(args[0]);", second.sequence());
        seesForgotten(owner, second, "deleted");
        Tab later = tab(host.uri()).opens(String.valueOf(owner.run("return tab.room.code;")));
        Tab.eventually(() -> assertThat(message(later, second))
                .containsEntry("forgotten", "deleted")
                .containsEntry("text", null));
        Message notOwn = host.service()
                .asHost(new RoomId(String.valueOf(owner.run("return tab.room.code;"))))
                .post("the host's");
        assertThat(owner.run("await tab.room.forget(999);")).isEqualTo("message_not_found");
        assertThat(owner.run("await tab.room.forget(args[0]);", notOwn.sequence()))
                .isNull();
    }

    @Test
    void messageWhoseTimeIsOver_isToldOnce_alsoWithoutTheServersWord() {
        Tab owner = tab(network.uri());
        Authority ben = ben(owner.creates());
        owner.seesConnection("live");
        Message message = ben.post(NewMessage.of("short").withTtl(Duration.ofSeconds(5)));
        Tab.eventually(() -> assertThat(message(owner, message)).containsEntry("text", "short"));
        network.cut();
        seesForgotten(owner, message, "expired");
        network.mend();
        owner.seesConnection("live");
        Message next = ben.post("next");
        Tab.eventually(() -> assertThat(message(owner, next)).containsEntry("text", "next"));
        assertThat(owner.run(TOLD + "")).asString().containsOnlyOnce("of=" + message.sequence());
    }

    /** It comes without an id: it has no place in the log. */
    @Test
    void messageWhoseTimeIsOver_isToldByTheServersWord_alsoWhereTheTabDoesNotKnowTheTime() {
        Tab owner = tab(host.uri());
        String code = owner.creates();
        Authority ben = ben(code);
        Tab second = tab(host.uri()).opens(code);
        tabs.forEach(each -> each.seesConnection("live"));
        Message message = ben.post(NewMessage.of("short").withTtl(Duration.ofSeconds(10)));
        for (Tab each : tabs) {
            Tab.eventually(() -> assertThat(message(each, message)).containsEntry("text", "short"));
            each.run("""
                    for (const clock of [Date, performance]) {
                      const real = clock.now.bind(clock);
                      clock.now = () => real() - 60_000;
                    }""");
        }
        seesForgotten(owner, message, "expired");
        seesForgotten(second, message, "expired");
    }

    @Test
    void claim_givesTheText_alsoIfItsAnswerIsLost_andThenToNobody() throws InterruptedException {
        Tab owner = tab(network.uri());
        Authority ben = ben(owner.creates());
        owner.seesConnection("live");
        Message message = ben.post(NewMessage.of("for one").withClaims(1));
        Tab.eventually(() ->
                assertThat(message(owner, message)).containsEntry("text", null).containsEntry("left", 1L));
        CountDownLatch lost = new CountDownLatch(1);
        host.afterNextPost(
                () -> { // It is claimed, and the answer is lost.
                    network.cut();
                    lost.countDown();
                });
        owner.run("tab.claiming = tab.room.claim(args[0]);", message.sequence());
        assertThat(lost.await(10, TimeUnit.SECONDS)).isTrue();
        network.mend();
        assertThat(owner.run("return (await tab.claiming).text;")).isEqualTo("for one");
        seesForgotten(owner, message, "claimed");
        String code = String.valueOf(owner.run("return tab.room.code;"));
        Tab late = tab(host.uri());
        late.joins(code, "Cleo");
        assertThat(late.run("await tab.room.claim(args[0]);", message.sequence()))
                .isEqualTo("forgotten");
    }

    @Test
    void ownMessages_haveTheLifeThatTheyWereGiven() {
        Tab owner = tab(host.uri());
        String code = String.valueOf(
                owner.run("return tab.follow(await tab.chat.create({ name: 'Ada', messageTtlSeconds: 300 }));"));
        assertThat(owner.run("return tab.room.messageTtlSeconds;")).isEqualTo(300L);
        assertThat(owner.run("const { expiresAt, sentAt } = await tab.room.post('usual'); return expiresAt - sentAt;"))
                .isEqualTo(300_000L);
        assertThat(
                        owner.run(
                                "const { expiresAt, sentAt } = await tab.room.post('short', { ttlSeconds: 30 }); return expiresAt - sentAt;"))
                .isEqualTo(30_000L);
        assertThat(
                        owner.run(
                                "const { claims, text } = await tab.room.post('few', { claims: 2 }); return [claims.left, text ?? null];"))
                .asString()
                .isEqualTo("[2, null]");
        assertThat(owner.run("await tab.room.post('no', { ttlSeconds: 4 });")).isEqualTo("invalid_request");
        assertThat(host.service().history(new RoomId(code), 0, 10).messages()).hasSize(3);
    }
}
