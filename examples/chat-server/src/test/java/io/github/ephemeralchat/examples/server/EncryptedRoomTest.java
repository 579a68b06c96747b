package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ephemeralchat.examples.server.SealedStrings.Place;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A room whose texts and names are in the clear for its pages, and for nobody else. */
class EncryptedRoomTest extends InEncryptedRooms {

    @Test
    void pagesSeeNamesTitleAndTexts_andTheServerNone() {
        Tab ada = owner(Map.of("passcode", PASSCODE, "properties", Map.of("title", "Tickets")));
        assertThat(linkOf(ada)).matches(host.uri() + "/room/" + codeOf(ada) + "#k=[A-Za-z0-9_-]{43}&p");
        Tab ben = guest(ada, "Ben \ud83d\udd6f");
        names(ada, "Ada", "Ben \ud83d\udd6f");
        names(ben, "Ada", "Ben \ud83d\udd6f");
        ada.posts("hello \ud83d\ude00");
        ben.posts("x".repeat(4_000));
        for (Tab each : tabs) {
            hears(each, heard("Ada", "hello \ud83d\ude00", false), heard("Ben \ud83d\udd6f", "x".repeat(4_000), false));
            assertThat(each.run("const { encrypted, properties } = tab.room; return [encrypted, properties.title];"))
                    .isEqualTo(List.of(true, "Tickets"));
        }
        ada.run("await tab.room.setProperty('title', 'Friday');");
        Tab.eventually(() -> assertThat(ben.run("return tab.room.properties;")).isEqualTo(Map.of("title", "Friday")));
        ben.run("await tab.room.leave();");

        // Who comes later reads what was said, under the names of who has left.
        Tab cleo = guest(ada, "Cleo");
        hears(cleo, heard("Ada", "hello \ud83d\ude00", false), heard("Ben \ud83d\udd6f", "x".repeat(4_000), false));
        assertThat(stored(ada)).hasSize(2).allMatch(text -> text.matches(OPAQUE));
        Room room = host.service().findRoom(new RoomId(codeOf(ada))).orElseThrow();
        assertThat(room.encrypted()).isTrue();
        assertThat(room.properties().get("title")).matches(OPAQUE);
        assertThat(host.service().participants(room.id()))
                .allSatisfy(each -> assertThat(each.profile()).matches(OPAQUE))
                .extracting(each -> each.identity().name())
                .doesNotContain("Ada", "Cleo");
    }

    @Test
    void tabComesBackAfterAReload_andAnotherTabGetsTheKeyFromIt() {
        Tab first = owner();
        String code = codeOf(first);
        first.posts("one");
        Tab second = tab(host.uri()).opens(code);
        second.posts("two");
        for (Tab each : tabs) {
            hears(each, heard("Ada", "one", false), heard("Ada", "two", false));
            each.seesConnection("live");
        }
        // What the leading tab relays is sealed, and each opens it.
        // The server sees that a tab has closed its own stream once it writes there: two heartbeats later, if nobody
        // speaks.
        await().atMost(Duration.ofSeconds(45))
                .untilAsserted(() -> assertThat(host.streams()).isEqualTo(1));
        first.posts("three");
        second.sees(List.of("one", "two", "three"));
        closes(second);
        first.reload();
        first.opens(code).sees(List.of("one", "two", "three"));
        assertThat(linkOf(first)).contains("#k=");
    }

    @Test
    void tabWithoutTheKey_opensNothing() {
        Tab first = owner();
        String code = codeOf(first);
        String link = linkOf(first);
        first.posts("one");
        Tab second = tab(host.uri());
        first.run("tab.room.close();");
        assertThat(second.run("return tab.follow(await tab.chat.open(args[0]));", code))
                .isEqualTo("key_required");
        String other = link.replaceFirst("#k=.", link.contains("#k=A") ? "#k=B" : "#k=A");
        assertThat(second.run("await tab.chat.open(args[0], { key: args[1] });", code, other))
                .isEqualTo("wrong_key");
        assertThat(second.run("return tab.follow(await tab.chat.open(args[0], { key: args[1] }));", code, link))
                .isEqualTo(code);
        second.posts("two");
        hears(second, heard("Ada", "one", false), heard("Ada", "two", false));
    }

    @Test
    void codeAlone_wrongKeyAndWrongPasscode_takeNoSeat() {
        Tab ada = owner(Map.of("passcode", PASSCODE));
        String code = codeOf(ada);
        String link = linkOf(ada);
        Tab eve = tab(host.uri());
        String join = "await tab.chat.join(args[0], args[1]);";
        String other = link.replaceFirst("#k=.", link.contains("#k=A") ? "#k=B" : "#k=A");
        assertThat(eve.run(join, code, Map.of())).isEqualTo("key_required");
        assertThat(eve.run(join, code, Map.of("passcode", PASSCODE))).isEqualTo("key_required");
        assertThat(eve.run(join, code, Map.of("key", link))).isEqualTo("passcode_required");
        assertThat(eve.run(join, code, Map.of("key", link, "passcode", "hunter2")))
                .isEqualTo("wrong_proof");
        assertThat(eve.run(join, code, Map.of("key", other, "passcode", PASSCODE)))
                .isEqualTo("wrong_proof");
        assertThat(eve.run(join, code, Map.of("key", link.replace("&p", "")))).isEqualTo("wrong_proof");
        for (String bad : List.of("k3J9xQ2b", link.replaceFirst("#k=.", "#k="), link + "&j=x", link + "&k=x", "#p")) {
            assertThat(eve.run(join, code, Map.of("key", bad, "passcode", PASSCODE)))
                    .as(bad)
                    .isEqualTo("invalid_key");
        }
        names(ada, "Ada");
        // The 43 characters are enough for whoever types them in.
        String key = link.replaceFirst(".*#k=", "").replace("&p", "");
        assertThat(eve.run(
                        "return (await tab.chat.join(args[0], args[1])).me.name;",
                        code,
                        Map.of("key", key, "passcode", PASSCODE, "name", "Eve")))
                .isEqualTo("Eve");
    }

    @Test
    void whatTheServerCannotJudge_theClientRefuses() {
        Tab ada = owner();
        assertThat(ada.run("await tab.room.post(' ');")).isEqualTo("invalid_text");
        assertThat(ada.run("await tab.room.post('x'.repeat(4001));")).isEqualTo("invalid_text");
        assertThat(ada.run("await tab.room.post('\\ud83d');")).isEqualTo("invalid_text");
        assertThat(ada.run("await tab.room.setProperty('title', 'x'.repeat(317));"))
                .isEqualTo("invalid_property");
        assertThat(ada.run("await tab.room.setProperty('invite', 'x');")).isEqualTo("invalid_property");
        ada.run("await tab.room.setProperty('title', 'x'.repeat(316));");
        assertThat(ada.run("await tab.chat.create({ encrypted: true, name: '\\u202eadA' });"))
                .isEqualTo("invalid_name");
        assertThat(ada.run("await tab.room.admission({ passcode: 'other' });")).isEqualTo("encrypted_room");
        assertThat(ada.run("await tab.room.admission({ proof: null });")).isEqualTo("encrypted_room");
        assertThat(ada.run("""
                Object.defineProperty(crypto, "subtle", { value: undefined });
                await tab.chat.create({ encrypted: true });""")).isEqualTo("insecure_origin");
        assertThat(stored(ada)).isEmpty();
    }

    @Test
    void keyIsForgottenWhenTheRoomEnds_andTakenOutOfTheAddress() {
        String kept = "return Object.keys(sessionStorage).filter((each) => each.includes('key'));";
        Tab ada = owner();
        Tab ben = guest(ada, "Ben");
        Tab visitor = tab(host.uri().resolve("/?x=1#" + linkOf(ada).replaceFirst(".*#", "")));
        assertThat(visitor.run("const key = tab.takeKey(); return [key, location.href, tab.takeKey()];"))
                .isEqualTo(Arrays.asList(linkOf(ada).replaceFirst(".*#", ""), host.uri() + "/?x=1", null));
        assertThat((List<?>) ben.run(kept)).hasSize(1);
        ben.run("await tab.room.leave();");
        assertThat((List<?>) ben.run(kept)).isEmpty();
        assertThat(ben.run("return tab.room.link('/');")).isEqualTo("ended");
        assertThat((List<?>) ada.run(kept)).hasSize(1);
        host.service().asHost(new RoomId(codeOf(ada))).destroy();
        ada.seesEnd("destroyed", false);
        assertThat((List<?>) ada.run(kept)).isEmpty();
    }

    @Test
    void postThatIsRepeated_hasTheSameBytes() {
        Tab ada = owner();
        assertThat(ada.run("""
                const bodies = [];
                const fetch = async (url, request) => {
                  if (!url.endsWith("/messages")) return globalThis.fetch(url, request);
                  bodies.push(request.body);
                  const answer = await globalThis.fetch(url, request);
                  if (bodies.length < 3) throw new TypeError("lost");
                  return answer;
                };
                const room = await new tab.EphemeralChat("/chat", { fetch }).create({ encrypted: true });
                const id = tab.newMessageId();
                await room.post("once", { id });
                await room.post("once", { id });
                return [bodies.length, new Set(bodies).size];""")).isEqualTo(List.of(4L, 1L));
    }

    @Test
    void whatDoesNotOpen_isToldAsSuch_andBreaksNothing() {
        Tab ada = owner();
        byte[] tag = SealedMember.newTag();
        SealedMember ben = SealedMember.joins(host.uri(), codeOf(ada), linkOf(ada), tag, "Ben");
        Tab elsewhere = tab(host.uri());
        elsewhere.run(CREATE, Map.of());
        elsewhere.posts("in another room");
        ada.posts("before");
        ben.posts("m1", stored(elsewhere).get(0));
        ben.posts("m2", stored(ada).get(0));
        ben.posts("m3", ben.seals(tag, "another", "of another message"));
        ben.posts("m4", ben.seals(new Place("entry", codeOf(ada), ben.id(), "m4"), tag, "an entry"));
        ben.posts("m5", "ec1.AAAA");
        ben.posts("m6", "in-the-clear");
        ben.says(tag, "m7", "after");
        hears(ada, heard("Ada", "before", false), heard("Ben", "after", false));
        assertThat(
                        ada.run(
                                "return tab.told.filter(({ type }) => type === 'unreadable').map(({ detail }) => [detail.id, detail.sender.name, Object.keys(detail).includes('text')]);"))
                .isEqualTo(List.of(
                        List.of("m1", "Ben", false),
                        List.of("m2", "Ben", false),
                        List.of("m3", "Ben", false),
                        List.of("m4", "Ben", false),
                        List.of("m5", "Ben", false),
                        List.of("m6", "Ben", false)));
        ada.posts("and on");
    }

    /** The server, which judges texts elsewhere, does not see it. */
    @Test
    void whatOpensAndIsNoText_isToldAsSuch() {
        Tab ada = owner();
        byte[] tag = SealedMember.newTag();
        SealedMember ben = SealedMember.joins(host.uri(), codeOf(ada), linkOf(ada), tag, "Ben");
        String longest = "\ud83d\udd6f".repeat(4_000);
        ben.says(tag, "m1", "x".repeat(4_001));
        ben.says(tag, "m2", "\u200b \n");
        ben.says(tag, "m3", "");
        ben.says(tag, "m4", longest);
        hears(ada, heard("Ben", longest, false));
        assertThat(
                        ada.run(
                                "return tab.told.filter(({ type }) => type === 'unreadable').map(({ detail }) => [detail.id, detail.sender.name, Object.keys(detail).includes('text')]);"))
                .isEqualTo(
                        List.of(List.of("m1", "Ben", false), List.of("m2", "Ben", false), List.of("m3", "Ben", false)));
    }

    @Test
    void wordsUnderAnothersTag_areMarked() {
        Tab ada = owner();
        byte[] ofBen = SealedMember.newTag();
        byte[] ofCleo = SealedMember.newTag();
        SealedMember ben = SealedMember.joins(host.uri(), codeOf(ada), linkOf(ada), ofBen, "Ben");
        SealedMember cleo = SealedMember.joins(host.uri(), codeOf(ada), linkOf(ada), ofCleo, "Cleo");
        SealedMember nobody = SealedMember.joins(host.uri(), codeOf(ada), linkOf(ada), "ec1.AAAA");
        ben.says(ofBen, "m1", "mine");
        // As if the server had given Cleo's seat what Ben has written.
        cleo.says(ofBen, "m2", "not mine");
        cleo.says(ofCleo, "m3", "mine");
        cleo.says(SealedMember.newTag(), "m5", "nobody's");
        nobody.says(ofBen, "m4", "whose?");
        String handle = String.valueOf(ada.run("return tab.room.participants.at(-1).name;"));
        assertThat(handle).isNotIn("Ada", "Ben", "Cleo");
        hears(
                ada,
                heard("Ben", "mine", false),
                heard("Cleo", "not mine", true),
                heard("Cleo", "mine", false),
                heard("Cleo", "nobody's", true),
                heard(handle, "whose?", false));
    }

    @Test
    void twoSeatsWithOneTag_allButTheFirstAreMarked() {
        Tab ada = owner();
        byte[] tag = SealedMember.newTag();
        SealedMember ben = SealedMember.joins(host.uri(), codeOf(ada), linkOf(ada), tag, "Ben");
        String profile = host.service().participants(new RoomId(codeOf(ada))).stream()
                .filter(each -> !each.owner())
                .findFirst()
                .orElseThrow()
                .profile();
        SealedMember copy = SealedMember.joins(host.uri(), codeOf(ada), linkOf(ada), profile);
        ben.says(tag, "m1", "I am Ben");
        copy.says(tag, "m2", "so am I");
        Object[] expected = {heard("Ben", "I am Ben", false), heard("Ben", "so am I", true)};
        Object mixedUp = List.of(false, false, true);
        String marks = "return tab.room.participants.map(({ mixedUp }) => mixedUp ?? false);";
        hears(ada, expected);
        assertThat(ada.run(marks)).isEqualTo(mixedUp);
        // Also for who comes later, and when the first has left.
        assertThat(ben.http()
                        .send("DELETE", "/rooms/" + codeOf(ada) + "/participants/me", ben.token(), null)
                        .status())
                .isEqualTo(204);
        Tab cleo = guest(ada, "Cleo");
        hears(cleo, expected);
    }

    @Test
    void serverThatCallsTheRoomPlain_getsNoPlainText() {
        Tab ada = owner();
        String code = codeOf(ada);
        ada.reload();
        assertThat(ada.run("""
                const fetch = async (url, request) => {
                  const answer = await globalThis.fetch(url, request);
                  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return answer;
                  const body = (await answer.text()).replace('"encrypted":true', '"encrypted":false');
                  return new Response(body, { status: answer.status, headers: answer.headers });
                };
                tab.chat = new tab.EphemeralChat("/chat", { fetch });
                tab.follow(await tab.chat.open(args[0]));
                await tab.room.post("hello");
                return tab.room.encrypted;""", code)).isEqualTo(true);
        assertThat(stored(ada)).allMatch(text -> text.matches(OPAQUE));
        ada.run("tab.room.close(); sessionStorage.clear();");
        ada.reload();
        assertThat(ada.run("await tab.chat.open(args[0]);", code)).isEqualTo("key_required");
    }

    @Test
    void whoeverIsRemoved_hasALinkThatIsVoid_andMembersGetTheNewOne() {
        Tab ada = owner(Map.of("passcode", PASSCODE));
        String code = codeOf(ada);
        String old = linkOf(ada);
        Tab ben = guest(ada, "Ben");
        Tab cleo = guest(ada, "Cleo");
        names(ada, "Ada", "Ben", "Cleo");
        ada.run("await tab.room.remove(tab.room.participants.find(({ name }) => name === 'Ben').id);");
        ben.seesEnd("left", false);
        names(ada, "Ada", "Cleo");
        String renewed = linkOf(ada);
        assertThat(renewed)
                .matches(".*#k=[A-Za-z0-9_-]{43}&p&j=[A-Za-z0-9_-]{22}")
                .startsWith(old);
        Tab.eventually(() -> assertThat(linkOf(cleo)).isEqualTo(renewed));
        assertThat(joins(ben, code, old, "Ben")).isEqualTo("wrong_proof");
        assertThat(ben.run("await tab.chat.join(args[0], { key: args[1] });", code, renewed))
                .isEqualTo("passcode_required");
        assertThat(ben.run("await tab.chat.join(args[0], { key: args[1], passcode: 'x' });", code, renewed))
                .isEqualTo("wrong_proof");
        Tab dan = tab(host.uri());
        assertThat(joins(dan, code, renewed, "Dan")).isEqualTo(code);
        assertThat(linkOf(dan)).isEqualTo(renewed);
        assertThat(dan.run("return Object.keys(tab.room.properties);")).isEqualTo(List.of());
        assertThat(cleo.run("return tab.told.filter(({ type }) => type === 'property').length;"))
                .isEqualTo(0L);
        assertThat(cleo.run("await tab.room.remove(tab.room.participants[0].id);"))
                .isEqualTo("forbidden");
        assertThat(linkOf(cleo)).isEqualTo(renewed);
    }

    @Test
    void answerThatComesLate_doesNotBringTheVoidLinkBack() {
        Tab ada = owner();
        guest(ada, "Ben");
        guest(ada, "Dan");
        names(ada, "Ada", "Ben", "Dan");
        String remove = "await tab.room.remove(tab.room.participants.find(({ name }) => name === args[0]).id);";
        ada.run(remove, "Ben");
        Tab cleo = tab(host.uri());
        cleo.run("""
                let asked = 0;
                const fetch = tab.holding((method, path) => method === "GET" && /rooms[/][^/]+$/.test(path) && ++asked === 2 && "room");
                tab.follow(await new tab.EphemeralChat("/chat", { fetch }).join(args[0], { key: args[1], name: "Cleo" }));
                await tab.isHeld("room");""", codeOf(ada), linkOf(ada));
        ada.run(remove, "Dan");
        Tab.eventually(() -> assertThat(linkOf(cleo)).isEqualTo(linkOf(ada)));
        cleo.run("""
                const answered = new Promise((resolve) => tab.room.addEventListener("participants", resolve, { once: true }));
                tab.held.room();
                await answered;""");
        assertThat(linkOf(cleo)).isEqualTo(linkOf(ada));
    }

    @Test
    void removalsAtOnce_removeEach() {
        Tab ada = owner();
        Tab ben = guest(ada, "Ben");
        Tab cleo = guest(ada, "Cleo");
        names(ada, "Ada", "Ben", "Cleo");
        String old = linkOf(cleo);
        ada.run("""
                const others = tab.room.participants.filter(({ name }) => name !== "Ada");
                await Promise.all(others.map(({ id }) => tab.room.remove(id)));""");
        ben.seesEnd("left", false);
        cleo.seesEnd("left", false);
        names(ada, "Ada");
        assertThat(joins(tab(host.uri()), codeOf(ada), old, "Cleo")).isEqualTo("wrong_proof");
        assertThat(joins(tab(host.uri()), codeOf(ada), linkOf(ada), "Dan")).isEqualTo(codeOf(ada));
    }

    @Test
    void keyOfARoomInWhichThisBrowserHasNoSeat_isForgotten() {
        Tab ada = owner();
        String code = codeOf(ada);
        ada.run("tab.room.close(); localStorage.clear();");
        ada.reload();
        assertThat(ada.run("await tab.chat.open(args[0]);", code)).isEqualTo("unauthorized");
        assertThat(ada.run("return Object.keys(sessionStorage).filter((key) => key.includes('key '));"))
                .isEqualTo(List.of());
    }

    /** The page may be closed, or the network be gone, before each of the three steps. */
    @Test
    void removalThatStopsHalfWay_isFinishedByTheNextPage() {
        for (String lost : List.of("PUT /admission", "DELETE /participants", "PUT /properties")) {
            Tab ada = owner();
            String code = codeOf(ada);
            String old = linkOf(ada);
            SealedMember ben = SealedMember.joins(host.uri(), code, old, SealedMember.newTag(), "Ben");
            ada.run("tab.room.close();");
            assertThat(ada.run("""
                    const [method, path] = args[1].split(" ");
                    const fetch = async (url, request) => {
                      if (request.method === method && url.includes(path)) throw new TypeError("lost");
                      return globalThis.fetch(url, request);
                    };
                    const room = await new tab.EphemeralChat("/chat", { fetch }).open(args[0]);
                    await room.remove(args[2]);""", code, lost, ben.id())).as(lost).isEqualTo("network");
            assertThat(ben.isStillThere()).isEqualTo(!lost.contains("properties"));
            ada.reload();
            ada.opens(code);
            Tab.eventually(() -> assertThat(linkOf(ada)).contains("&j="));
            assertThat(ben.isStillThere()).isFalse();
            assertThat(host.service()
                            .findRoom(new RoomId(code))
                            .orElseThrow()
                            .properties()
                            .get("invite"))
                    .matches(OPAQUE);
            assertThat(joins(tab(host.uri()), code, old, "Ben")).isEqualTo("wrong_proof");
            assertThat(joins(tab(host.uri()), code, linkOf(ada), "Dan")).isEqualTo(code);
        }
    }
}
