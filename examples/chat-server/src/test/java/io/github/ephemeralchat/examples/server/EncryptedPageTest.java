package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ephemeralchat.testsupport.ChatClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.OutputType;

/** The page makes encrypted rooms unless somebody wants a plain one, and says of each room what it is. */
class EncryptedPageTest extends TwoPeople {

    private static final String HISTORY = "return navigation.entries().map(({ url }) => url).join(' ')";
    private static final String KEPT_KEYS =
            "return Object.keys(sessionStorage).filter((each) => each.startsWith('ephemeral-chat:key ') && each.endsWith(arguments[0]))";
    private static final String KEPT = "return JSON.stringify([{ ...sessionStorage }, { ...localStorage }])";
    private static final String VOID = "older links are void";

    private static ChatClient api() {
        return ChatClient.of(URI.create(server.uri() + "/api"));
    }

    private static String withAnotherKey(String link) {
        return link.replaceFirst("#k=.", link.contains("#k=A") ? "#k=B" : "#k=A");
    }

    private static void holdsNoKey(Browser who) {
        assertThat(who.address()).doesNotContain("#");
        assertThat(who.driver().executeScript(HISTORY))
                .asString()
                .contains("/room/")
                .doesNotContain("k=");
    }

    /** What a camera would read on the screen. */
    private static String qrOn(Browser who) {
        return QrReader.read(who.all("qr").get(0).getScreenshotAs(OutputType.BYTES));
    }

    /** Where a picture is wanted, to be judged by eye. */
    private static void picture(Browser who, String name) throws IOException {
        String folder = System.getProperty("test.pictures");
        if (folder == null) {
            return;
        }
        Files.createDirectories(Path.of(folder));
        for (String scheme : List.of("light", "dark")) {
            who.look(1100, 780, false, scheme);
            who.settles();
            who.picture(Path.of(folder, name + "-" + scheme + ".png"));
            who.look(375, 740, true, scheme);
            who.settles();
            who.picture(Path.of(folder, name + "-phone-" + scheme + ".png"));
        }
        who.look(1200, 800, false, "light");
    }

    @Test
    void roomIsEncrypted_itsLinkLetsIn_andTheServerHasNoWordOfIt() throws IOException {
        ada.open(server.uri() + "/");
        ada.see("seal", "End-to-end encrypted");
        picture(ada, "lobby");
        createRoom(ada, server.uri(), 5, 3);
        ada.see("seal", "End-to-end encrypted");
        ada.see("room-facts", "the server can\u2019t read it");
        picture(ada, "empty");
        ada.type("title-input", "Tickets for Friday");
        ada.click("save-title");
        String link = benJoinsThroughTheLink();
        holdsNoKey(ben);
        ben.see("room-title", "Tickets for Friday");
        List<String> said = List.of("a word for Ben", "a word for Ada");
        ada.say(said.get(0));
        ada.seeMessages(said.subList(0, 1));
        ben.say(said.get(1));
        ada.seeMessages(said);
        ben.reload();
        ben.seeMessages(said);
        ben.seeMembers("Ada", "Ben");
        picture(ben, "room");

        String room = ada.text("room-code");
        SealedMember cleo = SealedMember.joins(api(), room, link, SealedMember.newTag(), "Cleo");
        for (String path : List.of("", "/messages?limit=500")) {
            assertThat(api().send("GET", "/rooms/" + room + path, cleo.token(), null)
                            .body())
                    .contains("\"ec1.")
                    .doesNotContain("Tickets", "word", "\"Ada\"", "\"Ben\"");
        }

        String key = link.substring(link.indexOf("#k=") + 3);
        assertThat((List<?>) ben.driver().executeScript(KEPT_KEYS, room)).hasSize(1);
        assertThat(ben.driver().executeScript(KEPT)).asString().contains(key);
        ada.click("destroy-room");
        ada.click("confirm");
        for (Browser each : List.of(ada, ben)) {
            each.seeEnd("destroyed", TIMEOUT);
            assertThat((List<?>) each.driver().executeScript(KEPT_KEYS, room)).isEmpty();
            assertThat(each.driver().executeScript(KEPT)).asString().doesNotContain(key);
            holdsNoKey(each);
        }
    }

    @Test
    void codeAlone_asksForTheLink_andWrongKeysAndPasscodesAreRefused() throws IOException {
        createRoom(ada, server.uri(), 5, 2, "heron at dawn");
        ada.see("room-facts", "link and the passcode");
        ada.see("seal", "link and the passcode");
        String code = ada.text("room-code");
        String link = linkFrom(ada);
        assertThat(link).endsWith("&p");
        ben.open(server.uri() + "/");
        ben.type("name-input", "Ben");
        ben.type("join-code-input", code);
        ben.click("join-room");
        ben.see("key-input");
        picture(ben, "code-alone");
        ben.click("invite-join");
        ben.see("key-problem", "paste the link");
        ben.type("key-input", "no key at all");
        ben.click("invite-join");
        ben.see("key-problem", "neither a link with a key nor a key");
        ben.type("key-input", withAnotherKey(link).replaceFirst(".*#k=", "").replace("&p", ""));
        ben.click("invite-join");
        ben.see("key-problem", "Is there a passcode too?");
        ben.type("key-input", withAnotherKey(link).replace("&p", ""));
        ben.type("passcode-input", "heron at dawn");
        ben.click("invite-join");
        ben.see("key-problem", "doesn\u2019t open this room");
        picture(ben, "wrong-key");

        // The link says that a passcode is needed: it is asked for before anything is sent.
        ben.open(server.uri() + "/");
        ben.type("join-code-input", "Come to " + link + ".");
        ben.click("join-room");
        ben.see("passcode-input");
        ben.doNotSee("key-input");
        ben.type("passcode-input", "magpie at noon");
        ben.click("invite-join");
        ben.see("passcode-problem", "The passcode is wrong");
        ben.type("passcode-input", "heron at dawn");
        ben.click("invite-join");
        ben.seeState("live");
        holdsNoKey(ben);
        ada.seeMembers("Ada", "Ben");

        // A tab that has lost the key has the seat all the same.
        ben.open("about:blank");
        ben.open(ada.address());
        ben.seeState("live");
        ben.driver().executeScript("sessionStorage.clear()");
        ben.reload();
        ben.see("key-input");
        assertThat(ben.texts("invite-view").get(0)).contains("You have a seat in room");
        // The link in the address of the page that is open already.
        ben.driver().executeScript("location.hash = arguments[0]", link.substring(link.indexOf('#')));
        ben.see("passcode-input");
        holdsNoKey(ben);
        ben.type("passcode-input", "heron at dawn");
        ben.click("invite-join");
        ben.seeState("live");
        ada.seeMembers("Ada", "Ben");
    }

    @Test
    void plainRoom_isAChoice_andSaysThatTheServerCanReadIt() throws IOException {
        ada.open(server.uri() + "/");
        ada.click("plain-room");
        ada.see("seal", "Not encrypted: the server can read this room");
        picture(ada, "lobby-plain");
        createPlainRoom(ada, server.uri(), 5, 2, "");
        ada.see("seal", "Not encrypted: the server can read this room");
        ada.see("seal-badge", "Not encrypted");
        ada.say("for all to read");
        ada.seeMessages(List.of("for all to read"));
        picture(ada, "plain");
        assertThat(linkFrom(ada)).isEqualTo(ada.address());
        ChatClient.Seat ben = api().join(ada.text("room-code"));
        assertThat(api().send("GET", "/rooms/" + ben.room() + "/messages", ben.token(), null)
                        .body())
                .contains("for all to read");
        // A room like this one is plain again.
        ada.click("destroy-room");
        ada.click("confirm");
        ada.click("like-this");
        ada.see("seal-badge", "Not encrypted");
    }

    @Test
    void whoIsRemoved_hasAVoidLink_andEverybodyElseTheNewOne() throws IOException {
        createRoom(ada, server.uri(), 5, 4);
        String old = benJoinsThroughTheLink();
        String room = ada.text("room-code");
        byte[] tag = SealedMember.newTag();
        SealedMember cleo = SealedMember.joins(api(), room, old, tag, "Cleo");
        SealedMember.joins(api(), room, old, tag, "Dan");
        ada.seeMembers("Ada", "Ben", "Cleo", "Dan");
        assertThat(ada.texts("member"))
                .filteredOn(member -> member.contains("Maybe somebody else"))
                .singleElement()
                .asString()
                .contains("Dan");
        cleo.posts("m1", "ec1.AAAA");
        cleo.says(SealedMember.newTag(), "m2", "not by Cleo");
        ada.see("unreadable", "could not be decrypted");
        ada.see("message", "Maybe somebody else");
        ada.seeMessages(List.of("not by Cleo"));
        picture(ada, "warnings");

        // Ben looks at the code while the link is renewed, on a dark phone.
        ben.look(375, 740, true, "dark");
        ben.click("show-qr");
        String seenAt = network.uri() + old.substring(server.uri().toString().length());
        await().untilAsserted(() -> assertThat(qrOn(ben)).isEqualTo(seenAt));
        assertThat(ben.attribute("qr", "aria-label")).isEqualTo("QR code of the link to room " + room);
        picture(ben, "qr");
        ben.look(375, 740, true, "dark");
        ada.inPage("all('[data-role=member-choices]')[1].open = true; all('[data-role=free-seat]')[1].click()");
        ada.see("renew-link");
        picture(ada, "remove");
        ada.click("confirm");
        ada.seeMembers("Ada", "Ben", "Dan");
        assertThat(cleo.isStillThere()).isFalse();
        ada.see("notice", "You renewed the link");
        ben.see("notice", "Ada renewed the link");
        String renewed = linkFrom(ada);
        assertThat(renewed).startsWith(old + "&j=");
        await().untilAsserted(
                        () -> assertThat(qrOn(ben)).isEqualTo(renewed.replace(server.uri() + "", network.uri() + "")));
        ben.click("close-qr");
        assertThat(ada.texts("notice")).noneMatch(notice -> notice.contains("opened the room"));

        ben.click("panel-toggle");
        ben.click("leave-room");
        ben.click("confirm");
        ben.seeEnd("left", TIMEOUT);
        join(ben, "Ben", seenAt);
        ben.see("key-problem", VOID);
        ben.type("key-input", renewed);
        ben.click("invite-join");
        ben.seeState("live");
        ada.seeMembers("Ada", "Ben", "Dan");
        ben.driver().executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }

    /** Where the browser encrypts nothing, nothing is promised. */
    @Test
    void pageWithoutHttps_makesPlainRoomsOnly_andSaysWhatToDoWithALink() throws IOException {
        createRoom(ada, server.uri(), 5, 2);
        String link = linkFrom(ada);
        Object script = ben.driver()
                .executeCdpCommand(
                        "Page.addScriptToEvaluateOnNewDocument", Map.of("source", "delete Crypto.prototype.subtle;"))
                .get("identifier");
        try {
            ben.open(link);
            ben.seeEnd("insecure", TIMEOUT);
            assertThat(ben.text("ended-view")).contains("This room is encrypted", "https://");
            holdsNoKey(ben);
            picture(ben, "insecure-link");
            ben.click("back-to-lobby");
            ben.type("join-code-input", ada.text("room-code"));
            ben.click("join-room");
            ben.seeEnd("insecure", TIMEOUT);
            ben.click("back-to-lobby");
            ben.see("seal", "Not encrypted");
            ben.see("seal-hint", "https");
            ben.doNotSee("plain-room");
            ben.see("passcode-hint", "https");
            assertThat(ben.attribute("passcode-input", "disabled")).isEmpty();
            picture(ben, "insecure-lobby");
            ben.click("create-room");
            ben.seeState("live");
            ben.see("seal-badge", "Not encrypted");
        } finally {
            ben.driver().executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", script));
        }
    }
}
