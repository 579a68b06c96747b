package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.examples.server.SealedStrings.Place;
import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.ChatClient;
import java.net.URI;
import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody in an encrypted room who has the link and no browser, and so may send what no browser does. */
record SealedMember(
        ChatClient http,
        String room,
        String id,
        String token,
        @SuppressWarnings("ArrayRecordComponent") byte[] secret) {

    private static final Pattern LINK = Pattern.compile("#k=([^&]+)(&p)?(?:&j=([^&]+))?$");

    static byte[] newTag() {
        byte[] tag = new byte[16];
        new SecureRandom().nextBytes(tag);
        return tag;
    }

    static SealedMember joins(URI host, String room, String link, byte[] tag, String name) {
        return joins(host, room, link, profile(secretIn(link), tag, name));
    }

    static SealedMember joins(URI host, String room, String link, String profile) {
        return joins(ChatClient.of(host.resolve("/chat")), room, link, profile);
    }

    static SealedMember joins(ChatClient http, String room, String link, byte[] tag, String name) {
        return joins(http, room, link, profile(secretIn(link), tag, name));
    }

    private static SealedMember joins(ChatClient http, String room, String link, String profile) {
        byte[] secret = secretIn(link);
        Matcher parts = LINK.matcher(link);
        assertThat(parts.find()).isTrue();
        byte[] invitation = parts.group(3) == null ? new byte[0] : SealedStrings.bytes(parts.group(3));
        Answer joined = http.send(
                "POST",
                "/rooms/" + room + "/participants",
                null,
                "{\"proof\":\"" + SealedStrings.proof(secret, invitation) + "\",\"profile\":\"" + profile + "\"}");
        assertThat(joined.status()).isEqualTo(201);
        String id = joined.json().get("participant").get("id").asText();
        return new SealedMember(http, room, id, joined.text("token"), secret);
    }

    private static byte[] secretIn(String link) {
        Matcher parts = LINK.matcher(link);
        assertThat(parts.find()).isTrue();
        return SealedStrings.secret(SealedStrings.bytes(parts.group(1)), null);
    }

    static String profile(byte[] secret, byte[] tag, String name) {
        return SealedStrings.seal(
                SealedStrings.key(secret, ""),
                new Place("profile", "", "", ""),
                SealedStrings.tagged(tag, name),
                SealedStrings.bytes(SealedStrings.text(newTag()).substring(0, 16)));
    }

    String seals(byte[] tag, String messageId, String text) {
        return seals(new Place("message", room, id, messageId), tag, text);
    }

    String seals(Place place, byte[] tag, String text) {
        byte[] nonce = SealedStrings.bytes(SealedStrings.text(newTag()).substring(0, 16));
        return SealedStrings.seal(
                SealedStrings.key(secret, place.room()), place, SealedStrings.tagged(tag, text), nonce);
    }

    void says(byte[] tag, String messageId, String text) {
        posts(messageId, seals(tag, messageId, text));
    }

    void posts(String messageId, String sealed) {
        Answer posted = http.send(
                "POST",
                "/rooms/" + room + "/messages",
                token,
                "{\"id\":\"" + messageId + "\",\"text\":\"" + sealed + "\"}");
        assertThat(posted.status()).isEqualTo(201);
    }

    boolean isStillThere() {
        return http.send("GET", "/rooms/" + room, token, null).status() == 200;
    }
}
