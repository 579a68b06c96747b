package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.RedisProcess;
import io.github.ephemeralchat.testsupport.TcpProxy;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two people talk in two browsers, once in a plain room and once in an encrypted one. What they write, and what they and
 * the room are called, is then looked for wherever it could be: the first talk is found, so the second one would be.
 * Where no talk is ever found, in logs and metrics, a text is that was put there on purpose.
 */
class SealedCanaryTest {

    /** Latin-1 also stands for bytes as they are. */
    private static final List<Charset> ENCODINGS = List.of(
            StandardCharsets.UTF_8, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE, StandardCharsets.ISO_8859_1);

    private static final Pattern KEY = Pattern.compile("#k=([^&]+)&p$");
    private static final long ENDS_WITHIN_S = 10;
    private static final int SIGTERM = 143;
    private static final String CLIENT = """
            const args = [...arguments], done = args.pop();
            (async () => {
              const { EphemeralChat } = await import("/ephemeral-chat/ephemeral-chat.js");
              const chat = new EphemeralChat("/api");
              const follow = (room) => {
                globalThis.room = room;
                globalThis.heard = [];
                room.addEventListener("message", ({ detail: { sender, text } }) => heard.push(sender.name + ": " + text));
                room.start();
              };
            """;
    private static final String END =
            "})().then((value) => done(value ?? null), (error) => done('failed: ' + (error.code ?? error)));";

    private static Browser ada;
    private static Browser ben;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream traffic = new ByteArrayOutputStream();

    /** What is looked for, by what it is. */
    private record Talk(Map<String, String> canaries) {

        static Talk create() {
            Map<String, String> canaries = new LinkedHashMap<>();
            for (String what : List.of("Ada", "Ben", "title", "question", "answer", "passcode")) {
                canaries.put(what, what + "-" + UUID.randomUUID().toString().substring(0, 18));
            }
            return new Talk(canaries);
        }

        String the(String what) {
            return canaries.get(what);
        }

        List<String> all() {
            return List.copyOf(canaries.values());
        }

        /** All but the passcode, which never leaves the browser. */
        List<String> said() {
            return all().subList(0, 5);
        }
    }

    @BeforeAll
    static void startBrowsers() {
        ada = Browser.start();
        ben = Browser.start();
    }

    @AfterAll
    static void stopBrowsers() {
        ada.close();
        ben.close();
    }

    @AfterEach
    void nothingWentWrongInThePages() {
        assertThat(ada.troubles()).isEmpty();
        assertThat(ben.troubles()).isEmpty();
    }

    @Test
    void serverInMemory_holdsNoWordOfAnEncryptedRoom() throws Exception {
        look(List.of(), null);
    }

    @Test
    void serverOverRedis_holdsNoWordOfAnEncryptedRoom() throws Exception {
        try (RedisProcess redis = RedisProcess.start("--rdbcompression", "no")) {
            look(List.of("--redis", redis.address()), redis);
        }
    }

    private void look(List<String> flags, RedisProcess redis) throws Exception {
        Path log = folder.resolve("log");
        Path metrics = folder.resolve("metrics");
        String onPurpose = "on-purpose-" + UUID.randomUUID();
        List<String> args = new ArrayList<>(List.of(log.toString(), metrics.toString(), onPurpose, "--port", "0"));
        args.addAll(flags);
        Talk plain = Talk.create();
        Talk sealed = Talk.create();
        Map<String, byte[]> places = new LinkedHashMap<>();
        Map<String, byte[]> withoutControl = new LinkedHashMap<>();
        List<String> secrets = new ArrayList<>(sealed.all());
        try (ChatProcess server = ChatProcess.start(LoudServer.class, List.of(), args.toArray(String[]::new));
                TcpProxy way = new TcpProxy(server.uri().getPort(), this::recorded, this::recorded)) {
            talk(way.uri(), plain, false);
            String link = talk(way.uri(), sealed, true);
            secrets.addAll(keys(link, sealed.the("passcode")));
            server.dumpHeap(folder.resolve("heap"));
            // Over Redis a server keeps texts no longer than it needs to send them.
            (redis == null ? places : withoutControl).put("heap", Files.readAllBytes(folder.resolve("heap")));
            places.put("traffic", traffic());
            if (redis != null) {
                places.put("Redis", contentOf(redis));
            }
            server.terminate();
            assertThat(server.exitCodeWithin(ENDS_WITHIN_S)).isEqualTo(SIGTERM);
        }
        byte[] meters = Files.readAllBytes(metrics);
        assertThat(found(List.of(onPurpose, "ephemeral.chat.messages.posted, messages, [4.0"), meters))
                .as("what was measured on purpose, and both talks")
                .hasSize(2);
        withoutControl.put("metrics", meters);
        byte[] lines = Files.readAllBytes(log);
        assertThat(found(List.of(onPurpose), lines))
                .as("what was logged on purpose")
                .hasSize(1);
        if (redis == null) {
            withoutControl.put("log", lines);
            assertThat(found(plain.said(), lines))
                    .as("of the plain room, in the log")
                    .isEmpty();
        } else {
            // Lettuce prints its traffic at TRACE.
            places.put("log", lines);
        }
        assertThat(found(plain.said(), meters))
                .as("of the plain room, in the metrics")
                .isEmpty();
        withoutControl.forEach((place, content) ->
                assertThat(found(secrets, content)).as("in the " + place).isEmpty());
        places.forEach((place, content) -> holdsThePlainRoomAlone(place, content, plain, secrets));
    }

    /** The link's key and the secret that is made of it, as text and as bytes. */
    private static List<String> keys(String link, String passcode) {
        Matcher key = KEY.matcher(link);
        assertThat(key.find()).isTrue();
        byte[] linkKey = SealedStrings.bytes(key.group(1));
        return Stream.of(linkKey, SealedStrings.secret(linkKey, passcode))
                .flatMap(each -> Stream.of(SealedStrings.text(each), new String(each, StandardCharsets.ISO_8859_1)))
                .toList();
    }

    private static void holdsThePlainRoomAlone(String place, byte[] content, Talk plain, List<String> secrets) {
        assertThat(found(plain.said(), content))
                .as("of the plain room, in the " + place)
                .containsAll(plain.said());
        assertThat(found(secrets, content))
                .as("of the encrypted room, in the " + place)
                .isEmpty();
        assertThat(found(List.of("ec1."), content))
                .as("of the encrypted room, in the " + place)
                .isNotEmpty();
    }

    /** Returns the link. */
    private static String talk(URI server, Talk talk, boolean encrypted) {
        String link = run(
                ada,
                server + "/",
                """
                follow(await chat.create({
                  ...(args[0] && { encrypted: true }), signals: ["typing"], name: args[1], passcode: args[2], properties: { title: args[3] } }));
                await room.post(args[4]);
                return room.link(location.origin + "/room/" + room.code);""",
                encrypted,
                talk.the("Ada"),
                talk.the("passcode"),
                talk.the("title"),
                talk.the("question"));
        // By the link itself: the browser has its key in the address when it asks for the page.
        run(ben, link, """
                const code = new URL(args[0]).pathname.split("/").at(-1);
                const key = args[0].includes("#") ? args[0] : undefined;
                follow(await chat.join(code, { key, passcode: args[1], name: args[2] }));
                await room.post(args[3]);""", link, talk.the("passcode"), talk.the("Ben"), talk.the("answer"));
        List<String> heard =
                List.of(talk.the("Ada") + ": " + talk.the("question"), talk.the("Ben") + ": " + talk.the("answer"));
        for (Browser each : List.of(ada, ben)) {
            Tab.eventually(() -> assertThat(each.driver().executeScript("return [heard, room.properties.title];"))
                    .isEqualTo(List.of(heard, talk.the("title"))));
        }
        Tab.eventually(() -> {
            ada.driver().executeScript("room.keystroke();");
            assertThat(ben.driver().executeScript("return room.typing.map(({ name }) => name);"))
                    .isEqualTo(List.of(talk.the("Ada")));
        });
        return link;
    }

    private static String run(Browser browser, String address, String body, Object... args) {
        browser.open(address);
        browser.driver().manage().timeouts().scriptTimeout(Duration.ofSeconds(30));
        String result = String.valueOf(browser.driver().executeAsyncScript(CLIENT + body + END, args));
        assertThat(result).doesNotStartWith("failed");
        return result;
    }

    private InputStream recorded(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = super.read(bytes, offset, length);
                synchronized (traffic) {
                    traffic.write(bytes, offset, Math.max(0, count));
                }
                return count;
            }
        };
    }

    private byte[] traffic() {
        synchronized (traffic) {
            return traffic.toByteArray();
        }
    }

    /** All keys with their values, and the file that Redis writes. */
    private static byte[] contentOf(RedisProcess redis) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        RedisClient client = RedisClient.create(redis.address());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            for (String key : new TreeSet<>(connection.sync().keys("*"))) {
                content.writeBytes(key.getBytes(StandardCharsets.UTF_8));
                byte[] value = connection.sync().dump(key);
                content.writeBytes(value == null ? new byte[0] : value);
            }
            connection.sync().save();
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
        try (Stream<Path> files = Files.walk(redis.folder())) {
            List<Path> saved =
                    files.filter(file -> file.toString().endsWith(".rdb")).toList();
            assertThat(saved).hasSize(1);
            content.writeBytes(Files.readAllBytes(saved.get(0)));
        }
        return content.toByteArray();
    }

    private static List<String> found(List<String> texts, byte[] content) {
        String all = new String(content, StandardCharsets.ISO_8859_1);
        return texts.stream()
                .filter(text -> ENCODINGS.stream()
                        .map(encoding -> new String(text.getBytes(encoding), StandardCharsets.ISO_8859_1))
                        .anyMatch(all::contains))
                .toList();
    }
}
