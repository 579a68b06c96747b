package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.examples.server.SealedStrings.Place;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.testsupport.Answer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In an encrypted room: cues, entries, messages that are deleted or claimed. Ben has the link and no browser. */
class EncryptedSignalsTest extends InTabs {

    private static final String CREATE =
            "return tab.follow(await tab.chat.create({ encrypted: true, name: 'Ada', signals: ['typing'] }));";
    private static final String TOLD =
            "return tab.told.filter(({ type }) => args.includes(type)).map(({ detail }) => [detail.kind ?? 'message', detail.sender.name, detail.body ?? detail.text ?? detail.forgotten ?? `${detail.claims?.left} left`]);";
    private static final String OPAQUE = "ec1\\.[A-Za-z0-9_-]+";

    private final byte[] tag = SealedMember.newTag();

    private Tab ada() {
        Tab tab = tab(host.uri());
        tab.run("""
                tab.sent = [];
                const { fetch } = globalThis;
                globalThis.fetch = async (url, request) => {
                  const answer = await fetch(url, request);
                  if (answer.ok && /\\/(cues|entries)$/.test(url)) tab.sent.push(JSON.parse(request.body));
                  return answer;
                };""");
        tab.run(CREATE);
        tab.seesConnection("live");
        return tab;
    }

    private static String code(Tab tab) {
        return String.valueOf(tab.run("return tab.room.code;"));
    }

    private static String link(Tab tab) {
        return String.valueOf(tab.run("return tab.room.link('/');"));
    }

    private SealedMember ben(Tab ada) {
        return SealedMember.joins(host.uri(), code(ada), link(ada), tag, "Ben");
    }

    private Tab guest(Tab ada, String name) {
        Tab tab = tab(host.uri());
        tab.run(
                "return tab.follow(await tab.chat.join(args[0], { key: args[1], name: args[2] }));",
                code(ada),
                link(ada),
                name);
        tab.seesConnection("live");
        return tab;
    }

    private static void isTold(Tab tab, String type, Object... expected) {
        Tab.eventually(() -> assertThat(tab.run(TOLD, type)).isEqualTo(Arrays.asList(expected)));
    }

    private static void sends(SealedMember ben, String path, String kind, String more, String sealed) {
        Answer answer = ben.http()
                .send(
                        "POST",
                        "/rooms/" + ben.room() + path,
                        ben.token(),
                        "{\"kind\":\"" + kind + "\"," + more + "\"body\":\"" + sealed + "\"}");
        assertThat(answer.status()).isIn(201, 204);
    }

    private String cue(SealedMember ben, String kind, String text) {
        return ben.seals(new Place("cue", ben.room(), ben.id(), kind), tag, text);
    }

    private String entry(SealedMember ben, String id, String text) {
        return ben.seals(new Place("entry", ben.room(), ben.id(), id), tag, text);
    }

    @Test
    void cues_areSealed_andOnesThatDoNotOpenSayNothing() {
        Tab ada = ada();
        SealedMember ben = ben(ada);
        Tab cleo = guest(ada, "Cleo");
        ada.run("await tab.room.cue('x-cursor', '3,4'); tab.room.keystroke();");
        isTold(cleo, "cue", List.of("x-cursor", "Ada", "3,4"));
        Tab.eventually(() -> assertThat(cleo.run("return tab.room.typing.map(({ name }) => name);"))
                .isEqualTo(List.of("Ada")));
        assertThat((List<?>) ada.run("return tab.sent.map(({ body }) => body);"))
                .hasSize(2)
                .allSatisfy(body -> assertThat(body).asString().matches(OPAQUE));

        // Of another kind, and not sealed at all; then one that opens.
        sends(ben, "/cues", "typing", "", cue(ben, "x-cursor", ""));
        sends(ben, "/cues", "x-mood", "", "in-the-clear");
        sends(ben, "/cues", "x-cursor", "", cue(ben, "x-cursor", "5,6"));
        isTold(ada, "cue", List.of("x-cursor", "Ben", "5,6"));
        assertThat(ada.run("return [tab.room.typing.length, tab.told.some(({ type }) => type === 'unreadable')];"))
                .isEqualTo(List.of(0L, false));
        ada.run("await tab.room.cue('x-cursor', 'x'.repeat(300));");
        assertThat(ada.run("await tab.room.cue('x-cursor', 'x'.repeat(301));")).isEqualTo("invalid_body");
    }

    @Test
    void entries_areSealed_forTheirKindAndId() {
        Tab ada = ada();
        SealedMember ben = ben(ada);
        Tab cleo = guest(ada, "Cleo");
        String posts =
                "const { kind, body, sender } = await tab.room.postEntry('x-vote', 'tea \ud83c\udf75', { id: 'v1' }); return [kind, body, sender.name];";
        Object tea = List.of("x-vote", "Ada", "tea \ud83c\udf75");
        assertThat(ada.run(posts)).isEqualTo(List.of("x-vote", "tea \ud83c\udf75", "Ada"));
        assertThat(ada.run(posts)).isEqualTo(List.of("x-vote", "tea \ud83c\udf75", "Ada"));
        List<?> bodies = (List<?>) ada.run("return tab.sent.map(({ body }) => body);");
        assertThat(bodies)
                .hasSize(2)
                .allSatisfy(body -> assertThat(body).asString().matches(OPAQUE));
        assertThat(bodies.get(1)).isEqualTo(bodies.get(0));
        sends(ben, "/entries", "x-vote", "\"id\":\"e1\",", entry(ben, "x-vote e1", "coffee"));
        sends(ben, "/entries", "x-vote", "\"id\":\"e2\",", entry(ben, "x-vote e1", "of another id"));
        sends(ben, "/entries", "x-vote", "\"id\":\"e3\",", ben.seals(tag, "e3", "a message"));
        Object coffee = List.of("x-vote", "Ben", "coffee");
        for (Tab each : List.of(ada, cleo, guest(ada, "Dan"))) {
            isTold(each, "entry", tea, coffee);
            assertThat(
                            each.run(
                                    "return tab.told.filter(({ type }) => type === 'unreadable').map(({ detail }) => [detail.kind, detail.id, detail.sender.name]);"))
                    .isEqualTo(List.of(List.of("x-vote", "e2", "Ben"), List.of("x-vote", "e3", "Ben")));
        }
        ada.run("await tab.room.postEntry('x-vote', 'x'.repeat(2796));");
        assertThat(ada.run("await tab.room.postEntry('x-vote', 'x'.repeat(2797));"))
                .isEqualTo("invalid_body");
        assertThat(ada.run("await tab.room.postEntry('x-vote', '');")).isEqualTo("invalid_body");
        // What the host says is in the clear, in every room.
        host.service().asHost(new RoomId(code(ada))).postEntry("x-vote", "milk", "h1");
        Tab.eventually(() -> assertThat(String.valueOf(cleo.run(TOLD, "entry"))).endsWith("milk]]"));
    }

    @Test
    void deletedMessagesAndEntries_areGoneForAll() {
        Tab ada = ada();
        Tab cleo = guest(ada, "Cleo");
        ada.run("tab.first = await tab.room.post('a mistake'); tab.vote = await tab.room.postEntry('x-vote', 'tea');");
        isTold(cleo, "message", List.of("message", "Ada", "a mistake"));
        isTold(cleo, "entry", List.of("x-vote", "Ada", "tea"));
        assertThat(cleo.run("await tab.room.forget(tab.told.find(({ type }) => type === 'message').detail.sequence);"))
                .isEqualTo("forbidden");
        ada.run("await tab.room.forget(tab.first.sequence); await tab.room.forget(tab.vote.sequence);");
        for (Tab each : tabs) {
            Tab.eventually(() -> assertThat(
                            each.run(
                                    "return tab.told.filter(({ type }) => type === 'forgotten').map(({ detail }) => detail.reason);"))
                    .isEqualTo(List.of("deleted", "deleted")));
        }
        Tab dan = guest(ada, "Dan");
        isTold(dan, "message", List.of("message", "Ada", "deleted"));
        isTold(dan, "entry", List.of("x-vote", "Ada", "deleted"));
        assertThat(dan.wasTold("unreadable")).isFalse();
    }

    @Test
    void messageToClaim_opensForWhoeverTakesIt() {
        Tab ada = ada();
        Tab cleo = guest(ada, "Cleo");
        Object sent = ada.run(
                "const { sequence, text, claims } = await tab.room.post('for one of you', { claims: 1 }); tab.sequence = sequence; return [text ?? null, claims.left];");
        assertThat(sent).asString().isEqualTo("[null, 1]");
        isTold(cleo, "message", List.of("message", "Ada", "1 left"));
        String claim =
                "const { text, sender } = await tab.room.claim(tab.told.find(({ type }) => type === 'message').detail.sequence); return [text, sender.name];";
        assertThat(cleo.run(claim)).isEqualTo(List.of("for one of you", "Ada"));
        assertThat(cleo.run(claim)).isEqualTo(List.of("for one of you", "Ada"));
        Tab dan = guest(ada, "Dan");
        isTold(dan, "message", List.of("message", "Ada", "claimed"));
        assertThat(dan.run(claim)).isEqualTo("forgotten");
        Tab.eventually(() -> assertThat(ada.wasTold("forgotten")).isTrue());
    }
}
