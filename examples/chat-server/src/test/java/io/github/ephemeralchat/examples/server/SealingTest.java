package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.examples.server.SealedStrings.Place;
import io.github.ephemeralchat.examples.server.SealedStrings.RefusedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * docs/encryption-vectors.json, checked by {@link SealedStrings} and by the browser client's module, and whatever is not
 * exactly what was sealed, refused by both.
 */
class SealingTest extends InTabs {

    private static final Place PLACE = new Place("message", "k3J9xQ2b", "p_7Gh2", "m1");
    private static final byte[] LINK_KEY = SealedStrings.bytes("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    private static final byte[] TAG = SealedStrings.bytes("oKGio6SlpqeoqaqrrK2urw");
    private static final byte[] NONCE = SealedStrings.bytes("8PHy8_T19vf4-fr7");

    /** Stretching a passcode takes its time. */
    private static final Map<String, byte[]> SECRETS = new HashMap<>();

    private final SealingVectors vectors = SealingVectors.read();
    private Tab tab;

    @BeforeEach
    void openPage() {
        tab = tab(host.uri());
    }

    private @Nullable Object module(String body, Object... args) {
        return tab.run(SealingVectors.MODULE + body, args);
    }

    private static Place place(JsonNode vector) {
        return new Place(
                vector.get("purpose").asText(),
                vector.get("room").asText(),
                vector.get("sender").asText(),
                vector.get("id").asText());
    }

    private byte[] key(JsonNode vector) {
        return SealedStrings.key(secret(vector), vector.get("room").asText());
    }

    private byte[] secret(JsonNode vector) {
        String passcode = passcode(vector);
        return SECRETS.computeIfAbsent(
                String.valueOf(passcode), key -> SealedStrings.secret(bytes(vector, "linkKey"), passcode));
    }

    private static @Nullable String passcode(JsonNode vector) {
        return vector.has("passcode") ? vector.get("passcode").asText() : null;
    }

    private static byte[] bytes(JsonNode vector, String member) {
        return SealedStrings.bytes(vector.get(member).asText());
    }

    private static byte[] plaintext(JsonNode vector) {
        String text = vector.get("text").asText();
        return vector.has("tag") ? SealedStrings.tagged(bytes(vector, "tag"), text) : SealedStrings.utf8(text);
    }

    private static String sealed(String text) {
        byte[] key = SealedStrings.key(LINK_KEY, PLACE.room());
        return SealedStrings.seal(key, PLACE, SealedStrings.tagged(TAG, text), NONCE);
    }

    /** What the module opens of those strings, as a list of what is opened, or null. */
    private @Nullable Object opened(List<String> strings) {
        return module("""
                const key = await s.keyOf(bytesOf(args[0]), "k3J9xQ2b");
                const place = { purpose: "message", room: "k3J9xQ2b", sender: "p_7Gh2", id: "m1" };
                const plain = await Promise.all(args[1].map((each) => s.open(key, place, each)));
                return plain.flatMap((bytes, i) => (bytes ? [args[1][i]] : []));""", SealedStrings.text(LINK_KEY), strings);
    }

    @Test
    void vectors_coverEveryPurpose_withAndWithoutPasscode() {
        assertThat(vectors.all("sealed").stream()
                        .map(each -> each.get("purpose").asText() + (passcode(each) == null ? "" : " with a passcode"))
                        .collect(Collectors.toSet()))
                .hasSize(2 * 5);
        assertThat(vectors.all("sealed")).hasSizeGreaterThan(20);
        assertThat(vectors.all("secrets")).hasSizeGreaterThan(3);
    }

    @Test
    void javaMakesTheVectors() {
        for (JsonNode vector : vectors.all("secrets")) {
            byte[] secret = secret(vector);
            assertThat(SealedStrings.text(secret))
                    .isEqualTo(vector.get("secret").asText());
            assertThat(SealedStrings.proof(secret, new byte[0]))
                    .isEqualTo(vector.get("proof").asText());
            assertThat(SealedStrings.proof(secret, bytes(vector, "invitation")))
                    .isEqualTo(vector.get("proofOfInvitation").asText());
            assertThat(SealedStrings.key(secret, "k3J9xQ2b")).isEqualTo(bytes(vector, "roomKey"));
            assertThat(SealedStrings.key(secret, "")).isEqualTo(bytes(vector, "keyWithoutRoom"));
        }
        for (JsonNode vector : vectors.all("sealed")) {
            String sealed = vector.get("sealed").asText();
            assertThat(SealedStrings.seal(key(vector), place(vector), plaintext(vector), bytes(vector, "nonce")))
                    .as(vector.get("what").asText())
                    .isEqualTo(sealed);
            assertThat(SealedStrings.open(key(vector), place(vector), sealed)).isEqualTo(plaintext(vector));
        }
    }

    @Test
    void moduleMakesTheVectors() {
        assertThat(vectors.wrongSecrets(tab::run)).isEqualTo(List.of());
        assertThat(vectors.wrongSeals(tab::run)).isEqualTo(List.of());
    }

    @Test
    void refusedVectors_openNowhere() {
        List<JsonNode> refused = vectors.all("refused");
        assertThat(refused).hasSizeGreaterThan(15);
        for (JsonNode vector : refused) {
            assertThatThrownBy(() -> SealedStrings.open(
                            key(vector), place(vector), vector.get("sealed").asText()))
                    .as(vector.get("what").asText())
                    .isInstanceOf(RefusedException.class);
        }
        assertThat(vectors.openedOfRefused(tab::run)).isEqualTo(List.of());
    }

    @Test
    void stringWithAFlippedBitAnywhere_doesNotOpen() {
        String good = sealed("hello");
        byte[] bytes = SealedStrings.bytes(good.substring(4));
        List<String> flipped = new ArrayList<>();
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] other = bytes.clone();
            other[bit / 8] ^= (byte) (1 << (bit % 8));
            flipped.add("ec1." + SealedStrings.text(other));
        }
        for (int at = 0; at < good.length(); at++) {
            flipped.add(good.substring(0, at) + (char) (good.charAt(at) ^ 1) + good.substring(at + 1));
        }
        assertThat(opened(List.of(good))).isEqualTo(List.of(good));
        assertThat(opened(flipped)).isEqualTo(List.of());
        byte[] key = SealedStrings.key(LINK_KEY, PLACE.room());
        assertThat(flipped)
                .allSatisfy(each -> assertThatThrownBy(() -> SealedStrings.open(key, PLACE, each))
                        .isInstanceOf(RefusedException.class));
    }

    @Test
    void stringThatIsTooShortOrTooLong_doesNotOpen() {
        String good = sealed("hello");
        List<String> cut = new ArrayList<>(List.of(good + "A", good + "AAAA", good + good));
        for (int length = 0; length < good.length(); length++) {
            cut.add(good.substring(0, length));
        }
        assertThat(opened(cut)).isEqualTo(List.of());
    }

    @Test
    void stringOfAnotherPlaceOrKey_doesNotOpen() {
        assertThat(module("""
                const key = await s.keyOf(bytesOf(args[0]), "k3J9xQ2b");
                const place = { purpose: "message", room: "k3J9xQ2b", sender: "p_7Gh2", id: "m1" };
                const others = {
                  "another room": [key, { ...place, room: "k3J9xQ2c" }],
                  "another sender": [key, { ...place, sender: "p_7Gh3" }],
                  "another message": [key, { ...place, id: "m2" }],
                  "no message": [key, { ...place, id: "" }],
                  "an entry": [key, { ...place, purpose: "entry" }],
                  "a cue": [key, { ...place, purpose: "cue" }],
                  "a profile": [key, { ...place, purpose: "profile" }],
                  "a property": [key, { ...place, purpose: "property" }],
                  "parts that meet elsewhere": [key, { ...place, sender: "p_7Gh", id: "2m1" }],
                  "the key of another room": [await s.keyOf(bytesOf(args[0]), "k3J9xQ2c"), place],
                  "the key of no room": [await s.keyOf(bytesOf(args[0])), place],
                  "the key of another link": [await s.keyOf(bytesOf(args[0].replace("A", "B")), "k3J9xQ2b"), place],
                  "the key with a passcode": [await s.keyOf(await s.secretOf(bytesOf(args[0]), "x"), "k3J9xQ2b"), place],
                  "nothing else": [key, place],
                };
                const found = [];
                for (const [what, [with_, where]] of Object.entries(others)) {
                  if ((await s.open(with_, where, args[1])) !== null) found.push(what);
                }
                return found;""", SealedStrings.text(LINK_KEY), sealed("hello"))).isEqualTo(List.of("nothing else"));
    }

    @Test
    void sealsWithTheModule_openInJava_andNeverLookAlike() {
        Object sealed = module("""
                const key = await s.keyOf(bytesOf(args[0]), "k3J9xQ2b");
                const place = { purpose: "message", room: "k3J9xQ2b", sender: "p_7Gh2", id: "m1" };
                return Promise.all(args[2].map((text) => s.seal(key, place, s.tagged(bytesOf(args[1]), text))));""", SealedStrings.text(LINK_KEY), SealedStrings.text(TAG), List.of("one", "one"));
        byte[] key = SealedStrings.key(LINK_KEY, PLACE.room());
        List<?> both = (List<?>) sealed;
        assertThat(both)
                .doesNotHaveDuplicates()
                .allSatisfy(each -> assertThat(SealedStrings.open(key, PLACE, String.valueOf(each)))
                        .isEqualTo(SealedStrings.tagged(TAG, "one")));
    }

    /** AES-GCM does not commit to its key: without the commitment each of the two would open it to something else. */
    @Test
    void ciphertextThatTwoKeysOpen_isOneKeysAlone() {
        TwoKeys both = TwoKeys.of(PLACE, NONCE);
        byte[] all = SealedStrings.bytes(both.sealed().substring(4));
        byte[] ciphertext = Arrays.copyOfRange(all, SealedStrings.HEAD, all.length);
        for (byte[] secret : List.of(both.first(), both.second())) {
            byte[] own = TwoKeys.messageKey(secret, PLACE, NONCE);
            byte[] padded = SealedStrings.gcm(Cipher.DECRYPT_MODE, own, NONCE, PLACE.bytes(), ciphertext);
            assertThat(SealedStrings.unpadded(padded)).hasSize(60);
        }
        assertThat(module(
                        """
                const place = { purpose: "message", room: "k3J9xQ2b", sender: "p_7Gh2", id: "m1" };
                const keys = await Promise.all(args[0].map((secret) => s.keyOf(bytesOf(secret), "k3J9xQ2b")));
                return Promise.all(keys.map(async (key) => (await s.open(key, place, args[1])) !== null));""",
                        List.of(SealedStrings.text(both.first()), SealedStrings.text(both.second())),
                        both.sealed()))
                .isEqualTo(List.of(true, false));
    }
}
