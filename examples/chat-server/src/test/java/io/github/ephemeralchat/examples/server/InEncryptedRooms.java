package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.RoomId;
import java.util.List;
import java.util.Map;

/** Tabs in encrypted rooms: the first one creates the room as Ada. */
abstract class InEncryptedRooms extends InTabs {

    static final String PASSCODE = "heron at dawn";
    static final String CREATE =
            "return tab.follow(await tab.chat.create({ encrypted: true, name: 'Ada', ...args[0] }));";
    static final String NAMES = "return tab.room.participants.map(({ name }) => name);";
    static final String OPAQUE = "ec1\\.[A-Za-z0-9_-]+";

    Tab owner() {
        return owner(Map.of());
    }

    Tab owner(Map<String, ?> options) {
        Tab tab = tab(host.uri());
        assertThat(String.valueOf(tab.run(CREATE, options))).hasSize(8);
        return tab;
    }

    static String linkOf(Tab tab) {
        return String.valueOf(tab.run("return tab.room.link('/room/' + tab.room.code);"));
    }

    static String codeOf(Tab tab) {
        return String.valueOf(tab.run("return tab.room.code;"));
    }

    Tab guest(Tab owner, String name) {
        Tab tab = tab(host.uri());
        assertThat(joins(tab, codeOf(owner), linkOf(owner), name)).isEqualTo(codeOf(owner));
        return tab;
    }

    static Object joins(Tab tab, String code, String link, String name) {
        return tab.run(
                "return tab.follow(await tab.chat.join(args[0], { key: args[1], name: args[2], passcode: args[3] ?? undefined }));",
                code,
                link,
                name,
                link.contains("&p") ? PASSCODE : null);
    }

    static void names(Tab tab, String... names) {
        Tab.eventually(() -> assertThat(tab.run(NAMES)).isEqualTo(List.of(names)));
    }

    static Object heard(String name, String text, boolean mixedUp) {
        return Map.of("name", name, "text", text, "mixedUp", mixedUp);
    }

    static void hears(Tab tab, Object... heard) {
        Tab.eventually(() -> assertThat(tab.run("return tab.heard;")).isEqualTo(List.of(heard)));
    }

    List<String> stored(Tab tab) {
        return host.service().history(new RoomId(codeOf(tab)), 0, 500).messages().stream()
                .map(Message::text)
                .toList();
    }
}
