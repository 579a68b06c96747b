package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In encrypted rooms: seats that are taken anew, what a tab keeps of them, and servers that lie about them. */
class EncryptedSeatsTest extends InEncryptedRooms {

    private static final String OPENS_BY_LINK =
            "return tab.follow(await tab.chat.open(args[0], { key: args[1] }));";
    private static final String LEAVES = "await tab.room.leave();";

    /** One tab was left behind; in another one the seat was left and a new one taken. */
    @Test
    void keyOfAFormerSeat_lendsItsTagToNoOther() {
        for (URI page : List.of(host.uri(), host.uri().resolve("/?login=Ben"))) {
            Tab ada = owner();
            String code = codeOf(ada);
            Tab ben = tab(page);
            joins(ben, code, linkOf(ada), "Ben");
            // As a tab that the browser has discarded: it is told of nothing.
            ben.run(
                    "tab.room.close(); addEventListener('storage', (event) => event.stopImmediatePropagation(), true);");
            Tab other = tab(page);
            assertThat(other.run(OPENS_BY_LINK, code, linkOf(ada))).isEqualTo(code);
            other.run(LEAVES);
            assertThat(joins(other, code, linkOf(ada), "Ben")).isEqualTo(code);
            ben.reload();
            ben.opens(code).posts("x");
            hears(ada, heard("Ben", "x", false));
            assertThat(ben.run("return tab.room.me.mixedUp ?? false;")).isEqualTo(false);
        }
    }
}
