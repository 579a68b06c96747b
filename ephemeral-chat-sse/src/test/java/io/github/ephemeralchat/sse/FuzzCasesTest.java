package io.github.ephemeralchat.sse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fuzzing has found, and what a fuzzer begins with. CONTRIBUTING.md says how to fuzz. */
class FuzzCasesTest {

    private static final List<Consumer<byte[]>> TARGETS =
            List.of(JsonFuzz::fuzzerTestOneInput, CookieFuzz::fuzzerTestOneInput, EventIdFuzz::fuzzerTestOneInput);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"text\":\"a\",\"id\":\"1\"}",
                "{\"text\":\"\\ud83d\\ude00\\u2028\"}",
                "{\"text\":1e999,\"text\":null}",
                "[[[[{",
                "ephemeral-chat=TOKEN",
                "a=b; ephemeral-chat=\"TOKEN\"; ephemeral-chat=x",
                "Bearer TOKEN",
                "bearer\tTOKEN,TOKEN",
                "TOKEN",
                "1-1",
                "007-1",
                "999999999999999999-9007199254740991",
                "1-9007199254740992",
                "lastEventId=1-1&from=now",
                "lastEventId=%zz&from=%",
                "\u0000\u00ff\ud83d"
            })
    void target_holdsForEveryCase(String input) {
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        TARGETS.forEach(target -> target.accept(bytes));
    }
}
