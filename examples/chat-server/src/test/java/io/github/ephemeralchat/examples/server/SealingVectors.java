package io.github.ephemeralchat.examples.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.testsupport.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** docs/encryption-vectors.json, and what the browser client's module makes of them in a page. */
record SealingVectors(JsonNode json) {

    static final String MODULE = """
            const s = await import("/ephemeral-chat/sealing.js");
            const { base64url, bytesOf, utf8 } = await import("/ephemeral-chat/common.js");
            const secrets = new Map();
            const secretOf = async ({ linkKey, passcode }) => {
              if (!secrets.has(passcode)) secrets.set(passcode, await s.secretOf(bytesOf(linkKey), passcode));
              return secrets.get(passcode);
            };
            const opened = async (v) => s.open(await s.keyOf(await secretOf(v), v.room), v, v.sealed);
            """;

    /** A page of the server that serves the module. */
    interface Page {

        /** Runs the body of an async function, which finds {@code args}. */
        @Nullable
        Object run(String body, Object... args);
    }

    static SealingVectors read() {
        try {
            Path file = Path.of(System.getProperty("project.root"), "docs", "encryption-vectors.json");
            return new SealingVectors(Answer.parse(Files.readString(file)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    List<JsonNode> all(String part) {
        return StreamSupport.stream(json.get(part).spliterator(), false).toList();
    }

    @Nullable
    Object wrongSecrets(Page page) {
        return page.run(MODULE + """
                const wrong = [];
                for (const v of args[0]) {
                  const secret = await secretOf(v);
                  const made = [base64url(secret), await s.proofOf(secret), await s.proofOf(secret, bytesOf(v.invitation))];
                  const wanted = [v.secret, v.proof, v.proofOfInvitation];
                  made.forEach((each, i) => each === wanted[i] || wrong.push([each, wanted[i]]));
                }
                return wrong;""", plain("secrets"));
    }

    @Nullable
    Object wrongSeals(Page page) {
        return page.run(MODULE + """
                const wrong = [];
                for (const v of args[0]) {
                  const key = await s.keyOf(await secretOf(v), v.room);
                  const bytes = v.tag === undefined ? utf8(v.text) : s.tagged(bytesOf(v.tag), v.text);
                  if ((await s.seal(key, v, bytes, bytesOf(v.nonce))) !== v.sealed) wrong.push("sealing " + v.what);
                  const again = await opened(v);
                  const { tag, text } = v.tag === undefined ? { text: s.textOf(again) } : s.untagged(again);
                  if (tag !== v.tag || text !== v.text) wrong.push("opening " + v.what);
                }
                return wrong;""", plain("sealed"));
    }

    @Nullable
    Object openedOfRefused(Page page) {
        return page.run(MODULE + """
                const plain = await Promise.all(args[0].map(opened));
                return args[0].filter((v, i) => plain[i] !== null).map(({ what }) => what);""", plain("refused"));
    }

    private List<Map<String, String>> plain(String part) {
        return all(part).stream()
                .map(each -> each.properties().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().asText())))
                .toList();
    }
}
