package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.testsupport.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/BROWSER.md shows is run as it stands there, and the declarations say what the module has. */
class ClientDocsTest extends InTabs {

    private static final String CLIENT = "/META-INF/resources/ephemeral-chat/ephemeral-chat";
    private static final String ELSEWHERE = "https://chat.example.org";

    private final String doc = read();
    private final List<String> blocks =
            all("(?s)```js\n(.*?)```", doc).map(block -> block.group(1)).toList();

    private static String read() {
        try {
            return Files.readString(Path.of(System.getProperty("project.root"), "docs", "BROWSER.md"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<MatchResult> all(String regex, String text) {
        return Pattern.compile(regex).matcher(text).results();
    }

    /** A page of that script alone; the room is left where the test finds it. */
    private Tab page(String script, String fragment) {
        String policy = all("Content-Security-Policy: (.*)", doc)
                .findFirst()
                .orElseThrow()
                .group(1);
        host.setPolicy(policy.replace("connect-src 'self'", "connect-src 'self' http://127.0.0.1:*"));
        host.serve("/doc.js", script + "\nglobalThis.tab = { room: globalThis.room, ChatError: Error };\n");
        host.serve("/doc", "<!doctype html><script type='module' src='/doc.js'></script><body></body>");
        return tab(host.uri().resolve("/doc" + fragment));
    }

    private static String withRoom(String script) {
        return script.replace("const room =", "const room = globalThis.room =");
    }

    private static void shows(Tab tab, String text) {
        Tab.eventually(() -> assertThat((String) tab.run("return document.body.textContent;"))
                .contains(text));
    }

    private static RoomId roomOf(Tab tab) {
        return new RoomId(String.valueOf(tab.run("return tab.room.code;")));
    }

    @Test
    void thereAreAsManyBlocksAsAreRunHere() {
        assertThat(all("```", doc)).hasSize(2 * 18);
        assertThat(blocks).hasSize(13);
    }

    @Test
    void theFirstCreatesARoomAndTellsItsEnd() {
        Tab tab = page(withRoom(blocks.get(0)), "");
        shows(tab, "Ada: hello");
        Ben ben = Ben.joins(host, roomOf(tab).value());
        ben.says("hi");
        shows(tab, "Ben: hi");
        ben.destroys();
        shows(tab, "The room is over: destroyed");
    }

    @Test
    void theSecondJoinsAndComesBackToItsSeat() {
        EphemeralChatService service = host.service();
        Membership ada = service.createRoom(RoomOptions.defaults(), Identity.named("Ada"));
        service.as(ada.room().id(), ada.token()).post("welcome");
        Tab tab = page(blocks.get(1), "#" + ada.room().id().value());
        shows(tab, "welcome");
        tab.reload();
        shows(tab, "welcome");
        assertThat(service.participants(ada.room().id())).hasSize(2);
        shows(page(blocks.get(1), "#k3J9xQ2b"), "There is no such room.");
    }

    @Test
    void theThirdShowsWhoIsHereAndTheTimeThatIsLeft() {
        Tab tab = page(withRoom(blocks.get(0)) + blocks.get(2), "");
        Tab.eventually(() -> assertThat((String) tab.run("return document.querySelector('footer').textContent;"))
                .matches("live, (600|59\\d) s left, here: Ada"));
    }

    @Test
    void theFourthPostsWithAnIdOfItsOwn() {
        Tab tab = page(withRoom(blocks.get(0)) + blocks.get(3), "");
        shows(tab, "Ada: is anybody there?");
        assertThat(host.service().history(roomOf(tab), 0, 10).messages()).hasSize(2);
    }

    @Test
    void theFifthForgetsAndGivesAway() {
        Tab tab = page(withRoom(blocks.get(0)) + blocks.get(4), "");
        shows(tab, "(for 1 to read)");
        shows(tab, "(deleted)");
        assertThat((String) tab.run("return document.body.textContent;"))
                .contains("The printer wants 4711.")
                .doesNotContain("Whoever comes first.");
    }

    @Test
    void theSixthShowsWhoIsTypingAndConnected() {
        Tab ada = page(withRoom(blocks.get(5)) + "\nglobalThis.votes = votes;", "");
        shows(ada, "here: Ada; typing: ");
        Tab ben = tab(host.uri());
        ben.joins(roomOf(ada).value(), "Ben");
        ben.run("tab.room.keystroke();");
        shows(ada, "here: Ada, Ben; typing: Ben");
        assertThat(ada.run("return [...votes.values()];")).isEqualTo(List.of("tea"));
    }

    @Test
    void theSeventhSteersTheRoom() {
        Tab tab = page(withRoom(blocks.get(0)) + blocks.get(6) + "\nglobalThis.steer = steer;", "");
        Ben ben = Ben.joins(host, roomOf(tab).value());
        Membership helper = host.service().join(roomOf(tab), Identity.named("Kim"));
        Tab.eventually(() ->
                assertThat(tab.run("return tab.room.participants.length;")).isEqualTo(3L));
        tab.run(
                "const by = (name) => tab.room.participants.find((each) => each.name === name); await steer(tab.room, by('Ben'), by('Kim'));");
        assertThat(ben.isStillThere()).isFalse();
        assertThat(host.service().findRoom(roomOf(tab)).orElseThrow())
                .returns(true, Room::locked)
                .returns(Map.of("title", "Tickets for Friday"), Room::properties);
        assertThat(host.service().participants(roomOf(tab))).contains(new Participant(helper.identity(), Role.OWNER));
    }

    @Test
    void theEighthAsksForAPasscode() {
        Tab tab = page(withRoom(blocks.get(7)) + "\nObject.assign(globalThis, { come, removeAndRenew });", "");
        tab.run("tab.room.start();");
        RoomId room = roomOf(tab);
        Ben ben = Ben.joins(host, room.value(), PasscodeProof.of("heron at dawn"));
        assertThat(tab.run("return await come('Eve', 'hunter2');")).isEqualTo("Ask Ada for the passcode.");
        Tab.eventually(() ->
                assertThat(tab.run("return tab.room.participants.length;")).isEqualTo(2L));
        tab.run("await removeAndRenew(tab.room.participants.find(({ owner }) => !owner), 'magpie at noon');");
        assertThat(ben.isStillThere()).isFalse();
        assertThat(host.service().join(room, Identity.named("Ben"), PasscodeProof.of("magpie at noon")))
                .isNotNull();
    }

    @Test
    void theNinthMakesAnEncryptedRoomAndItsLink() {
        Tab ada = page(withRoom(blocks.get(8)), "");
        String code = roomOf(ada).value();
        String link = host.uri() + "/doc?room=" + code + "#k=";
        shows(ada, link);
        Tab ben = page(
                withRoom(blocks.get(8)),
                String.valueOf(ada.run("return tab.room.link('?room=' + tab.room.code);"))
                        .substring((host.uri() + "/doc").length()));
        shows(ben, link);
        assertThat(ben.run("return [location.hash, tab.room.me.name, tab.room.properties.title];"))
                .isEqualTo(List.of("", "Ben", "Tickets"));
        ada.run("await tab.room.post('hello');");
        ben.run("await tab.room.post('hi');");
        for (Tab each : List.of(ada, ben)) {
            shows(each, "Ada: hello");
            shows(each, "Ben: hi");
        }
        assertThat(host.service().history(roomOf(ada), 0, 10).messages())
                .hasSize(2)
                .noneMatch(message -> message.text().contains("hello"));
    }

    @Test
    void theTenthSendsTheHostsHeaders() {
        Tab tab = page("globalThis.session = { token: async () => 'the-hosts-own' };\n" + withRoom(blocks.get(9)), "");
        assertThat(tab.run("return tab.room.me.name;")).isEqualTo("Ada");
    }

    @Test
    void theEleventhUsesTheRoomsOfAnotherOrigin() throws Exception {
        ChatHttpSettings settings = ChatHttpSettings.builder()
                .allowedOrigins(Set.of(host.uri().toString()))
                .build();
        try (ClientHost other = ClientHost.start("127.0.0.1", MemoryRoomStore.create(), settings);
                TcpProxy way = new TcpProxy(other.uri())) {
            URI base = way.uri("127.0.0.1");
            Tab tab = page(withRoom(blocks.get(10)).replace(ELSEWHERE, base.toString()), "");
            Ben ben = Ben.joins(other, roomOf(tab).value());
            ben.says("first,");
            shows(tab, "first,");
            way.cut();
            ben.says("second");
            way.mend();
            shows(tab, "first,second");
            tab.reload();
            shows(tab, "first,second");
            assertThat(other.service().participants(roomOf(tab))).hasSize(2);
            assertThat(tab.run("return [document.cookie, tab.room.token === null];"))
                    .isEqualTo(List.of("", false));
            ben.destroys();
            Tab.eventually(() -> assertThat(tab.run("return sessionStorage.getItem('seat');"))
                    .isNull());
        }
    }

    @Test
    void theTwelfthTakesTheKeyOutOfTheAddress_andHandsItToTheElement() {
        Tab ada = page(withRoom(blocks.get(8)), "");
        // Who comes has no seat yet, in a browser of their own.
        String link = String.valueOf(ada.run("localStorage.clear(); return tab.room.link('?room=' + tab.room.code);"));
        page(blocks.get(11), link.substring((host.uri() + "/doc").length()));
        browser.click("invite-join");
        browser.seeState("live");
        assertThat(link).startsWith(browser.address() + "#k=");
        browser.click("copy-link");
        assertThat(browser.copiedText()).isEqualTo(link);
    }

    @Test
    void theThirteenthShowsTheElement_andTheTagAndTheStyleBeforeAndAfterIt() {
        Membership eve = host.service().createRoom(RoomOptions.defaults(), Identity.named("Eve"));
        Tab tab = page(blocks.get(12), "#" + eve.room().id().value());
        Tab.eventually(
                () -> assertThat(browser.attribute("composer", "placeholder")).isEqualTo("Ask us anything"));
        browser.seeState("live");
        assertThat(host.service().participants(eve.room().id()))
                .extracting(participant -> participant.identity().name())
                .containsExactly("Eve", "Ada");
        host.service().asHost(eve.room().id()).destroy();
        shows(tab, "The chat is over: destroyed");
        String tag = fenced("html");
        host.setPolicy("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'");
        host.serve("/style.css", fenced("css"));
        host.serve(
                "/tag",
                "<!doctype html><link rel='stylesheet' href='/style.css'><body></body>"
                        + tag.replace("<script", "<script src='/tab.js'></script><script"));
        host.serve("/tab.js", "globalThis.tab = { ChatError: Error };");
        Tab page = tab(host.uri().resolve("/tag"));
        Tab.eventually(() -> assertThat(browser.text("create-room")).isEqualTo("Raum anlegen"));
        assertThat(page.run("return getComputedStyle(document.querySelector('ephemeral-chat')).height;"))
                .isEqualTo(page.run("return `${innerHeight}px`;"));
    }

    private String fenced(String language) {
        return all("(?s)```" + language + "\n(.*?)```", doc)
                .findFirst()
                .orElseThrow()
                .group(1);
    }

    @Test
    void theElementHasWhatItsDeclarationsSay() throws IOException {
        String types = ClientHost.resource("/META-INF/resources/ephemeral-chat/element/ephemeral-chat-element.d.ts");
        String members = all("(?s)export class EphemeralChatElement[^{]*\\{\n(.*?)\n}\n", types)
                .findFirst()
                .orElseThrow()
                .group(1);
        Set<String> declared = all("(?m)^  (?:readonly |get |set )?(\\w+)[:(]", members)
                .map(member -> member.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        declared.remove("addEventListener");
        Tab tab = tab(host.uri());
        assertThat(tab.run("""
                const { EphemeralChatElement } = await import("/ephemeral-chat/element/ephemeral-chat-element.js");
                return Object.getOwnPropertyNames(EphemeralChatElement.prototype)
                  .filter((name) => !/constructor|Callback$/.test(name)).sort();""")).isEqualTo(List.copyOf(declared));
        String styles = String.valueOf(tab.run("""
                const { tokens } = await import("/ephemeral-chat/element/style-tokens.js");
                return [...tokens.matchAll(/--chat-[a-z-]+(?!\\d)/g)].map(([name]) => name.replace(/-$/, "")).join(" ");"""));
        for (String property : styles.split(" ", -1)) {
            assertThat(types).contains("`" + property);
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void theDeclarationsNameWhatTheModuleHasAndNothingElse() throws IOException {
        String types = ClientHost.resource(CLIENT + ".d.ts");
        Set<String> declared = new TreeSet<>();
        all("(?m)^export function (\\w+)", types).forEach(function -> declared.add(function.group(1)));
        all("(?ms)^export class (\\w+)[^{]*\\{\n(.*?)^}", types).forEach(declaration -> {
            String name = declaration.group(1);
            declared.add(name);
            all("(?m)^  (?:readonly )?(\\w+)[(:?<]", declaration.group(2))
                    .forEach(member -> declared.add(name + "." + member.group(1)));
        });
        declared.removeAll(Set.of("EphemeralChat.constructor", "ChatError.constructor"));
        Object present = tab(host.uri()).run("""
                const { EphemeralChat, Room, ChatError, newMessageId } = await import(args[0]);
                const names = Object.keys(await import(args[0]));
                const own = (name, object) => Object.getOwnPropertyNames(object).map((each) => `${name}.${each}`);
                names.push(...own("EphemeralChat", EphemeralChat.prototype), ...own("Room", Room.prototype));
                names.push(...own("ChatError", ChatError.prototype), ...own("ChatError", new ChatError("some")));
                const inherited = ["constructor", "message", "name", "stack", "removeEventListener", "dispatchEvent"];
                return names.filter((each) => !inherited.includes(each.split(".")[1]));
                """, "/ephemeral-chat/ephemeral-chat.js");
        assertThat(new TreeSet<>((List<String>) present)).isEqualTo(declared);
    }

    @Test
    void theDeclarationsNameTheEventsThatTheModuleTells() throws IOException {
        String map = all("(?s)interface RoomEventMap \\{(.*?)\n}", ClientHost.resource(CLIENT + ".d.ts"))
                .findFirst()
                .orElseThrow()
                .group(1);
        Set<String> declared = all("(?m)^  (\\w+): CustomEvent", map)
                .map(event -> event.group(1))
                .collect(Collectors.toSet());
        String table = doc.substring(doc.indexOf("| event |"), doc.indexOf("| `end` |") + 10);
        assertThat(all("(?:^\\| |\n\\| |, )`(\\w+)`", table).map(event -> event.group(1)))
                .containsAll(declared);
        String module = ClientHost.resource("/META-INF/resources/ephemeral-chat/room.js")
                + ClientHost.resource("/META-INF/resources/ephemeral-chat/room-state.js")
                + ClientHost.resource("/META-INF/resources/ephemeral-chat/cues.js")
                + ClientHost.resource("/META-INF/resources/ephemeral-chat/messages.js")
                + ClientHost.resource("/META-INF/resources/ephemeral-chat/facts.js");
        assertThat(all("(?:#emit|#tell|on\\.tell)\\(\"(\\w+)\"", module).map(event -> event.group(1)))
                .isNotEmpty()
                .isSubsetOf(declared);
        assertThat(declared)
                .allSatisfy(event -> assertThat(module).containsPattern("\"" + event + "\"|\n  " + event + ": \\("));
    }
}
