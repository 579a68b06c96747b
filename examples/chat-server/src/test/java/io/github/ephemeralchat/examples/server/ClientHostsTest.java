package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What hosts' pages and their surroundings are like. */
class ClientHostsTest extends InTabs {

    private static final Path CLIENT = Path.of(
            System.getProperty("project.root"),
            "ephemeral-chat-sse/src/main/resources/META-INF/resources/ephemeral-chat");

    @Test
    void cookieThatWasNotTakenHere_opensNoRoom() {
        Membership eve = host.service().createRoom(RoomOptions.defaults(), Identity.named("Eve"));
        String code = eve.room().id().value();
        Tab tab = tab(host.uri());
        tab.run("document.cookie = `ephemeral-chat=${args[1]}; path=/chat/rooms/${args[0]}`;", code, eve.token());
        assertThat(tab.run("return (await fetch(`/chat/rooms/${args[0]}`)).status;", code))
                .isEqualTo(200L);
        assertThat(tab.run("await tab.chat.open(args[0]);", code)).isEqualTo("unauthorized");
        tab.joins(code, "Ada");
        assertThat(tab.run("return tab.room.me.name;")).isEqualTo("Ada");
        tab.reload();
        assertThat(tab.run("return (await tab.chat.open(args[0])).me.name;", code))
                .isEqualTo("Ada");
    }

    @Test
    void twoJoinsAtOnce_takeOneSeat() {
        Membership eve = host.service().createRoom(RoomOptions.defaults(), Identity.named("Eve"));
        String code = eve.room().id().value();
        Tab tab = tab(host.uri());
        assertThat(tab.run("""
                const given = new AbortController();
                const first = tab.chat.join(args[0], { signal: given.signal }).catch(({ name }) => name);
                given.abort();
                const [second, third] = await Promise.all([tab.chat.join(args[0]), tab.chat.join(args[0])]);
                return [await first, second.me.id === third.me.id];""", code)).isEqualTo(List.of("AbortError", true));
        assertThat(host.service().participants(eve.room().id())).hasSize(2);
    }

    @Test
    void objectsBehindProxies_workAsTheyDoWithoutThem() {
        Tab tab = tab(host.uri());
        assertThat(tab.run("""
                const chat = new Proxy(tab.chat, {});
                const room = new Proxy(await chat.create({ name: "Ada" }), {});
                const said = new Promise((resolve) => room.addEventListener("message", ({ detail }) => resolve(detail.text)));
                room.start();
                await room.post("x");
                return [await said, room.me.name, room.participants.length, room instanceof tab.Room];""")).isEqualTo(List.of("x", "Ada", 1L, true));
    }

    @Test
    void hostsHeadersAndFetch_areAskedForEachRequest() {
        Tab tab = tab(host.uri());
        assertThat(tab.run("""
                const seen = [];
                let asked = 0;
                const chat = new tab.EphemeralChat("/chat", {
                  fetch: (url, request) => {
                    seen.push([request.method, request.headers.get("X-Tenant"), request.credentials]);
                    return fetch(url, request);
                  },
                  headers: async () => ({ Authorization: "Bearer the-hosts-own", "X-Tenant": `t${++asked}` }),
                  credentials: () => "omit",
                });
                const room = await chat.create({ name: "Ada" });
                await room.post("x");
                return [seen.length === asked, seen.every(([, tenant, how], i) => tenant === `t${i + 1}` && how === "omit"), room.token !== null];""")).isEqualTo(List.of(true, true, true));
    }

    @Test
    void browserThatLosesItsCookies_keepsTheSeatInTheTab() {
        Tab tab = tab(host.uri());
        Ben ben = Ben.joins(host, tab.creates());
        tab.seesConnection("live");
        assertThat(tab.run("return tab.room.token;")).isNull();
        tab.clearCookies();
        tab.posts("still here");
        assertThat(tab.run("return tab.room.token !== null;")).isEqualTo(true);
        assertThat(ben.history()).containsExactly("still here");
        assertThat(tab.run("return tab.end;")).isNull();
    }

    /** The second answer comes when the first one has already put the token to use. */
    @Test
    void callsAtOnceInABrowserThatLosesItsCookies_allSucceed() {
        Tab tab = tab(host.uri());
        tab.creates();
        tab.seesConnection("live");
        tab.clearCookies();
        tab.run("await Promise.all(['x-one', 'x-two', 'x-three'].map((name) => tab.room.setProperty(name, 'set')));");
        assertThat(tab.run("return ['x-one', 'x-two', 'x-three'].map((name) => tab.room.properties[name]);"))
                .isEqualTo(List.of("set", "set", "set"));
    }

    /** A tab that came by the cookie has no token of its own; the one that took the seat has. */
    @Test
    void tabThatLosesItsCookies_endsNoOther() {
        Tab tab = tab(host.uri());
        Ben ben = Ben.joins(host, tab.creates());
        Tab other = tab(host.uri()).opens(ben.code());
        other.seesConnection("live");
        tab.clearCookies();
        other.run("await tab.room.post('by nobody').catch(() => {});");
        other.seesEnd("gone", false);
        tab.posts("still here");
        ben.says(said, 1);
        tab.sees(List.of("still here", said.get(0)));
        assertThat(tab.run("return tab.end;")).isNull();
    }

    @Test
    void blockedStorageAndChannels_leaveATabToItself() {
        Tab tab = tab(host.uri());
        tab.run("""
                const blocked = () => { throw new DOMException("blocked", "SecurityError"); };
                globalThis.BroadcastChannel = class { constructor() { blocked(); } };
                for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(globalThis, name, { get: blocked });""");
        Ben ben = Ben.joins(host, tab.creates());
        tab.seesConnection("live");
        ben.says(said, 1);
        tab.sees(said);
        Tab.eventually(() -> assertThat(tab.wasTold("tick")).isTrue());
        assertThat(tab.run("return (await tab.chat.open(tab.room.code)).me.name;"))
                .isEqualTo("Ada");
    }

    @Test
    void workerWithoutADocument_usesTheClient() {
        host.serve("/worker.js", """
                import { EphemeralChat } from "/ephemeral-chat/ephemeral-chat.js";
                const room = await new EphemeralChat("/chat").create({ name: "Worker" });
                room.addEventListener("message", ({ detail }) => postMessage({ text: detail.text, name: detail.sender.name }));
                room.start();
                await room.post("from a worker");
                """);
        Tab tab = tab(host.uri());
        assertThat(tab.run("""
                const worker = new Worker("/worker.js", { type: "module" });
                const heard = await new Promise((resolve, reject) => {
                  worker.onmessage = ({ data }) => resolve(data);
                  worker.onerror = ({ message }) => resolve(message ?? "failed");
                });
                worker.terminate();
                return heard;""")).isEqualTo(Map.of("text", "from a worker", "name", "Worker"));
    }

    @Test
    void nodeWithoutABrowser_usesTheClient(@TempDir Path folder) throws Exception {
        try (Stream<Path> files = Files.list(CLIENT)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Files.writeString(folder.resolve("package.json"), "{ \"type\": \"module\" }");
        Files.writeString(folder.resolve("main.js"), """
                import { EphemeralChat } from "./ephemeral-chat.js";
                const room = await new EphemeralChat(process.argv[2]).create({ name: "Node" });
                room.addEventListener("message", async ({ detail }) => {
                  console.log(`${detail.sender.name}: ${detail.text}`);
                  await room.destroy();
                });
                room.start();
                await room.post("from node");
                """);
        Path output = folder.resolve("output.txt");
        Process node = new ProcessBuilder("node", "main.js", host.uri() + "/chat")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(output)).isEqualTo("Node: from node\n");
        } finally {
            node.destroy();
        }
    }
}
